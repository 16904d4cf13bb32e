// What an older system sent beside what posta would have sent: mail by mail, of one person at a time.

export interface OldMail {
  /** Where the file has it. */
  line: number
  to: string
  subject: string
  /** By posta's name; null = the file does not say. */
  template: string | null
  sentAt: number
}

export interface NewMail {
  id: string
  toMasked: string | null
  template: string
  /** null = its words are gone. */
  subject: string | null
  at: number
}

export type Difference =
  /** posta would not have sent it. */
  | { kind: 'missing'; old: OldMail }
  | { kind: 'other_subject'; old: OldMail; found: NewMail }
  /** Its words are gone: whether its subject is the same is not to be known any more. */
  | { kind: 'unread'; old: OldMail; found: NewMail }
  /** Once more than the older system did. */
  | { kind: 'doubled'; found: NewMail; old: OldMail }
  /** Only posta has it. */
  | { kind: 'extra'; found: NewMail }

export interface Compared {
  same: number
  differences: Difference[]
}

export interface Bounds {
  /** So far apart may the two be, ms. */
  withinMs: number
  /** What only posta has counts where the file could have had it: from its first mail to its last. */
  from: number
  to: number
}

const plain = (subject: string): string => subject.normalize('NFC').replace(/\s+/g, ' ').trim()

/**
 * The mails of one person. Those of the same subject belong together, the nearest first; of the rest, those of the same
 * template, if the file names it.
 *
 *     const { same, differences } = compare(old, found, { withinMs: 3_600_000, from, to })
 */
export function compare(old: OldMail[], found: NewMail[], { withinMs, from, to }: Bounds): Compared {
  const differences: Difference[] = []
  const isNear = (a: OldMail, b: NewMail) => Math.abs(a.sentAt - b.at) <= withinMs
  const isSame = (a: OldMail, b: NewMail) => b.subject !== null && plain(a.subject) === plain(b.subject)
  const alike = paired(old, found, (a, b) => isNear(a, b) && isSame(a, b))
  const close = paired(
    alike.old,
    alike.found,
    (a, b) => isNear(a, b) && (a.template === null || a.template === b.template),
    // What is like one that is paired already is its double, not another mail with a wrong subject.
    (b) => alike.pairs.some(([a]) => isNear(a, b) && isSame(a, b)),
  )
  for (const [a, b] of close.pairs) {
    differences.push({ kind: b.subject === null ? 'unread' : 'other_subject', old: a, found: b })
  }
  for (const one of close.old) differences.push({ kind: 'missing', old: one })
  for (const one of close.found) {
    const [twin] = alike.pairs.find(([a]) => isNear(a, one) && isSame(a, one)) ?? []
    if (twin) differences.push({ kind: 'doubled', found: one, old: twin })
    else if (one.at >= from && one.at <= to) differences.push({ kind: 'extra', found: one })
  }
  return { same: alike.pairs.length, differences }
}

/** Each at most once, the nearest in time first; and who is left. */
function paired(
  old: OldMail[],
  found: NewMail[],
  fits: (a: OldMail, b: NewMail) => boolean,
  isLeftOut: (b: NewMail) => boolean = () => false,
) {
  const candidates = old
    .flatMap((a) => found.filter((b) => !isLeftOut(b) && fits(a, b)).map((b): [OldMail, NewMail] => [a, b]))
    .toSorted(([a, b], [c, d]) => Math.abs(a.sentAt - b.at) - Math.abs(c.sentAt - d.at))
  const pairs: [OldMail, NewMail][] = []
  const taken = new Set<OldMail | NewMail>()
  for (const [a, b] of candidates) {
    if (taken.has(a) || taken.has(b)) continue
    taken.add(a).add(b)
    pairs.push([a, b])
  }
  return { pairs, old: old.filter((one) => !taken.has(one)), found: found.filter((one) => !taken.has(one)) }
}
