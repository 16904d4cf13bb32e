// Contract: an admission of nothing, which only asks whether a session lives, in one trip and with places in windows.
import { describe, expect, it } from 'vitest'
import type { Take } from '../../lib/ports/limits.ts'
import type { Bearer } from '../../lib/ports/sessions.ts'
import {
  admit,
  group,
  HOUR,
  id,
  loggedIn,
  type Opened,
  one,
  place,
  SECOND,
  session,
  turning,
  unique,
} from './store-kit.ts'

export function guardContract(open: Opened): void {
  const nothing = { kind: 'admitted', claimed: [], waiting: [], usage: [] }
  const guard = (bearer: Bearer, now: number, takes: Take[] = []) => admit(open(), group(now, [], { bearer, takes }))
  const loggedInBearer = async (now: number) => {
    const s = await loggedIn(open(), now)
    return { s, bearer: { sessionId: s.id, userId: s.userId, issuedAt: now } }
  }

  describe('a guard', () => {
    it('admits the bearer of a live session to nothing, as often as it is asked', async () => {
      const now = Date.now()
      const { s, bearer } = await loggedInBearer(now)
      for (const at of [now, now, now + SECOND]) {
        expect(await guard(bearer, at)).toEqual(nothing)
      }
      expect((await open().sessions.turn(turning(s, 0, now))).kind).toBe('turned')
      expect(await guard(bearer, now)).toEqual(nothing)
    })

    it('refuses the bearer of one that is over, another person’s, or of an earlier epoch', async () => {
      const now = Date.now()
      const { s, bearer } = await loggedInBearer(now)
      expect(await guard({ ...bearer, userId: id('usr', now) }, now)).toEqual({ kind: 'revoked' })
      await open().sessions.revoke(s.id, { userId: s.userId }, now)
      const unwritten = session(now)
      await open().sessions.revokeAll(unwritten.userId, now)
      const early = { sessionId: unwritten.id, userId: unwritten.userId, issuedAt: now }
      for (const one of [bearer, early]) expect(await guard(one, now)).toEqual({ kind: 'revoked' })
      expect(await guard({ ...early, issuedAt: now + 1 }, now)).toEqual(nothing)
    })

    it('takes places, once for its slot, and none for the revoked', async () => {
      const now = Date.now()
      const { s, bearer } = await loggedInBearer(now)
      const rule = one('two', 2, HOUR)
      const series = unique('ip')
      const first = [place(series, [rule])]
      const usage = [{ name: 'two', max: 2, perMs: HOUR, remaining: 1, resetMs: HOUR }]
      for (const _ of ['first', 'repeated']) expect(await guard(bearer, now, first)).toEqual({ ...nothing, usage })
      const gone = await loggedInBearer(now)
      await open().sessions.revoke(gone.s.id, { userId: gone.s.userId }, now)
      expect(await guard(gone.bearer, now, [place(series, [rule])])).toEqual({ kind: 'revoked' })
      expect(await guard(bearer, now, [place(series, [rule])])).toMatchObject({ usage: [{ remaining: 0 }] })
      expect(await guard(bearer, now, [place(series, [rule])])).toMatchObject({ kind: 'limited', name: 'two' })
      await open().sessions.revoke(s.id, { userId: s.userId }, now)
      expect(await guard(bearer, now, [place(series, [rule])])).toEqual({ kind: 'revoked' })
    })

    it('answers each of many for itself, in their order', async () => {
      const now = Date.now()
      const [live, gone] = [await loggedInBearer(now), await loggedInBearer(now)]
      await open().sessions.revokeAll(gone.s.userId, now)
      const asked = [live, gone, live].map(({ bearer }) => group(now, [], { bearer }))
      expect(await open().outbox.admit(asked)).toEqual([nothing, { kind: 'revoked' }, nothing])
    })
  })
}
