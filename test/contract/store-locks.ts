// Contract: wrong guesses lock the codes of one opener for one person, never those of others and never a link.
import { describe, expect, it } from 'vitest'
import type { NewChallenge } from '../../lib/ports/challenges.ts'
import { DAY, guess, HOUR, MINUTE, type Opened, opened, parallel, right, SECOND, unique, wrong } from './store-kit.ts'

export function locksContract(open: Opened): void {
  const somebody = (): Pick<NewChallenge, 'persons' | 'opener'> => ({
    persons: [unique('person')],
    opener: unique('opener'),
  })
  /** Challenges that outlive every lock of these tests. */
  const make = (who: Partial<NewChallenge>, now: number) =>
    opened(open(), now, { ...who, codeExpiresAt: now + 3 * DAY, endsAt: now + 3 * DAY })
  const miss = async (c: NewChallenge, now: number, n = 1) => {
    for (let i = 0; i < n; i++) expect((await open().challenges.check(guess(c, wrong(), now))).kind).toBe('wrong')
  }
  const hit = (c: NewChallenge, now: number) => open().challenges.check(guess(c, right(c), now))

  describe('five wrong guesses in an hour', () => {
    it('lock the person’s codes of that opener for 15 minutes, across challenges', async () => {
      const now = Date.now()
      const who = somebody()
      const [first, second, third] = [await make(who, now), await make(who, now), await make(who, now)]
      await miss(first, now, 2)
      await miss(second, now + MINUTE, 3)
      const until = now + MINUTE + 15 * MINUTE
      expect(await hit(third, now + 2 * MINUTE)).toMatchObject({ kind: 'locked', until })
      expect(await hit(third, until - 1)).toMatchObject({ kind: 'locked', until })
      expect(await hit(third, until)).toMatchObject({ kind: 'approved' })
    })

    it('touch neither other openers nor other persons', async () => {
      const now = Date.now()
      const who = somebody()
      await miss(await make(who, now), now, 5)
      expect((await hit(await make({ ...who, opener: unique('opener') }, now), now)).kind).toBe('approved')
      expect((await hit(await make({ ...who, persons: [unique('person')] }, now), now)).kind).toBe('approved')
      expect((await hit(await make(who, now), now)).kind).toBe('locked')
    })

    it('do not stop a link', async () => {
      const now = Date.now()
      const who = somebody()
      await miss(await make(who, now), now, 5)
      const link = await open().challenges.check(guess(await make(who, now), { link: 'email' }, now))
      expect(link.kind).toBe('approved')
    })

    it('count for every person of the challenge', async () => {
      const now = Date.now()
      const opener = unique('opener')
      const persons = [unique('person'), unique('person')]
      await miss(await make({ opener, persons }, now), now, 5)
      for (const person of persons) {
        expect((await hit(await make({ opener, persons: [person] }, now), now)).kind).toBe('locked')
      }
    })

    it('do not lock when the first of them is an hour old', async () => {
      const now = Date.now()
      const who = somebody()
      await miss(await make(who, now), now, 1)
      await miss(await make(who, now), now + HOUR, 4)
      expect((await hit(await make(who, now), now + HOUR)).kind).toBe('approved')
    })

    it('spend no guess of a challenge while it is locked', async () => {
      const now = Date.now()
      const who = somebody()
      const other = await make(who, now)
      await miss(await make(who, now), now, 5)
      for (let i = 0; i < 8; i++) {
        expect((await open().challenges.check(guess(other, wrong(), now + MINUTE))).kind).toBe('locked')
      }
      expect((await hit(other, now + 15 * MINUTE)).kind).toBe('approved')
    })

    it('are counted once when calls are repeated', async () => {
      const now = Date.now()
      const who = somebody()
      const c = await make(who, now)
      const same = guess(c, wrong(), now)
      await parallel(20, () => open().challenges.check(same))
      await miss(c, now, 3)
      expect((await hit(await make(who, now), now)).kind).toBe('approved')
    })

    it('are enough under any concurrency: of 40 parallel ones on 8 challenges exactly five are judged', async () => {
      const now = Date.now()
      const who = somebody()
      const all = await parallel(8, () => make(who, now))
      const answers = await parallel(40, (i) => open().challenges.check(guess(all[i % 8]!, wrong(), now)))
      expect(answers.filter((answer) => answer.kind === 'wrong')).toHaveLength(5)
      expect(answers.filter((answer) => answer.kind === 'locked' || answer.kind === 'over')).toHaveLength(35)
    })

    it('are noted in the audit with person, opener and where the last one came from', async () => {
      const now = Date.now()
      const who = somebody()
      const c = await make(who, now)
      await miss(c, now, 4)
      const origin = { agent: 'Firefox', ip: '203.0.113.0' }
      await open().challenges.check(guess(c, wrong(), now, { origin }))
      const noted = (await open().audit.list(100)).filter((entry) => entry.opener === who.opener)
      expect(noted).toEqual([
        { at: now, kind: 'code_locked', person: who.persons[0], opener: who.opener, ...origin, count: 1 },
      ])
    })
  })

  describe('further locks', () => {
    it('last twice as long each time', async () => {
      const now = Date.now()
      const who = somebody()
      await miss(await make(who, now), now, 4)
      const c = await make(who, now)
      let at = now
      for (const minutes of [15, 30, 60]) {
        await miss(c, at)
        const until = at + minutes * MINUTE
        expect(await hit(await make(who, now), at)).toMatchObject({ kind: 'locked', until })
        at = until
        if (minutes < 60) continue
        expect((await hit(await make(who, now), until)).kind).toBe('approved')
      }
    })

    it('last a day after ten wrong guesses in a day, even if no hour had five', async () => {
      const now = Date.now()
      const who = somebody()
      await miss(await make(who, now), now, 4)
      await miss(await make(who, now), now + HOUR + MINUTE, 4)
      const last = now + 2 * HOUR + 2 * MINUTE
      const c = await make(who, now)
      await miss(c, last, 1)
      await miss(c, last + SECOND, 1)
      const until = last + SECOND + DAY
      expect(await hit(c, last + 2 * SECOND)).toMatchObject({ kind: 'locked', until })
      expect((await hit(c, until - 1)).kind).toBe('locked')
      expect((await hit(c, until)).kind).toBe('approved')
    })

    it('never let an eleventh wrong guess be judged in a day, whenever they are made', async () => {
      const now = Date.now()
      const who = somebody()
      let judged = 0
      for (let at = now; at < now + DAY; at += 10 * MINUTE) {
        const c = await make(who, at)
        const answers = await parallel(3, () => open().challenges.check(guess(c, wrong(), at)))
        judged += answers.filter((answer) => answer.kind === 'wrong').length
      }
      expect(judged).toBeLessThanOrEqual(10)
    })
  })
}
