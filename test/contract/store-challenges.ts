// Contract: judging guesses. Five at most, one success, and what approval does to the messages of the challenge.
import { describe, expect, it } from 'vitest'
import {
  admit,
  challenge,
  claimRow,
  codeRow,
  guess,
  HOUR,
  MINUTE,
  newLease,
  type Opened,
  one,
  opened,
  opening,
  parallel,
  place,
  resending,
  right,
  SECOND,
  sent,
  settlement,
  told,
  unique,
  wrong,
} from './store-kit.ts'

export function challengesContract(open: Opened): void {
  describe('check', () => {
    it('judges exactly five of 100 parallel wrong guesses and then refuses the right one', async () => {
      const now = Date.now()
      const c = await opened(open(), now)
      const answers = await parallel(100, () => open().challenges.check(guess(c, wrong(), now)))
      const judged = answers.flatMap((answer) => (answer.kind === 'wrong' ? [answer.triesLeft] : []))
      expect(judged.sort()).toEqual([0, 1, 2, 3, 4])
      expect(answers.filter((answer) => answer.kind === 'approved')).toEqual([])
      expect(await open().challenges.check(guess(c, right(c), now))).toMatchObject({ kind: 'over' })
      expect((await open().challenges.view(c.id, now))?.status).toBe('failed')
    })

    it('approves exactly one of 20 parallel right answers', async () => {
      const now = Date.now()
      const c = await opened(open(), now)
      const answers = await parallel(20, () => open().challenges.check(guess(c, right(c), now)))
      expect(answers.filter((answer) => answer.kind === 'approved')).toHaveLength(1)
      expect(answers.filter((answer) => answer.kind === 'over')).toHaveLength(19)
      expect((await open().challenges.view(c.id, now))?.status).toBe('approved')
    })

    it('never approves after the fifth wrong one, however right and wrong mix', async () => {
      const now = Date.now()
      const c = await opened(open(), now)
      const answers = await parallel(40, (i) => open().challenges.check(guess(c, i < 35 ? wrong() : right(c), now)))
      const kinds = answers.map((answer) => answer.kind)
      expect(kinds.filter((kind) => kind === 'wrong').length).toBeLessThanOrEqual(5)
      expect(kinds.filter((kind) => kind === 'approved').length).toBeLessThanOrEqual(1)
    })

    it('tells which channel’s code it was, under any live secret', async () => {
      const now = Date.now()
      const macs = { email: unique('mac'), sms: unique('mac') }
      const c = await opened(open(), now, { macs })
      const answer = await open().challenges.check(guess(c, { macs: [unique('mac'), macs.sms] }, now))
      expect(answer).toMatchObject({ kind: 'approved', channel: 'sms' })
    })

    it('takes the link of a channel for an answer', async () => {
      const now = Date.now()
      const c = await opened(open(), now)
      expect(await open().challenges.check(guess(c, { link: 'email' }, now))).toMatchObject({
        kind: 'approved',
        channel: 'email',
      })
      expect((await open().challenges.check(guess(c, { link: 'email' }, now))).kind).toBe('over')
    })

    it('takes the link once also after five wrong guesses, and no code', async () => {
      const now = Date.now()
      const c = await opened(open(), now)
      for (let n = 0; n < 5; n++) await open().challenges.check(guess(c, wrong(), now))
      expect((await open().challenges.check(guess(c, right(c), now))).kind).toBe('over')
      expect((await open().challenges.check(guess(c, { link: 'email' }, now))).kind).toBe('approved')
      expect((await open().challenges.check(guess(c, { link: 'email' }, now))).kind).toBe('over')
    })

    it('is over from the instant the code expires', async () => {
      const now = Date.now()
      const c = await opened(open(), now)
      expect((await open().challenges.check(guess(c, right(c), c.codeExpiresAt))).kind).toBe('over')
      expect((await open().challenges.check(guess(c, right(c), c.codeExpiresAt - 1))).kind).toBe('approved')
    })

    it('does not find an unknown challenge, nor one meant for others', async () => {
      const now = Date.now()
      const c = await opened(open(), now, { audience: 'account' })
      expect((await open().challenges.check(guess(challenge(now), right(c), now))).kind).toBe('missing')
      expect((await open().challenges.check(guess(c, right(c), now, { audience: 'service' }))).kind).toBe('missing')
      expect((await open().challenges.check(guess(c, right(c), now))).kind).toBe('approved')
    })

    it('takes the caller’s windows before anything is looked at', async () => {
      const now = Date.now()
      const c = await opened(open(), now)
      const series = unique('ip')
      const check = (id: string) => {
        const takes = [place(series, [one('checks', 2, HOUR)])]
        return open().challenges.check(guess({ ...c, id }, right(c), now, { takes }))
      }
      const missing = await check(challenge(now).id)
      expect(missing).toMatchObject({ kind: 'missing', usage: [{ name: 'checks', remaining: 1 }] })
      expect((await check(challenge(now).id)).kind).toBe('missing')
      expect(await check(c.id)).toMatchObject({ kind: 'limited', name: 'checks', retryAt: now + HOUR })
      expect((await open().challenges.view(c.id, now))?.status).toBe('pending')
    })

    it('is told the same when repeated under its token, and costs no second guess', async () => {
      const now = Date.now()
      const c = await opened(open(), now)
      const series = unique('ip')
      const takes = [place(series, [one('checks', 10, HOUR)])]
      const miss = guess(c, wrong(), now, { takes })
      const first = await open().challenges.check(miss)
      expect(first).toMatchObject({ kind: 'wrong', triesLeft: 4 })
      for (const repeat of await parallel(20, () => open().challenges.check(miss))) expect(repeat).toEqual(first)
      const hit = guess(c, right(c), now)
      const approved = await open().challenges.check(hit)
      expect(approved.kind).toBe('approved')
      for (const repeat of await parallel(20, () => open().challenges.check(hit))) expect(repeat).toEqual(approved)
      expect((await open().challenges.check(guess(c, right(c), now))).kind).toBe('over')
    })
  })

  describe('the window of wrong guesses from one place', () => {
    const rules = [one('wrong-checks', 5, HOUR)]

    it('is charged for wrong guesses only, across challenges', async () => {
      const now = Date.now()
      const series = unique('ip')
      const check = async (proof: 'right' | 'wrong', at = now) => {
        const c = await opened(open(), at)
        const how = proof === 'right' ? right(c) : wrong()
        return open().challenges.check(guess(c, how, at, { wrong: place(series, rules) }))
      }
      for (let n = 0; n < 4; n++) expect((await check('wrong')).kind).toBe('wrong')
      expect((await check('right')).kind).toBe('approved')
      expect((await check('wrong')).kind).toBe('wrong')
      expect(await check('right')).toMatchObject({ kind: 'limited', name: 'wrong-checks', retryAt: now + HOUR })
      expect((await check('right', now + HOUR)).kind).toBe('approved')
    })

    it('lets exactly as many of 30 parallel wrong guesses be judged as it has places', async () => {
      const now = Date.now()
      const series = unique('ip')
      const all = await parallel(30, () => opened(open(), now))
      const answers = await parallel(30, (i) =>
        open().challenges.check(guess(all[i]!, wrong(), now, { wrong: place(series, rules) })),
      )
      expect(answers.filter((answer) => answer.kind === 'wrong')).toHaveLength(5)
      expect(answers.filter((answer) => answer.kind === 'limited')).toHaveLength(25)
    })

    it('spends no guess of the challenge when it is full', async () => {
      const now = Date.now()
      const c = await opened(open(), now)
      const series = unique('ip')
      const full = [one('wrong-checks', 1, HOUR)]
      const check = () => open().challenges.check(guess(c, wrong(), now, { wrong: place(series, full) }))
      expect(await check()).toMatchObject({ kind: 'wrong', triesLeft: 4 })
      for (let n = 0; n < 10; n++) expect((await check()).kind).toBe('limited')
      expect(await open().challenges.check(guess(c, wrong(), now))).toMatchObject({ kind: 'wrong', triesLeft: 3 })
    })

    it('does not stop a link', async () => {
      const now = Date.now()
      const series = unique('ip')
      const full = [one('wrong-checks', 1, HOUR)]
      const c = await opened(open(), now)
      await open().challenges.check(guess(c, wrong(), now, { wrong: place(series, full) }))
      const link = guess(c, { link: 'email' }, now, { wrong: place(series, full) })
      expect((await open().challenges.check(link)).kind).toBe('approved')
    })
  })

  describe('view', () => {
    it('shows the challenge with the newest message of each channel, in the order they were first sent', async () => {
      const now = Date.now()
      const c = challenge(now, { macs: { sms: unique('mac'), email: unique('mac') } })
      const sms = codeRow(now, c, { channel: 'sms' })
      told(await admit(open(), opening(now, c, sms, { claim: newLease(now) })), 'admitted')
      const email = resending(now + MINUTE, c)
      told(await admit(open(), email), 'admitted')
      const row = await open().outbox.find(sms.id)
      expect(row?.status).toBe('sending')
      const held = { ...(await claimRow(open(), email.messages[0]!.id, now + MINUTE)) }
      await open().outbox.settle(settlement(held, 'accepted', sent, now + MINUTE))
      const sms2 = resending(now + 2 * MINUTE, c, { row: { channel: 'sms' } })
      told(await admit(open(), sms2), 'admitted')
      expect(await open().challenges.view(c.id, now + 2 * MINUTE)).toEqual({
        id: c.id,
        purpose: c.purpose,
        audience: c.audience,
        opener: c.opener,
        persons: c.persons,
        subject: null,
        effect: null,
        sealed: c.sealed,
        status: 'pending',
        codeExpiresAt: now + 12 * MINUTE,
        endsAt: c.endsAt,
        resendAt: now + 2 * MINUTE + 30 * SECOND,
        createdAt: now,
        deliveries: [
          { channel: 'sms', messageId: sms2.messages[0]?.id, status: 'queued' },
          { channel: 'email', messageId: email.messages[0]?.id, status: 'sent' },
        ],
      })
    })

    it('calls it expired once its code is, and knows nothing of strangers', async () => {
      const now = Date.now()
      const c = await opened(open(), now)
      expect((await open().challenges.view(c.id, c.codeExpiresAt - 1))?.status).toBe('pending')
      expect((await open().challenges.view(c.id, c.codeExpiresAt))?.status).toBe('expired')
      expect(await open().challenges.view(challenge(now).id, now)).toBeNull()
    })
  })
}
