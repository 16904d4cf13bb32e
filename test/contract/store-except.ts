// Contract: ending all of a person's sessions but the one that asks, which lives on with its tokens.
import { describe, expect, it } from 'vitest'
import type { NewSession } from '../../lib/ports/sessions.ts'
import {
  admit,
  DAY,
  group,
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
  told,
  turning,
} from './store-kit.ts'

export function exceptContract(open: Opened): void {
  const turn = (...args: Parameters<typeof turning>) => open().sessions.turn(turning(...args))
  const listed = async (userId: string, now: number) => (await open().sessions.list(userId, now)).map((one) => one.id)
  const passes = async (s: NewSession, issuedAt: number, now: number) =>
    (await admit(open(), group(now, [], { bearer: { sessionId: s.id, userId: s.userId, issuedAt } }))).kind

  describe('sessions.revokeAll but for one', () => {
    it('ends the others and lets it turn, pass and be listed, with tokens older than the end too', async () => {
      const now = Date.now()
      const kept = await loggedIn(open(), now)
      const others = await parallel(3, () => loggedIn(open(), now, { userId: kept.userId }))
      expect((await turn(kept, 0, now)).kind).toBe('turned')
      const at = now + MINUTE
      for (const end of [at, at + 1]) await open().sessions.revokeAll(kept.userId, end, kept.id)
      for (const other of others) {
        expect((await turn(other, 0, at)).kind).toBe('over')
        expect(await passes(other, now, at)).toBe('revoked')
      }
      expect(await listed(kept.userId, at)).toEqual([kept.id])
      for (const issuedAt of [now, at, at + SECOND]) expect(await passes(kept, issuedAt, at)).toBe('admitted')
      expect(await turn(kept, 1, at)).toEqual({ kind: 'turned', n: 2, userId: kept.userId })
      expect(await turn(kept, 2, at + 7 * DAY - 1)).toMatchObject({ n: 3 })
    })

    it('refuses what was proven before, and not the repeat that opened it', async () => {
      const now = Date.now()
      const kept = await loggedIn(open(), now)
      await open().sessions.revokeAll(kept.userId, now + SECOND, kept.id)
      const late = session(now, { userId: kept.userId, provenAt: now + SECOND })
      expect((await open().sessions.open(late, [], now + SECOND)).kind).toBe('over')
      expect((await open().sessions.open(kept, [], now + SECOND)).kind).toBe('opened')
      expect(await listed(kept.userId, now + SECOND)).toEqual([kept.id])
    })

    it('still lets it be ended: alone, with all, for a replay, and by its age', async () => {
      const now = Date.now()
      const keep = async () => {
        const s = await loggedIn(open(), now)
        await open().sessions.revokeAll(s.userId, now, s.id)
        expect(await passes(s, now, now)).toBe('admitted')
        return s
      }
      const [alone, all, replayed, old] = [await keep(), await keep(), await keep(), await keep()]
      await open().sessions.revoke(alone.id, { userId: alone.userId }, now)
      await open().sessions.revokeAll(all.userId, now)
      for (const n of [0, 1]) await turn(replayed, n, now)
      expect((await turn(replayed, 0, now)).kind).toBe('reused')
      for (const s of [alone, all, replayed]) {
        expect(await passes(s, now, now)).toBe('revoked')
        expect(await listed(s.userId, now)).toEqual([])
      }
      expect((await turn(old, 0, now + 7 * DAY)).kind).toBe('over')
    })

    it('is ended by a reset like every other', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      await open().sessions.revokeAll(s.userId, now, s.id)
      const c = await opened(open(), now, { audience: 'account', subject: s.userId, effect: 'reset' })
      told(await open().challenges.check(guess(c, right(c), now, { effect: 'reset' })), 'approved')
      expect((await turn(s, 0, now)).kind).toBe('over')
    })

    it('keeps nothing that is over, and brings nothing back', async () => {
      const now = Date.now()
      const at = now + 7 * DAY
      const idle = await loggedIn(open(), now)
      const { userId } = idle
      const revoked = await loggedIn(open(), at, { userId })
      await open().sessions.revoke(revoked.id, { userId }, at)
      const ended = await loggedIn(open(), at, { userId })
      await open().sessions.revokeAll(userId, at)
      for (const s of [idle, revoked, ended]) {
        await open().sessions.revokeAll(userId, at + SECOND, s.id)
        expect((await turn(s, 0, at + SECOND)).kind).toBe('over')
        expect(await passes(s, now, at + SECOND)).toBe('revoked')
      }
      expect(await listed(userId, at + SECOND)).toEqual([])
    })

    it('keeps neither the unknown nor another person’s, whose sessions it leaves alone', async () => {
      const now = Date.now()
      const stranger = await loggedIn(open(), now)
      const mine = await loggedIn(open(), now)
      const unwritten = session(now, { userId: mine.userId })
      await open().sessions.revokeAll(mine.userId, now, stranger.id)
      expect((await turn(mine, 0, now)).kind).toBe('over')
      expect(await turn(stranger, 0, now)).toMatchObject({ n: 1 })
      // Not carried into another person's epoch either: its own end still ends it.
      await open().sessions.revokeAll(stranger.userId, now)
      expect((await turn(stranger, 1, now)).kind).toBe('over')
      await open().sessions.revokeAll(unwritten.userId, now, unwritten.id)
      expect(await passes(unwritten, now, now)).toBe('revoked')
      for (const except of [id('ses', now), '', null]) await open().sessions.revokeAll(mine.userId, now, except)
      expect(await listed(mine.userId, now)).toEqual([])
    })

    it('asked by two of them at once leaves neither: the second to be heard was ended by the first', async () => {
      const now = Date.now()
      const first = await loggedIn(open(), now)
      const both = [first, await loggedIn(open(), now, { userId: first.userId })]
      await parallel(2, (n) => open().sessions.revokeAll(first.userId, now, both[n]!.id))
      expect(await listed(first.userId, now)).toEqual([])
      for (const s of both) expect((await turn(s, 0, now)).kind).toBe('over')
    })
  })
}
