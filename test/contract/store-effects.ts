// Contract: an approval with an effect in Users. Until the effect is confirmed the same right answer is approved again,
// guesses stay counted, and a reset ends every session that an old password may have opened.
import { describe, expect, it } from 'vitest'
import type { Check, NewChallenge } from '../../lib/ports/challenges.ts'
import {
  DAY,
  guess,
  id,
  loggedIn,
  MINUTE,
  type Opened,
  opened,
  parallel,
  right,
  SECOND,
  session,
  turning,
  unique,
  wrong,
} from './store-kit.ts'

export function effectsContract(open: Opened): void {
  const account = (now: number, effect: 'verify' | 'reset', more: Partial<NewChallenge> = {}) =>
    opened(open(), now, { audience: 'account', subject: id('usr', now), purpose: effect, effect, ...more })
  const check = (c: NewChallenge, proof: Check['proof'], now: number, more: Partial<Check> = {}) =>
    open().challenges.check(guess(c, proof, now, { effect: c.effect ?? null, ...more }))

  describe('a challenge with an effect', () => {
    it('tells with its approval all that the effect needs', async () => {
      const now = Date.now()
      const c = await account(now, 'verify', { purpose: 'change-email' })
      expect(await check(c, right(c), now)).toMatchObject({
        ...{ kind: 'approved', channel: 'email', again: false },
        ...{ purpose: 'change-email', subject: c.subject, sealed: c.sealed },
      })
    })

    it.each<[string, (c: NewChallenge) => Check['proof']]>([
      ['code', right],
      ['link', () => ({ link: 'email' })],
    ])('is approved again by the same %s until it is confirmed, and then over', async (_, proof) => {
      const now = Date.now()
      const c = await account(now, 'verify')
      expect(await check(c, proof(c), now)).toMatchObject({ kind: 'approved', again: false })
      for (const n of [1, 2, 3]) {
        expect(await check(c, proof(c), now + n * SECOND)).toMatchObject({ kind: 'approved', again: true })
      }
      for (const _ of ['first', 'repeated']) await open().challenges.confirm(c.id, now + MINUTE)
      expect((await check(c, proof(c), now + MINUTE)).kind).toBe('over')
      expect((await open().challenges.view(c.id, now + MINUTE))?.status).toBe('approved')
    })

    it('is approved once without `again` by 20 parallel right answers', async () => {
      const now = Date.now()
      const c = await account(now, 'reset')
      const answers = await parallel(20, () => check(c, right(c), now))
      expect(answers.filter((answer) => answer.kind === 'approved' && !answer.again)).toHaveLength(1)
      expect(answers.filter((answer) => answer.kind === 'approved' && answer.again)).toHaveLength(19)
    })

    it('tells a repeated call its first answer', async () => {
      const now = Date.now()
      const c = await account(now, 'reset')
      const first = guess(c, right(c), now, { effect: 'reset' })
      const answer = await open().challenges.check(first)
      await open().challenges.confirm(c.id, now)
      expect(await open().challenges.check(first)).toEqual(answer)
    })

    it('does not exist for another effect or audience, before and after its approval', async () => {
      const now = Date.now()
      const c = await account(now, 'verify')
      const strangers: Partial<Check>[] = [{ effect: 'reset' }, { effect: null }, { audience: 'service' }]
      for (const stranger of strangers) expect((await check(c, right(c), now, stranger)).kind).toBe('missing')
      expect((await check(c, right(c), now)).kind).toBe('approved')
      for (const stranger of strangers) expect((await check(c, right(c), now, stranger)).kind).toBe('missing')
    })

    it('judges no more than five wrong guesses, those after the approval included', async () => {
      const now = Date.now()
      const c = await account(now, 'reset')
      for (let n = 0; n < 2; n++) await check(c, wrong(), now)
      expect((await check(c, right(c), now)).kind).toBe('approved')
      const answers = await parallel(30, () => check(c, wrong(), now))
      expect(answers.flatMap((one) => (one.kind === 'wrong' ? [one.triesLeft] : [])).sort()).toEqual([0, 1, 2])
      expect((await check(c, right(c), now + DAY)).kind).toBe('over')
      expect((await check(c, right(c), now)).kind).toBe('over')
      expect(await check(c, { link: 'email' }, now)).toMatchObject({ kind: 'approved', again: true })
    })

    it('is over when its code is, confirmed or not', async () => {
      const now = Date.now()
      const c = await account(now, 'verify')
      await check(c, right(c), now)
      expect((await check(c, right(c), c.codeExpiresAt)).kind).toBe('over')
    })

    it('is not confirmed before it is approved', async () => {
      const now = Date.now()
      const c = await account(now, 'reset')
      const s = await loggedIn(open(), now, { userId: c.subject ?? '' })
      await open().challenges.confirm(c.id, now)
      await open().challenges.confirm(id('ch', now), now)
      expect((await open().sessions.turn(turning(s, 0, now))).kind).toBe('turned')
      expect(await check(c, right(c), now)).toMatchObject({ kind: 'approved', again: false })
    })
  })

  describe('a reset', () => {
    const turn = (...args: Parameters<typeof turning>) => open().sessions.turn(turning(...args))

    it('ends the person’s sessions with its approval, a verification does not', async () => {
      const now = Date.now()
      for (const [effect, kind] of [
        ['reset', 'over'],
        ['verify', 'turned'],
      ] as const) {
        const c = await account(now, effect)
        const s = await loggedIn(open(), now, { userId: c.subject ?? '' })
        expect((await check(c, wrong(), now)).kind).toBe('wrong')
        expect((await turn(s, 0, now)).kind).toBe('turned')
        expect((await check(c, right(c), now)).kind).toBe('approved')
        expect((await turn(s, 1, now)).kind).toBe(kind)
      }
    })

    it('ends with its confirmation what the old password opened in between, once', async () => {
      const now = Date.now()
      const c = await account(now, 'reset')
      const userId = c.subject ?? ''
      await check(c, right(c), now)
      const thief = await loggedIn(open(), now + SECOND, { userId })
      await open().challenges.confirm(c.id, now + 2 * SECOND)
      expect((await turn(thief, 0, now + 2 * SECOND)).kind).toBe('over')
      const late = session(now, { userId, provenAt: now + SECOND })
      expect((await open().sessions.open(late, [], now + 3 * SECOND)).kind).toBe('over')
      const owner = await loggedIn(open(), now + 3 * SECOND, { userId })
      await open().challenges.confirm(c.id, now + 4 * SECOND)
      expect((await turn(owner, 0, now + 4 * SECOND)).kind).toBe('turned')
    })

    it('of a decoy ends nothing', async () => {
      const now = Date.now()
      const c = await account(now, 'reset', { subject: null, macs: {} })
      expect((await check(c, { link: 'email' }, now)).kind).toBe('approved')
      await open().challenges.confirm(c.id, now)
      expect((await check(c, { macs: [unique('mac')] }, now)).kind).toBe('over')
    })
  })
}
