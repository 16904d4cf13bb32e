// Contract: opening families, alone and with an admission, listing and ending them, and what an ended one may not do.
import { describe, expect, it } from 'vitest'
import type { Bearer, NewSession } from '../../lib/ports/sessions.ts'
import {
  admit,
  challenge,
  codeRow,
  DAY,
  group,
  HOUR,
  id,
  loggedIn,
  MINUTE,
  message,
  newLease,
  type Opened,
  one,
  opening,
  parallel,
  place,
  SECOND,
  session,
  statusOf,
  told,
  turning,
  unique,
} from './store-kit.ts'

export function sessionsContract(open: Opened): void {
  const turn = (...args: Parameters<typeof turning>) => open().sessions.turn(turning(...args))
  const list = (userId: string, now: number) => open().sessions.list(userId, now)
  const bearerOf = (s: NewSession, issuedAt: number): Bearer => ({ sessionId: s.id, userId: s.userId, issuedAt })

  describe('sessions.open', () => {
    it('opens one family however often it is repeated', async () => {
      const now = Date.now()
      const s = session(now)
      const answers = await parallel(20, () => open().sessions.open(s, [], now))
      for (const answer of answers) expect(answer).toEqual({ kind: 'opened' })
      expect(await turn(s, 0, now)).toMatchObject({ n: 1 })
      expect(await open().sessions.open(s, [], now + SECOND)).toEqual({ kind: 'opened' })
      expect(await turn(s, 1, now + SECOND)).toMatchObject({ n: 2 })
    })

    it('refuses credentials that were read before the person’s sessions were ended', async () => {
      const now = Date.now()
      const userId = id('usr', now)
      await open().sessions.revokeAll(userId, now)
      for (const provenAt of [now - SECOND, now]) {
        const late = session(now, { userId, provenAt })
        expect(await open().sessions.open(late, [], now + SECOND)).toEqual({ kind: 'over' })
        expect((await turn(late, 0, now + SECOND)).kind).toBe('over')
      }
      const s = await loggedIn(open(), now + 1, { userId })
      expect((await turn(s, 0, now + SECOND)).kind).toBe('turned')
    })
  })

  describe('a session in an admission', () => {
    const register = (now: number, s = session(now)) => {
      const c = challenge(now)
      return { s, c, whole: opening(now, c, codeRow(now, c), { session: s, claim: newLease(now) }) }
    }

    it('is opened with the challenge and its message, once', async () => {
      const now = Date.now()
      const { s, c, whole } = register(now)
      const answers = await parallel(20, () => admit(open(), whole))
      for (const answer of answers) expect(told(answer, 'admitted').claimed).toHaveLength(1)
      expect(await open().challenges.view(c.id, now)).toMatchObject({ status: 'pending' })
      expect(await list(s.userId, now)).toMatchObject([{ id: s.id, createdAt: now }])
      expect((await turn(s, 0, now)).kind).toBe('turned')
      expect((await admit(open(), whole)).kind).toBe('admitted')
      expect(await turn(s, 1, now)).toMatchObject({ n: 2 })
    })

    it('is opened once also without anything else', async () => {
      const now = Date.now()
      const s = session(now)
      for (const _ of ['first', 'repeated']) told(await admit(open(), group(now, [], { session: s })), 'admitted')
      expect(await list(s.userId, now)).toHaveLength(1)
    })

    it('is not opened when the rest is refused, and the rest not when it is', async () => {
      const now = Date.now()
      const takes = [place(unique('ip'), [one('none', 0, HOUR)])]
      const limited = register(now)
      expect((await admit(open(), { ...limited.whole, takes })).kind).toBe('limited')
      expect((await turn(limited.s, 0, now)).kind).toBe('over')
      const stale = register(now)
      await open().sessions.revokeAll(stale.s.userId, now)
      expect(await admit(open(), stale.whole)).toEqual({ kind: 'revoked' })
      expect(await open().challenges.view(stale.c.id, now)).toBeNull()
    })
  })

  describe('sessions.revoke', () => {
    it('ends one family, asked by its person or by a holder of its nonce', async () => {
      const now = Date.now()
      for (const by of [(s: NewSession) => ({ userId: s.userId }), (s: NewSession) => ({ nonce: s.nonce })]) {
        const s = await loggedIn(open(), now)
        const other = await loggedIn(open(), now, { userId: s.userId })
        expect(await open().sessions.revoke(s.id, by(s), now)).toBe('revoked')
        expect(await open().sessions.revoke(s.id, by(s), now)).toBe('revoked')
        expect((await turn(s, 0, now)).kind).toBe('over')
        expect((await turn(other, 0, now)).kind).toBe('turned')
      }
    })

    it('does not find what is another’s or unknown', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      const { revoke } = open().sessions
      expect(await revoke(s.id, { userId: id('usr', now) }, now)).toBe('missing')
      expect(await revoke(s.id, { nonce: unique('nonce') }, now)).toBe('missing')
      expect(await revoke(id('ses', now), { userId: s.userId }, now)).toBe('missing')
      expect((await turn(s, 0, now)).kind).toBe('turned')
    })
  })

  describe('sessions.revokeAll', () => {
    it('ends every family of the person and nobody else’s, again and again', async () => {
      const now = Date.now()
      const other = await loggedIn(open(), now)
      const userId = id('usr', now)
      for (const at of [now, now + MINUTE]) {
        const mine = [await loggedIn(open(), at, { userId }), await loggedIn(open(), at, { userId })]
        await open().sessions.revokeAll(userId, at + SECOND)
        for (const s of mine) expect((await turn(s, 0, at + SECOND)).kind).toBe('over')
        expect(await list(userId, at + SECOND)).toEqual([])
      }
      expect((await turn(other, 0, now)).kind).toBe('turned')
    })

    it('ends also what a clock ahead of ours has opened', async () => {
      const now = Date.now()
      const userId = id('usr', now)
      await open().sessions.revokeAll(userId, now + 5 * SECOND)
      const s = await loggedIn(open(), now + 6 * SECOND, { userId })
      await open().sessions.revokeAll(userId, now)
      expect((await turn(s, 0, now)).kind).toBe('over')
    })

    it('leaves no token good, whatever was turned beside it', async () => {
      const now = Date.now()
      const userId = id('usr', now)
      const all = await parallel(5, () => loggedIn(open(), now, { userId }))
      const turns = parallel(20, (i) => turn(all[i % 5]!, 0, now))
      await Promise.all([turns, open().sessions.revokeAll(userId, now)])
      for (const s of all) for (const n of [0, 1]) expect((await turn(s, n, now)).kind).toBe('over')
    })
  })

  describe('sessions.list', () => {
    it('shows the live ones, newest first', async () => {
      const now = Date.now()
      const old = await loggedIn(open(), now, { agent: null, ip: null })
      const { userId } = old
      const gone = await loggedIn(open(), now + SECOND, { userId })
      const young = await loggedIn(open(), now + MINUTE, { userId })
      await open().sessions.revoke(gone.id, { userId }, now + MINUTE)
      await turn(old, 0, now + HOUR)
      const shownYoung = {
        ...{ id: young.id, createdAt: now + MINUTE, turnedAt: now + MINUTE, endsAt: now + MINUTE + 7 * DAY },
        ...{ agent: young.agent, ip: young.ip },
      }
      const shownOld = { id: old.id, createdAt: now, turnedAt: now + HOUR, endsAt: now + HOUR + 7 * DAY }
      expect(await list(userId, now + HOUR)).toEqual([shownYoung, { ...shownOld, agent: null, ip: null }])
      expect((await list(userId, now + MINUTE + 7 * DAY)).map((shown) => shown.id)).toEqual([old.id])
      expect(await list(userId, now + HOUR + 7 * DAY)).toEqual([])
      expect(await list(id('usr', now), now)).toEqual([])
    })
  })

  describe('a bearer', () => {
    const asking = (now: number, bearer: Bearer) => {
      const row = message(now)
      return { row, ask: () => admit(open(), group(now, [row], { bearer })) }
    }

    it('whose session lives is admitted', async () => {
      const now = Date.now()
      const { ask } = asking(now, bearerOf(await loggedIn(open(), now), now))
      expect((await ask()).kind).toBe('admitted')
    })

    it.each<[string, (s: NewSession, now: number) => Promise<unknown>]>([
      ['was revoked', (s, now) => open().sessions.revoke(s.id, { userId: s.userId }, now)],
      ['was ended with all others', (s, now) => open().sessions.revokeAll(s.userId, now)],
      [
        'was reused',
        async (s, now) => {
          for (const n of [0, 1, 0]) await turn(s, n, now)
        },
      ],
    ])('whose session %s is refused, and charged nothing', async (_, end) => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      await end(s, now)
      const takes = [place(unique('ip'), [one('once', 1, HOUR)])]
      const row = message(now)
      expect(await admit(open(), group(now, [row], { bearer: bearerOf(s, now), takes }))).toEqual({ kind: 'revoked' })
      expect(await statusOf(open(), row.id)).toBeNull()
      expect((await open().limits.take([{ ...takes[0]!, slot: unique('slot') }], now)).kind).toBe('taken')
    })

    it('of another person’s session is refused', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      const { ask } = asking(now, { ...bearerOf(s, now), userId: id('usr', now) })
      expect((await ask()).kind).toBe('revoked')
    })

    it('whose family was never written is held against the epoch', async () => {
      const now = Date.now()
      const bearer = bearerOf(session(now), now)
      expect((await asking(now, bearer).ask()).kind).toBe('admitted')
      await open().sessions.revokeAll(bearer.userId, now + SECOND)
      expect((await asking(now, bearer).ask()).kind).toBe('revoked')
      expect((await asking(now, { ...bearer, issuedAt: now + MINUTE }).ask()).kind).toBe('admitted')
    })

    it('is told what it was told before, when its call is repeated after the end', async () => {
      const now = Date.now()
      const s = await loggedIn(open(), now)
      const { ask, row } = asking(now, bearerOf(s, now))
      expect((await ask()).kind).toBe('admitted')
      await open().sessions.revokeAll(s.userId, now)
      expect((await ask()).kind).toBe('admitted')
      expect(await statusOf(open(), row.id)).toBe('queued')
    })
  })
}
