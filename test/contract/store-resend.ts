// Contract: sending an open challenge again. A row that is still queued is hastened; otherwise it is a send like any.
import { describe, expect, it } from 'vitest'
import type { NewMessage } from '../../lib/ports/admission.ts'
import type { NewChallenge } from '../../lib/ports/challenges.ts'
import {
  admit,
  challenge,
  claimRow,
  codeRow,
  ends,
  guess,
  HOUR,
  later,
  MINUTE,
  newLease,
  type Opened,
  one,
  opening,
  parallel,
  place,
  resending,
  right,
  SECOND,
  sent,
  settlement,
  statusOf,
  told,
  unique,
  wrong,
} from './store-kit.ts'

export function resendContract(open: Opened): void {
  /** A challenge whose first try was refused: its row waits until `dueAt`. */
  const waitingOne = async (
    now: number,
    dueAt: number,
    more: Partial<NewChallenge> = {},
  ): Promise<[NewChallenge, NewMessage]> => {
    const c = challenge(now, more)
    const row = codeRow(now, c)
    const answer = told(await admit(open(), opening(now, c, row, { claim: newLease(now) })), 'admitted')
    const next = later(row.providers, dueAt)
    told(await open().outbox.settle(settlement(answer.claimed[0]!, 'unavailable', next, now)), 'queued')
    return [c, row]
  }
  /** A challenge whose first code was accepted by a provider. */
  const sentOne = async (now: number, more: Partial<NewChallenge> = {}): Promise<NewChallenge> => {
    const c = challenge(now, more)
    const answer = told(await admit(open(), opening(now, c, undefined, { claim: newLease(now) })), 'admitted')
    told(await open().outbox.settle(settlement(answer.claimed[0]!, 'accepted', sent, now)), 'ended')
    return c
  }

  describe('a resend of a row still queued', () => {
    it('makes it due now within the 30 seconds, with no new row and no place taken', async () => {
      const now = Date.now()
      const [c, row] = await waitingOne(now, now + MINUTE)
      const at = now + SECOND
      const resend = resending(at, c)
      const answer = told(await admit(open(), resend), 'hastened')
      expect(answer).toMatchObject({ id: row.id, claimed: [] })
      expect(answer.waiting).toMatchObject([{ id: row.id, dueAt: at }])
      expect(answer.usage.find((use) => use.name === 'codes')?.remaining).toBe(2)
      expect(await open().outbox.find(resend.messages[0]?.id ?? '')).toBeNull()
      const found = await open().outbox.find(row.id)
      expect(found).toMatchObject({ status: 'queued', dueAt: at })
      expect(answer.waiting[0]?.generation).toBe(found?.generation)
      await claimRow(open(), row.id, at)
    })

    it('claims it when a lease is given', async () => {
      const now = Date.now()
      const [c, row] = await waitingOne(now, now + MINUTE)
      const claim = newLease(now)
      const answer = told(await admit(open(), resending(now + SECOND, c, { claim })), 'hastened')
      expect(answer.claimed).toMatchObject([{ id: row.id, token: claim.token, intent: row.providers[0], attempt: 1 }])
      expect(answer.waiting).toEqual([])
      expect(await statusOf(open(), row.id)).toBe('sending')
    })

    it('gives the row and the code a longer life, and never beyond the challenge', async () => {
      const now = Date.now()
      const [c, row] = await waitingOne(now, now + MINUTE, { endsAt: now + 15 * MINUTE })
      const first = now + 2 * MINUTE
      await admit(open(), resending(first, c))
      expect(await open().challenges.view(c.id, first)).toMatchObject({
        codeExpiresAt: first + 10 * MINUTE,
        resendAt: first + 30 * SECOND,
      })
      expect(await open().outbox.find(row.id)).toMatchObject({ expiresAt: first + 10 * MINUTE })
      const second = now + 10 * MINUTE
      told(await admit(open(), resending(second, c)), 'hastened')
      expect((await open().challenges.view(c.id, second))?.codeExpiresAt).toBe(now + 15 * MINUTE)
      // With the first expiry it could not start any more.
      await claimRow(open(), row.id, second + MINUTE)
    })

    it('is asked the caller’s own windows and changes nothing when they are full', async () => {
      const now = Date.now()
      const [c, row] = await waitingOne(now, now + MINUTE)
      const series = unique('ip')
      const full = [one('full', 1, HOUR)]
      await open().limits.take([place(series, full)], now)
      const refused = await admit(open(), resending(now + SECOND, c, { takes: [place(series, full)] }))
      expect(told(refused, 'limited').name).toBe('full')
      expect(await open().outbox.find(row.id)).toMatchObject({ dueAt: now + MINUTE })
      expect((await open().challenges.view(c.id, now))?.codeExpiresAt).toBe(c.codeExpiresAt)
    })

    it('leaves rows of another channel alone', async () => {
      const now = Date.now()
      const [c, row] = await waitingOne(now, now + MINUTE)
      const resend = resending(now + 31 * SECOND, c, { row: { channel: 'sms' } })
      told(await admit(open(), resend), 'admitted')
      expect(await open().outbox.find(row.id)).toMatchObject({ dueAt: now + MINUTE })
    })

    it('is told the same when repeated, claimed or not', async () => {
      const now = Date.now()
      for (const claim of [newLease(now), null]) {
        const [c] = await waitingOne(now, now + MINUTE)
        const resend = resending(now + 40 * SECOND, c, { claim })
        const answer = await admit(open(), resend)
        told(answer, 'hastened')
        expect(await admit(open(), resend)).toEqual(answer)
        expect(await open().outbox.find(resend.messages[0]?.id ?? '')).toBeNull()
      }
    })

    it('creates no row when the repeat arrives after the hastened one was sent', async () => {
      const now = Date.now()
      const [c, row] = await waitingOne(now, now + MINUTE)
      const resend = resending(now + 40 * SECOND, c, { claim: newLease(now) })
      const { claimed } = told(await admit(open(), resend), 'hastened')
      await open().outbox.settle(settlement(claimed[0]!, 'accepted', sent, now + 41 * SECOND))
      expect(told(await admit(open(), resend), 'hastened')).toMatchObject({ id: row.id, claimed: [] })
      expect(await open().outbox.find(resend.messages[0]?.id ?? '')).toBeNull()
    })

    it('is remembered by its idempotency key as the row it hastened', async () => {
      const now = Date.now()
      const [c, row] = await waitingOne(now, now + MINUTE)
      const idempotency = { key: unique('key'), fingerprint: 'body' }
      told(await admit(open(), resending(now + SECOND, c, { idempotency })), 'hastened')
      expect(await admit(open(), resending(now + 2 * SECOND, c, { idempotency }))).toMatchObject({
        kind: 'repeated',
        challengeId: c.id,
        messageIds: [row.id],
        messages: [{ id: row.id, status: 'queued', dueAt: now + SECOND }],
      })
    })
  })

  describe('a resend of a code that has left', () => {
    it('is refused within 30 seconds, then takes a place and a new row', async () => {
      const now = Date.now()
      const c = await sentOne(now)
      const early = await admit(open(), resending(now + 29 * SECOND, c))
      expect(told(early, 'limited')).toMatchObject({ name: 'codes-gap', retryAt: now + 30 * SECOND })
      expect((await open().challenges.view(c.id, now))?.codeExpiresAt).toBe(c.codeExpiresAt)
      const at = now + 30 * SECOND
      const resend = resending(at, c)
      const answer = told(await admit(open(), resend), 'admitted')
      expect(answer.waiting.map((row) => row.id)).toEqual([resend.messages[0]?.id])
      expect(answer.usage.find((use) => use.name === 'codes')?.remaining).toBe(1)
      expect(await open().challenges.view(c.id, at)).toMatchObject({
        codeExpiresAt: at + 10 * MINUTE,
        resendAt: at + 30 * SECOND,
      })
    })

    it('lets exactly one of 20 parallel ones through', async () => {
      const now = Date.now()
      const c = await sentOne(now)
      const at = now + MINUTE
      const answers = await parallel(20, () => admit(open(), resending(at, c, { claim: newLease(at) })))
      expect(answers.filter((answer) => answer.kind === 'admitted')).toHaveLength(1)
      expect(answers.filter((answer) => answer.kind === 'limited')).toHaveLength(19)
    })

    it('revives a code that expired before its challenge ends', async () => {
      const now = Date.now()
      const c = await sentOne(now)
      const at = now + 20 * MINUTE
      expect((await open().challenges.view(c.id, at))?.status).toBe('expired')
      expect((await open().challenges.check(guess(c, right(c), at))).kind).toBe('over')
      told(await admit(open(), resending(at, c)), 'admitted')
      expect((await open().challenges.view(c.id, at))?.status).toBe('pending')
      expect((await open().challenges.check(guess(c, right(c), at + MINUTE))).kind).toBe('approved')
    })

    it('does not refill the guesses', async () => {
      const now = Date.now()
      const c = await sentOne(now)
      for (const triesLeft of [4, 3]) {
        expect(await open().challenges.check(guess(c, wrong(), now))).toMatchObject({ kind: 'wrong', triesLeft })
      }
      told(await admit(open(), resending(now + MINUTE, c)), 'admitted')
      const next = await open().challenges.check(guess(c, wrong(), now + MINUTE))
      expect(next).toMatchObject({ kind: 'wrong', triesLeft: 2 })
    })

    it('does not shorten a code that lives longer', async () => {
      const now = Date.now()
      const c = await sentOne(now)
      const at = now + MINUTE
      await admit(open(), resending(at, c, { send: { codeExpiresAt: at + 5 * MINUTE }, row: { channel: 'sms' } }))
      expect((await open().challenges.view(c.id, at))?.codeExpiresAt).toBe(c.codeExpiresAt)
    })

    it('takes no place of its own when it ends untaken', async () => {
      const now = Date.now()
      const c = await sentOne(now)
      const resend = resending(now + MINUTE, c, { claim: newLease(now) })
      const { claimed } = told(await admit(open(), resend), 'admitted')
      await open().outbox.settle(settlement(claimed[0]!, 'rejected', ends('failed'), now + MINUTE))
      const next = told(await admit(open(), resending(now + MINUTE + SECOND, c)), 'admitted')
      expect(next.usage.find((use) => use.name === 'codes')?.remaining).toBe(1)
    })
  })

  describe('a resend of a challenge', () => {
    it('nobody knows is missing', async () => {
      const now = Date.now()
      expect(await admit(open(), resending(now, challenge(now)))).toEqual({ kind: 'missing' })
    })

    it('that was approved, used up or has ended is over', async () => {
      const now = Date.now()
      const approved = await sentOne(now)
      await open().challenges.check(guess(approved, right(approved), now))
      const usedUp = await sentOne(now)
      for (let n = 0; n < 5; n++) await open().challenges.check(guess(usedUp, wrong(), now))
      const ended = await sentOne(now)
      const at = now + MINUTE
      expect(await admit(open(), resending(at, approved))).toEqual({ kind: 'over' })
      expect(await admit(open(), resending(at, usedUp))).toEqual({ kind: 'over' })
      told(await admit(open(), resending(ended.endsAt - 1, ended)), 'admitted')
      expect(await admit(open(), resending(ended.endsAt, ended))).toEqual({ kind: 'over' })
    })
  })
}
