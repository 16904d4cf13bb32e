// Contract: an audit entry written with the step it tells of: once, however often the step is repeated, and not at all
// when the step says no.
import { describe, expect, it } from 'vitest'
import type { Admission } from '../../lib/ports/admission.ts'
import type { AuditEntry, AuditRecord } from '../../lib/ports/audit.ts'
import {
  admit,
  challenge,
  codeRow,
  group,
  guess,
  HOUR,
  id,
  loggedIn,
  message,
  type Opened,
  one,
  opened,
  opening,
  parallel,
  place,
  resending,
  right,
  SECOND,
  session,
  told,
  unique,
} from './store-kit.ts'

export function auditContract(open: Opened): void {
  const entry = (at: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
    at,
    kind: unique('kind'),
    person: 'hash of an address',
    opener: null,
    agent: 'Firefox, Windows',
    ip: '203.0.113.0/24',
    ...more,
  })
  const written = async ({ kind }: AuditEntry) => (await open().audit.list(1_000)).filter((one) => one.kind === kind)

  const once = (entry: AuditEntry): AuditRecord => ({ ...entry, count: 1 })

  describe('an audit entry of an admission', () => {
    it.each<[string, (now: number) => Admission]>([
      ['a message', (now) => group(now, [message(now)])],
      ['a challenge and its message', (now) => opening(now, challenge(now))],
      ['a challenge alone', (now) => group(now, [], { challenge: { open: challenge(now) } })],
      ['a session', (now) => group(now, [], { session: session(now) })],
      ['places in windows', (now) => group(now, [], { takes: [place(unique('ip'), [one('few', 5, HOUR)])] })],
      ['nothing but a key', (now) => group(now, [], { idempotency: { key: unique('key'), fingerprint: 'a' } })],
    ])('with %s is written once, as it was given', async (_, make) => {
      const now = Date.now()
      const audit = entry(now, { opener: 'owner', agent: null })
      const whole: Admission = { ...make(now), audit }
      await parallel(20, () => admit(open(), whole))
      await admit(open(), { ...whole, now: now + SECOND })
      expect(await written(audit)).toEqual([once(audit)])
    })

    it('of one session’s bearer is written once', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      const audit = entry(now)
      const bearer = { sessionId: s.id, userId: s.userId, issuedAt: now }
      for (const _ of ['first', 'repeated']) told(await admit(open(), group(now, [], { bearer, audit })), 'admitted')
      expect(await written(audit)).toEqual([once(audit)])
    })

    it('is written for each of two that are alike', async () => {
      const now = Date.now()
      const audit = entry(now)
      const takes = () => [place(unique('ip'), [one('few', 5, HOUR)])]
      const groups = [1, 2].flatMap(() => [
        group(now, [message(now)], { audit }),
        group(now, [], { takes: takes(), audit }),
      ])
      for (const answer of await open().outbox.admit(groups)) told(answer, 'admitted')
      expect(await written(audit)).toEqual(Array(4).fill(once(audit)))
    })

    it('of a resend that hastens its row is written once', async () => {
      const now = Date.now()
      const c = challenge(now)
      told(await admit(open(), opening(now, c, codeRow(now, c, { dueAt: now + HOUR }))), 'admitted')
      const audit = entry(now)
      const whole = resending(now + SECOND, c, { audit })
      for (const _ of ['first', 'repeated']) told(await admit(open(), whole), 'hastened')
      expect(await written(audit)).toEqual([once(audit)])
    })

    it('is not written when the admission says no', async () => {
      const now = Date.now()
      const audit = entry(now)
      const refused = async (kind: string, admission: Admission) =>
        expect((await admit(open(), { ...admission, audit })).kind).toBe(kind)
      const key = unique('key')
      told(await admit(open(), group(now, [message(now)], { idempotency: { key, fingerprint: 'a' } })), 'admitted')
      await refused('repeated', group(now, [message(now)], { idempotency: { key, fingerprint: 'a' } }))
      await refused('mismatch', group(now, [message(now)], { idempotency: { key, fingerprint: 'b' } }))
      await refused('limited', group(now, [message(now)], { takes: [place(unique('ip'), [one('none', 0, HOUR)])] }))
      await refused('missing', resending(now, challenge(now)))
      const c = await opened(open(), now)
      await refused('over', resending(c.endsAt, c))
      const s = await loggedIn(open(), now)
      await open().sessions.revokeAll(s.userId, now)
      const bearer = { sessionId: s.id, userId: s.userId, issuedAt: now }
      await refused('revoked', group(now, [message(now)], { bearer }))
      await refused('revoked', group(now, [], { session: session(now, { userId: s.userId }) }))
      expect(await written(audit)).toEqual([])
    })
  })

  describe('an audit entry of sessions.open', () => {
    it('is written once with the family, also by 20 at once', async () => {
      const now = Date.now()
      const [s, audit] = [session(now), entry(now, { person: null })]
      await parallel(20, () => open().sessions.open(s, [], now, audit))
      expect(await open().sessions.open(s, [], now + SECOND, audit)).toEqual({ kind: 'opened' })
      expect(await written(audit)).toEqual([once(audit)])
    })

    it('is not written when no family is opened', async () => {
      const now = Date.now()
      const [s, audit] = [session(now), entry(now)]
      await open().sessions.revokeAll(s.userId, now)
      expect(await open().sessions.open(s, [], now, audit)).toEqual({ kind: 'over' })
      expect(await written(audit)).toEqual([])
    })
  })

  describe('an audit entry of challenges.confirm', () => {
    const approved = async (now: number) => {
      const c = await opened(open(), now, { audience: 'account', subject: id('usr', now), effect: 'verify' })
      told(await open().challenges.check(guess(c, right(c), now, { effect: 'verify' })), 'approved')
      return c
    }

    it('is written once with the confirmation, and by no later one', async () => {
      const now = Date.now()
      const c = await approved(now)
      const [audit, late] = [entry(now), entry(now + SECOND)]
      await parallel(20, () => open().challenges.confirm(c.id, now, audit))
      await open().challenges.confirm(c.id, now + SECOND, late)
      expect(await written(audit)).toEqual([once(audit)])
      expect(await written(late)).toEqual([])
    })

    it('is not written when nothing is confirmed', async () => {
      const now = Date.now()
      const audit = entry(now)
      const pending = await opened(open(), now, { audience: 'account', subject: id('usr', now), effect: 'reset' })
      const done = await opened(open(), now)
      told(await open().challenges.check(guess(done, right(done), now)), 'approved')
      for (const one of [pending.id, done.id, id('ch', now)]) await open().challenges.confirm(one, now, audit)
      expect(await written(audit)).toEqual([])
    })
  })
}
