// `npm run shadow -- old.csv`: what an older system sent, beside what a posta under SENDING=shadow would have sent. Ends with 1
// when they differ. The columns of the file are to, subject, sent_at, and template if it is known.
import { readFileSync } from 'node:fs'
import { parseArgs, styleText } from 'node:util'
import { parseEmail } from '../lib/names/address.ts'
import { headerText } from '../lib/net/call.ts'
import { SHADOW } from '../lib/rules/shadow.ts'
import { MINUTE } from '../lib/rules/units.ts'
import { templateOf } from '../lib/templates/templates.ts'
import { AskError, ask, KEY_HELP, keyFrom, originOf, problemText, refuseKeys, stop } from './asked.ts'
import { type Compared, compare, type Difference, type NewMail, type OldMail } from './comparison.ts'
import { tableOf } from './csv.ts'

const COLUMNS = ['to', 'subject', 'sent_at'] as const

const USAGE = `npm run shadow -- old.csv [--url https://posta.example.com] [--within MINUTES] [--key-file FILE]

  old.csv    what the older system sent: the columns to, subject, sent_at (with its zone), and template if it is known
  --url      the posta that was asked for the same under SENDING=shadow; default POSTA_URL
  --within   so far apart may the two be; default 60 minutes

${KEY_HELP} posta keeps what it did not send for 14 days.`

function parsed() {
  const options = {
    url: { type: 'string' },
    within: { type: 'string', default: '60' },
    'key-file': { type: 'string' },
  } as const
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch (error) {
    return stop(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
}

/** Everything wrong with the file at once, by line; it quotes nothing. */
export function readOld(text: string): { mails: OldMail[]; troubles: string[] } {
  const troubles: string[] = []
  const mails = tableOf(text, COLUMNS, [...COLUMNS, 'template'].join(', ')).flatMap(({ line, cells }): OldMail[] => {
    const to = parseEmail(cells.to ?? '')
    const sentAt = instantOf(cells.sent_at ?? '')
    const subject = cells.subject?.trim() ?? ''
    const template = cells.template?.trim() || null
    const known = template === null ? null : templateOf(template)
    if (!to) troubles.push(`${line}: to is no address`)
    if (sentAt === null) troubles.push(`${line}: sent_at is no instant with a zone, such as 2026-11-27T20:30:00Z`)
    if (subject === '') troubles.push(`${line}: subject is missing`)
    if (template !== null && !known) troubles.push(`${line}: template is none of posta's`)
    if (!to || sentAt === null || subject === '' || (template !== null && !known)) return []
    return [{ line, to: to.deliver, subject, template: known?.name ?? null, sentAt }]
  })
  return { mails, troubles }
}

/** RFC 3339, also as databases write it: `2026-11-27 20:30:00+00`. */
function instantOf(text: string): number | null {
  const [, date, time, zone] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d(?::?\d\d)?)$/i.exec(text.trim()) ?? []
  if (!date || !time || !zone) return null
  const offset = /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
  const at = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}${offset}`)
  return Number.isNaN(at) ? null : at
}

interface Told {
  messages: {
    id: string
    person: number | null
    to_masked: string | null
    template: string
    channel: string
    subject: string | null
    at: string
  }[]
  cursor: string | null
}

async function shadowed(origin: string, key: string, body: object): Promise<Told> {
  const answer = await ask(origin, key, '/v1/admin/shadow', body)
  if (answer.status !== 200) throw new AskError(`${origin}: ${problemText(answer)}`)
  return answer.body as Told
}

const mailOf = ({ id, to_masked: toMasked, template, subject, at }: Told['messages'][number]): NewMail => ({
  ...{ id, toMasked, template, subject },
  at: Date.parse(at),
})

/** Person by person, and then whoever got nothing from the older system. */
async function compareAll(mails: OldMail[], withinMs: number, origin: string, key: string): Promise<Compared> {
  const times = mails.map((mail) => mail.sentAt)
  const bounds = { withinMs, from: Math.min(...times), to: Math.max(...times) }
  const span = (more: number) => ({
    since: iso(bounds.from - more),
    until: iso(bounds.to + more + 1),
  })
  const people = [...Map.groupBy(mails, (mail) => parseEmail(mail.to)?.normal ?? mail.to).values()]
  const all: Compared = { same: 0, differences: [] }
  const met = new Set<string>()
  for (let at = 0; at < people.length; at += SHADOW.peopleMax) {
    const some = people.slice(at, at + SHADOW.peopleMax)
    const to = some.map(([first]) => first?.to)
    const { messages } = await shadowed(origin, key, { to, ...span(withinMs) })
    for (const [person, old] of some.entries()) {
      const own = messages.filter((one) => one.person === person && one.channel === 'email').map(mailOf)
      for (const one of own) met.add(one.id)
      const { same, differences } = compare(old, own, bounds)
      all.same += same
      all.differences.push(...differences)
    }
  }
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Told = await shadowed(origin, key, { ...span(0), ...(cursor ? { cursor } : {}) })
    const others = page.messages.filter((one) => one.channel === 'email' && !met.has(one.id))
    all.differences.push(...others.map((one) => ({ kind: 'extra', found: mailOf(one) }) as const))
    cursor = page.cursor
  }
  return all
}

const iso = (at: number) => new Date(at).toISOString()
const KINDS: Record<Difference['kind'], string> = {
  missing: 'missing',
  doubled: 'doubled',
  other_subject: 'with another subject',
  unread: 'whose words are gone',
  extra: 'that only posta has',
}

function told(difference: Difference): string {
  switch (difference.kind) {
    case 'missing': {
      const { line, to, subject, sentAt } = difference.old
      return `line ${line}: missing: ${to}, "${subject}", ${iso(sentAt)}`
    }
    case 'other_subject': {
      const { old, found } = difference
      return `line ${old.line}: another subject: ${old.to}, "${old.subject}" is "${found.subject}" (${found.id})`
    }
    case 'unread':
      return `line ${difference.old.line}: words gone: ${difference.old.to}, "${difference.old.subject}" (${difference.found.id})`
    case 'doubled':
      return `line ${difference.old.line}: doubled: ${difference.old.to}, "${difference.old.subject}" (${difference.found.id})`
    case 'extra': {
      const { id, toMasked, subject, template, at } = difference.found
      return `only posta: ${toMasked ?? 'somebody'}, "${subject ?? template}", ${iso(at)} (${id})`
    }
  }
}

async function main(): Promise<void> {
  refuseKeys()
  const { values, positionals } = parsed()
  const [file, ...rest] = positionals
  if (file === undefined || rest.length > 0) stop(`Name one file.\n\n${USAGE}`)
  const url = values.url ?? process.env.POSTA_URL
  if (!url) stop(`Say by --url or POSTA_URL which posta is meant.\n\n${USAGE}`)
  if (!/^\d{1,5}$/.test(values.within)) stop(`--within takes minutes.\n\n${USAGE}`)
  const origin = originOf(url)
  const key = keyFrom(values['key-file'], process.env)
  const { mails, troubles } = read(file)
  for (const trouble of troubles) console.error(`${file}:${trouble}`)
  if (troubles.length > 0) stop(`${file}: nothing was compared.`)
  if (mails.length === 0) stop(`${file}: has no mail.`)
  const { same, differences } = await compareAll(mails, Number(values.within) * MINUTE, origin, key)
  // Subjects are what strangers may have written: no escape sequence reaches the terminal.
  for (const one of differences) console.log(`${styleText('red', '✗')} ${headerText(told(one))}`)
  const counts = (Object.keys(KINDS) as Difference['kind'][]).flatMap((kind) => {
    const n = differences.filter((one) => one.kind === kind).length
    return n > 0 ? [`${n} ${KINDS[kind]}`] : []
  })
  console.log(`${mails.length} mails of ${file}: ${[`${same} the same`, ...counts].join(', ')}`)
  process.exitCode = differences.length > 0 ? 1 : 0
}

function read(file: string): ReturnType<typeof readOld> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return stop(`${file} cannot be read.`)
  }
  try {
    return readOld(text)
  } catch (error) {
    return stop(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

if (import.meta.main) {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof AskError)) throw error
    stop(error.message)
  }
}
