// What the store's contract is written with: unique names, whole requests with defaults, settlements in one word.
//
// All tests share one store. Each makes its own ids, series, persons and providers, and owns its clock, which starts
// near the real one because key expiry may follow the server's. Only `claim({ due: true })` and `due` see other tests'
// rows: those tests call `drain` first, which ends everything due until the last instant they are going to use.
import { expect } from 'vitest'
import { base32, type IdPrefix, newId } from '../../lib/names/ids.ts'
import type { Admission, Admitted, NewMessage } from '../../lib/ports/admission.ts'
import type { ChallengeSend, Check, NewChallenge } from '../../lib/ports/challenges.ts'
import type { Take } from '../../lib/ports/limits.ts'
import type { Later, Next, Settlement } from '../../lib/ports/outbox.ts'
import type { Claimed, Lease } from '../../lib/ports/row.ts'
import type { NewSession, Turn } from '../../lib/ports/sessions.ts'
import type { Store } from '../../lib/ports/store.ts'
import { LEASE_MS, SEND_RULES } from '../../lib/rules/numbers.ts'
import type { OutcomeKind, Status } from '../../lib/rules/status.ts'
import type { Rule } from '../../lib/rules/windows.ts'

/** The open store; only to be asked inside a test. */
export type Opened = () => Store

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

export const unique = (word: string): string => `${word}-${base32(random(8))}`
export const id = (prefix: IdPrefix, now: number): string => newId(prefix, now, random)
export const times = <T>(n: number, make: (index: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
export const parallel = <T>(n: number, call: (index: number) => Promise<T>): Promise<T[]> => Promise.all(times(n, call))
export const newLease = (now: number, leaseMs = LEASE_MS): Lease => ({ token: id('lease', now), leaseMs })

/** Expects an answer of this kind and gives it back as such. */
export function told<T extends { kind: string }, K extends T['kind']>(answer: T, kind: K): Extract<T, { kind: K }> {
  expect(answer).toMatchObject({ kind })
  return answer as Extract<T, { kind: K }>
}

export const message = (now: number, more: Partial<NewMessage> = {}): NewMessage => ({
  id: id('msg', now),
  challengeId: null,
  channel: 'email',
  template: 'note',
  class: 'transactional',
  priority: 'medium',
  recipient: unique('recipient'),
  sealed: 'sealed payload',
  providers: [unique('provider')],
  dueAt: now,
  expiresAt: null,
  startBy: null,
  giveUpAt: now + DAY,
  after: [],
  slot: unique('slot'),
  slotSeries: [],
  ...more,
})

export const group = (now: number, messages: NewMessage[], more: Partial<Admission> = {}): Admission => ({
  idempotency: null,
  takes: [],
  sends: [],
  challenge: null,
  messages,
  claim: null,
  now,
  ...more,
})

export async function admit(store: Store, admission: Admission): Promise<Admitted> {
  const answers = await store.outbox.admit([admission])
  expect(answers).toHaveLength(1)
  return answers[0]!
}

/** Admits one message and nothing else. */
export async function queued(store: Store, now: number, more: Partial<NewMessage> = {}): Promise<NewMessage> {
  const row = message(now, more)
  told(await admit(store, group(now, [row])), 'admitted')
  return row
}

export async function claimRow(store: Store, rowId: string, now: number, lease = newLease(now)): Promise<Claimed> {
  const { claimed, unclaimed } = await store.outbox.claim({ ids: [rowId] }, 1, lease, now)
  expect(unclaimed).toEqual([])
  expect(claimed).toHaveLength(1)
  return claimed[0]!
}

/** A message under lease, its first provider written as intent. */
export async function sending(store: Store, now: number, more: Partial<NewMessage> = {}): Promise<Claimed> {
  const row = await queued(store, now, more)
  return claimRow(store, row.id, now)
}

export async function statusOf(store: Store, rowId: string): Promise<Status | null> {
  return (await store.outbox.find(rowId))?.status ?? null
}

/** One place in each rule of a series. */
export const place = (series: string, rules: Rule[], slot = unique('slot')): Take => ({ series, slot, rules })

export const one = (name: string, max: number, perMs: number): Rule => ({ name, max, perMs })

export const challenge = (now: number, more: Partial<NewChallenge> = {}): NewChallenge => ({
  id: id('ch', now),
  purpose: 'login',
  audience: 'service',
  opener: unique('opener'),
  persons: [unique('person')],
  sealed: 'sealed addresses',
  macs: { email: unique('mac') },
  codeExpiresAt: now + 10 * MINUTE,
  endsAt: now + HOUR,
  resendAt: now + 30 * SECOND,
  createdAt: now,
  ...more,
})

const sendsSeries = (c: NewChallenge): string[] => c.persons.map((person) => `sends-${c.opener}-${person}`)

/** A code's row, sharing its slot with the person's series. */
export const codeRow = (now: number, c: NewChallenge, more: Partial<NewMessage> = {}): NewMessage =>
  message(now, {
    challengeId: c.id,
    template: 'verification-code',
    class: 'security',
    priority: 'high',
    expiresAt: c.codeExpiresAt,
    startBy: c.codeExpiresAt - 3 * SECOND,
    giveUpAt: c.endsAt,
    slotSeries: sendsSeries(c),
    ...more,
  })

const sendsOf = (c: NewChallenge, row: NewMessage): Take[] =>
  sendsSeries(c).map((series) => place(series, SEND_RULES, row.slot))

/** Opens a challenge with its first send. */
export const opening = (now: number, c: NewChallenge, row = codeRow(now, c), more: Partial<Admission> = {}) =>
  group(now, [row], { challenge: { open: c }, sends: sendsOf(c, row), ...more })

export function resending(
  now: number,
  c: NewChallenge,
  more: Partial<Admission> & { send?: Partial<ChallengeSend>; row?: Partial<NewMessage> } = {},
): Admission {
  const { send, row: rowMore, ...rest } = more
  const codeExpiresAt = send?.codeExpiresAt ?? now + 10 * MINUTE
  const life = { expiresAt: codeExpiresAt, startBy: codeExpiresAt - 3 * SECOND }
  const row = codeRow(now, c, { ...life, ...rowMore })
  const resend = { id: c.id, channel: row.channel, codeExpiresAt, resendAt: now + 30 * SECOND, ...send }
  return group(now, [row], { challenge: { resend }, sends: sendsOf(c, row), ...rest })
}

export async function opened(store: Store, now: number, more: Partial<NewChallenge> = {}): Promise<NewChallenge> {
  const c = challenge(now, more)
  told(await admit(store, group(now, [], { challenge: { open: c } })), 'admitted')
  return c
}

/** A guess; `right` and `wrong` give its proof. */
export const guess = (c: NewChallenge, proof: Check['proof'], now: number, more: Partial<Check> = {}): Check => ({
  id: c.id,
  audience: c.audience,
  token: id('req', now),
  proof,
  takes: [],
  wrong: null,
  now,
  ...more,
})

export const right = (c: NewChallenge): Check['proof'] => ({ macs: [c.macs.email ?? ''] })
export const wrong = (): Check['proof'] => ({ macs: [unique('wrong-mac')] })

export const sent: Next = { kind: 'end', status: 'sent', release: false }
export const ends = (status: Status, release = false): Next => ({ kind: 'end', status, release })
export const later = (candidates: string[], dueAt: number, more: Partial<Later> = {}): Later => ({
  kind: 'later',
  candidates,
  dueAt,
  plan: '',
  release: false,
  ...more,
})
export const again = (candidates: string[], otherwise: Later, leaseMs = LEASE_MS): Next => ({
  kind: 'again',
  candidates,
  leaseMs,
  plan: otherwise.plan,
  otherwise,
})

const NOTES = {
  accepted: 'good',
  rejected: 'good',
  throttled: 'none',
  misconfigured: 'held',
  unavailable: 'bad',
  unknown: 'bad',
} as const

/** How an attempt at the row's intent went, and what the row does next. */
export function settlement(
  row: Claimed,
  outcome: OutcomeKind,
  next: Next,
  now: number,
  more: Partial<Settlement> & { startedAt?: number; code?: string } = {},
): Settlement {
  const { startedAt = now, code = `${outcome}_code`, ...rest } = more
  const accepted = outcome === 'accepted'
  return {
    id: row.id,
    token: row.token,
    attempt: row.attempt,
    record: {
      provider: row.intent,
      at: startedAt,
      outcome,
      code: accepted ? null : code,
      durationMs: now - startedAt,
      providerId: accepted ? 'provider-id' : null,
    },
    breaker: NOTES[outcome],
    next,
    ambiguous: row.ambiguous || outcome === 'unknown',
    now,
    ...rest,
  }
}

/** The row as its worker sees it after a settle told it to go on. */
export const goneOn = (row: Claimed, intent: string, leaseUntil: number): Claimed => ({
  ...row,
  intent,
  leaseUntil,
  lost: false,
  attempt: row.attempt + 1,
})

/** Ends or puts off whatever other tests left due up to `until`, so that a test of `due` sees its own rows only. */
export async function drain(store: Store, until: number): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    const lease = newLease(until)
    const { claimed, unclaimed } = await store.outbox.claim({ due: true }, 100, lease, until)
    await Promise.all(
      claimed.map((row) =>
        store.outbox.settle(
          settlement(row, 'rejected', ends(row.ambiguous ? 'unknown' : 'failed'), until, { breaker: 'none' }),
        ),
      ),
    )
    if (claimed.length === 0 && unclaimed.length === 0) return
  }
  throw new Error('drain: rows stay due that are neither claimed nor put off')
}

export const session = (now: number, more: Partial<NewSession> = {}): NewSession => ({
  id: id('ses', now),
  userId: id('usr', now),
  nonce: unique('nonce'),
  provenAt: now,
  agent: 'Firefox',
  ip: '203.0.113.0',
  ...more,
})

export async function loggedIn(store: Store, now: number, more: Partial<NewSession> = {}): Promise<NewSession> {
  const s = session(now, more)
  expect(await store.sessions.open(s, [], now)).toEqual({ kind: 'opened' })
  return s
}

/** Token `n` of the family comes back. */
export const turning = (s: NewSession, n: number, now: number, more: Partial<Turn> = {}): Turn => ({
  id: s.id,
  n,
  nonce: s.nonce,
  token: id('req', now),
  now,
  ...more,
})
