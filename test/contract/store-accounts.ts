// Contract: challenges of accounts. Decoys that only their missing mail tells apart, the newest one of a user, and
// guesses on behalf of a session.
import { describe, expect, it } from 'vitest'
import type { Check, NewChallenge } from '../../lib/ports/challenges.ts'
import type { Bearer } from '../../lib/ports/sessions.ts'
import {
  admit,
  challenge,
  group,
  guess,
  HOUR,
  id,
  loggedIn,
  MINUTE,
  type Opened,
  one,
  opened,
  opening,
  parallel,
  place,
  right,
  SECOND,
  told,
  turning,
  unique,
  wrong,
} from './store-kit.ts'

export function accountsContract(open: Opened): void {
  const account = (now: number, more: Partial<NewChallenge> = {}) =>
    challenge(now, { audience: 'account', subject: id('usr', now), effect: 'verify', ...more })
  const check = (c: NewChallenge, proof: Check['proof'], now: number, more: Partial<Check> = {}) =>
    open().challenges.check(guess(c, proof, now, { effect: c.effect ?? null, ...more }))

  describe('a decoy', () => {
    /** The same story with a challenge that can be right, and with a decoy: what a stranger is told of it. */
    const pair = async (tell: (c: NewChallenge, now: number) => Promise<unknown>) => {
      const now = Date.now()
      const real = account(now, { effect: 'reset' })
      const decoy = account(now, { effect: 'reset', subject: null, macs: {} })
      told(await admit(open(), opening(now, real)), 'admitted')
      const { sends } = opening(now, decoy)
      told(await admit(open(), group(now, [], { challenge: { open: decoy }, sends })), 'admitted')
      expect(await tell(decoy, now)).toEqual(await tell(real, now))
    }

    it('counts wrong guesses, ends and locks like any other', () =>
      pair(async (c, now) => {
        const answers = []
        for (let n = 0; n < 7; n++) answers.push(await check(c, wrong(), now))
        const next = account(now, { effect: 'reset', persons: c.persons, opener: c.opener })
        await admit(open(), group(now, [], { challenge: { open: next } }))
        return [answers, await check(next, right(next), now)]
      }))

    it('is over when its code is', () =>
      pair(async (c) => [await check(c, wrong(), c.codeExpiresAt - 1), await check(c, wrong(), c.codeExpiresAt)]))

    it('uses up the sends of the person who was named', () =>
      pair(async (c, now) => {
        const answers = []
        for (const minutes of [1, 2, 3]) {
          const at = now + minutes * MINUTE
          const next = account(at, { effect: 'reset', persons: c.persons, opener: c.opener })
          const { sends } = opening(at, next)
          const answer = await admit(open(), group(at, [], { challenge: { open: next }, sends }))
          answers.push(answer.kind === 'limited' ? [answer.name, answer.retryAt - now] : answer.kind)
        }
        return answers
      }))

    it('shows the same view but for its deliveries and subject', () =>
      pair(async (c, now) => {
        const view = await open().challenges.view(c.id, now)
        return { ...view, id: '', opener: '', persons: [], subject: null, deliveries: [] }
      }))
  })

  describe('challenges.newest', () => {
    const newest = (subject: string, now: number) => open().challenges.newest(subject, 'verify', now)

    it('is the newest of the user and effect that a code can still be right for', async () => {
      const now = Date.now()
      const subject = id('usr', now)
      expect(await newest(subject, now)).toBeNull()
      const first = await opened(open(), now, account(now, { subject }))
      const second = await opened(open(), now + SECOND, account(now + SECOND, { subject }))
      await opened(open(), now + MINUTE, account(now + MINUTE, { subject, effect: 'reset' }))
      await opened(open(), now + MINUTE, account(now + MINUTE))
      const at = now + MINUTE
      expect(await newest(subject, at)).toEqual(await open().challenges.view(second.id, at))
      expect(await newest(subject, at)).toMatchObject({ id: second.id, subject, effect: 'verify' })
      for (let n = 0; n < 5; n++) await check(second, wrong(), at)
      expect(await newest(subject, at)).toMatchObject({ id: first.id })
      expect(await newest(subject, first.codeExpiresAt)).toBeNull()
    })

    it('is still found while its effect is unconfirmed', async () => {
      const now = Date.now()
      const c = account(now)
      const subject = c.subject ?? ''
      told(await admit(open(), opening(now, c)), 'admitted')
      await check(c, right(c), now)
      expect(await newest(subject, now)).toMatchObject({ id: c.id, status: 'approved', deliveries: [{}] })
      await open().challenges.confirm(c.id, now)
      expect(await newest(subject, now)).toBeNull()
    })
  })

  describe('a guess on behalf of a session', () => {
    it('is judged while the session lives, and not looked at afterwards', async () => {
      const now = Date.now()
      const c = await opened(open(), now, account(now))
      const s = await loggedIn(open(), now)
      const bearer: Bearer = { sessionId: s.id, userId: s.userId, issuedAt: now }
      expect(await check(c, wrong(), now, { bearer })).toMatchObject({ kind: 'wrong', triesLeft: 4 })
      await open().sessions.revoke(s.id, { userId: s.userId }, now)
      const takes = [place(unique('ip'), [one('once', 1, HOUR)])]
      for (const proof of [wrong(), right(c)]) {
        expect(await check(c, proof, now, { bearer, takes })).toEqual({ kind: 'revoked', usage: [] })
      }
      expect(await check(c, wrong(), now)).toMatchObject({ triesLeft: 3 })
      expect((await open().limits.take([{ ...takes[0]!, slot: unique('slot') }], now)).kind).toBe('taken')
    })

    it('races with the end of all sessions without ever being approved after it', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      const bearer: Bearer = { sessionId: s.id, userId: s.userId, issuedAt: now }
      const all = await parallel(10, () => opened(open(), now, account(now, { subject: s.userId })))
      const judged = parallel(10, (i) => check(all[i]!, right(all[i]!), now, { bearer }))
      const [answers] = await Promise.all([judged, open().sessions.revokeAll(s.userId, now)])
      for (const answer of answers) expect(['approved', 'revoked']).toContain(answer.kind)
      const after = await opened(open(), now, account(now))
      expect((await check(after, right(after), now, { bearer })).kind).toBe('revoked')
      expect((await open().sessions.turn(turning(s, 0, now))).kind).toBe('over')
    })
  })
}
