// Contract: turning a family of refresh tokens. One successor for everybody who holds the current token; an older one
// coming back ends the family.
import { describe, expect, it } from 'vitest'
import { DAY, loggedIn, type Opened, parallel, SECOND, turning, unique } from './store-kit.ts'

export function turnContract(open: Opened): void {
  const turn = (...args: Parameters<typeof turning>) => open().sessions.turn(turning(...args))

  describe('sessions.turn', () => {
    it('hands out the next number each time, and says whose it is', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      for (const n of [0, 1, 2, 3]) {
        expect(await turn(s, n, now + n * SECOND)).toEqual({ kind: 'turned', n: n + 1, userId: s.userId })
      }
    })

    it('gives 20 parallel holders of one token the same successor, and turns once', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      const answers = await parallel(20, () => turn(s, 0, now))
      for (const answer of answers) expect(answer).toEqual({ kind: 'turned', n: 1, userId: s.userId })
      expect(await turn(s, 1, now + SECOND)).toMatchObject({ kind: 'turned', n: 2 })
    })

    it('gives the token before the current one its successor for 10 s, and not longer', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      await turn(s, 0, now)
      expect(await turn(s, 0, now + 10 * SECOND - 1)).toMatchObject({ kind: 'turned', n: 1 })
      expect(await turn(s, 0, now + 10 * SECOND)).toEqual({ kind: 'reused', userId: s.userId })
      expect((await turn(s, 1, now + 10 * SECOND)).kind).toBe('over')
    })

    it('does not prolong the grace by using it', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      await turn(s, 0, now)
      expect((await turn(s, 0, now + 9 * SECOND)).kind).toBe('turned')
      expect((await turn(s, 0, now + 11 * SECOND)).kind).toBe('reused')
    })

    it('revokes the family for anything older, at once', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      for (const n of [0, 1]) await turn(s, n, now)
      expect((await turn(s, 0, now)).kind).toBe('reused')
      for (const n of [0, 1, 2]) expect((await turn(s, n, now)).kind).toBe('over')
    })

    it('tells one of 20 parallel replays that it revoked the family', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      for (const n of [0, 1, 2]) await turn(s, n, now)
      const answers = await parallel(20, () => turn(s, 0, now))
      expect(answers.filter((answer) => answer.kind === 'reused')).toHaveLength(1)
      expect(answers.filter((answer) => answer.kind === 'over')).toHaveLength(19)
    })

    it('tells a repeated call what it did', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      const first = turning(s, 0, now)
      const turned = await open().sessions.turn(first)
      expect(await open().sessions.turn(first)).toEqual(turned)
      await turn(s, 1, now)
      const replay = turning(s, 0, now)
      for (const _ of [1, 2, 3]) {
        expect(await open().sessions.turn(replay)).toEqual({ kind: 'reused', userId: s.userId })
      }
    })

    it('lets nobody burn a family who does not know its nonce', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      for (const n of [0, 1, 2]) await turn(s, n, now)
      for (const n of [0, 1, 2, 3, 4]) {
        expect((await turn(s, n, now, { nonce: unique('nonce') })).kind).toBe('over')
      }
      expect(await turn(s, 3, now)).toMatchObject({ kind: 'turned', n: 4 })
    })

    it('does not know a turn that was never handed out, nor an unknown family', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      expect((await turn(s, 1, now)).kind).toBe('over')
      expect((await turn({ ...s, id: `${s.id}x` }, 0, now)).kind).toBe('over')
      expect((await turn(s, 0, now)).kind).toBe('turned')
    })

    it('is over 7 days after the last turn', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      expect((await turn(s, 0, now + 7 * DAY - 1)).kind).toBe('turned')
      expect((await turn(s, 1, now + 14 * DAY - 1)).kind).toBe('over')
      expect((await turn(s, 1, now + 14 * DAY - 2)).kind).toBe('turned')
    })

    it('is over 30 days after the login, however often it was turned', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      for (const n of [0, 1, 2, 3, 4]) expect((await turn(s, n, now + (n + 1) * 5 * DAY)).kind).toBe('turned')
      expect((await turn(s, 5, now + 30 * DAY)).kind).toBe('over')
      expect((await turn(s, 5, now + 30 * DAY - 1)).kind).toBe('turned')
    })
  })
}
