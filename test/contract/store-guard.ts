// Contract: questions about a session that change nothing, and places taken on a live one alone.
import { describe, expect, it } from 'vitest'
import type { Take } from '../../lib/ports/limits.ts'
import type { Bearer } from '../../lib/ports/sessions.ts'
import { group, HOUR, id, loggedIn, type Opened, one, place, SECOND, session, turning, unique } from './store-kit.ts'

export function guardContract(open: Opened): void {
  const live = (bearer: Bearer, now: number) => open().sessions.live(bearer, now)
  const take = (bearer: Bearer, now: number, takes: Take[]) => open().limits.take(takes, now, bearer)
  const loggedInBearer = async (now: number) => {
    const s = await loggedIn(open(), now)
    return { s, bearer: { sessionId: s.id, userId: s.userId, issuedAt: now } }
  }

  describe('sessions.live', () => {
    it('says yes to the bearer of a live session, as often as it is asked, and changes nothing', async () => {
      const now = Date.now()
      const { s, bearer } = await loggedInBearer(now)
      for (const at of [now, now, now + SECOND]) expect(await live(bearer, at)).toBe(true)
      expect((await open().sessions.turn(turning(s, 0, now))).kind).toBe('turned')
      expect(await live(bearer, now)).toBe(true)
    })

    it('says no to the bearer of one that is over, another person’s, or of an earlier epoch', async () => {
      const now = Date.now()
      const { s, bearer } = await loggedInBearer(now)
      expect(await live({ ...bearer, userId: id('usr', now) }, now)).toBe(false)
      await open().sessions.revoke(s.id, { userId: s.userId }, now)
      const unwritten = session(now)
      await open().sessions.revokeAll(unwritten.userId, now)
      const early = { sessionId: unwritten.id, userId: unwritten.userId, issuedAt: now }
      for (const one of [bearer, early]) expect(await live(one, now)).toBe(false)
      expect(await live({ ...early, issuedAt: now + 1 }, now)).toBe(true)
    })
  })

  describe('sessions.endedSince', () => {
    it('knows whether all of a person’s sessions were ended at an instant or later', async () => {
      const now = Date.now()
      const userId = id('usr', now)
      expect(await open().sessions.endedSince(userId, 1)).toBe(false)
      await open().sessions.revokeAll(userId, now)
      expect(await open().sessions.endedSince(userId, now - 1)).toBe(true)
      expect(await open().sessions.endedSince(userId, now)).toBe(true)
      expect(await open().sessions.endedSince(userId, now + 1)).toBe(false)
      expect(await open().sessions.endedSince(id('usr', now), now)).toBe(false)
    })

    it('says nothing of the end of one session alone', async () => {
      const now = Date.now()
      const { s } = await loggedInBearer(now)
      await open().sessions.revoke(s.id, { userId: s.userId }, now)
      expect(await open().sessions.endedSince(s.userId, now)).toBe(false)
    })
  })

  describe('limits.take on a session', () => {
    it('takes places, once for its slot, and none for the revoked', async () => {
      const now = Date.now()
      const { s, bearer } = await loggedInBearer(now)
      const rule = one('two', 2, HOUR)
      const series = unique('ip')
      const first = [place(series, [rule])]
      const usage = [{ name: 'two', max: 2, perMs: HOUR, remaining: 1, resetMs: HOUR }]
      for (const _ of ['first', 'repeated']) expect(await take(bearer, now, first)).toEqual({ kind: 'taken', usage })
      const gone = await loggedInBearer(now)
      await open().sessions.revoke(gone.s.id, { userId: gone.s.userId }, now)
      const revoked = { kind: 'revoked', usage: [] }
      expect(await take(gone.bearer, now, [place(series, [rule])])).toEqual(revoked)
      expect(await take(bearer, now, [place(series, [rule])])).toMatchObject({ usage: [{ remaining: 0 }] })
      expect(await take(bearer, now, [place(series, [rule])])).toMatchObject({ kind: 'limited', name: 'two' })
      await open().sessions.revoke(s.id, { userId: s.userId }, now)
      expect(await take(bearer, now, [place(series, [rule])])).toEqual(revoked)
      expect(await take(bearer, now, [])).toEqual(revoked)
    })
  })

  describe('an admission on a session', () => {
    it('answers each of many for itself, in their order', async () => {
      const now = Date.now()
      const nothing = { kind: 'admitted', claimed: [], waiting: [], usage: [] }
      const [live, gone] = [await loggedInBearer(now), await loggedInBearer(now)]
      await open().sessions.revokeAll(gone.s.userId, now)
      const asked = [live, gone, live].map(({ bearer }) => group(now, [], { bearer }))
      expect(await open().outbox.admit(asked)).toEqual([nothing, { kind: 'revoked' }, nothing])
    })
  })
}
