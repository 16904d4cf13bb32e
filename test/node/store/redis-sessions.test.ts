// Sessions in Redis: what expires when, what is at rest, and what a lost answer repeats.
import { describe, expect, it } from 'vitest'
import type { NewSession } from '../../../lib/ports/sessions.ts'
import { LOGIN_RULE, RETENTION, SESSION } from '../../../lib/rules/numbers.ts'
import { keysFrom } from '../../../lib/secrets/keys.ts'
import { isRefreshToken, makeRefreshToken, newNonce, parseRefreshToken } from '../../../lib/secrets/refresh-token.ts'
import {
  admit,
  DAY,
  group,
  guess,
  HOUR,
  id,
  loggedIn,
  one,
  opened,
  place,
  right,
  SECOND,
  session,
  turning,
  unique,
} from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

onRedis('redis sessions', (on) => {
  async function expectTtl(key: string, ms: number): Promise<void> {
    const seconds = Number(await on.upstash.redis('TTL', key))
    expect(seconds, key).toBeGreaterThanOrEqual(ms / 1_000 - 60)
    expect(seconds, key).toBeLessThanOrEqual(ms / 1_000 + 1)
  }
  const turn = (...args: Parameters<typeof turning>) => on.store.sessions.turn(turning(...args))
  const attempt = (series: string, now: number) =>
    on.store.limits.throttle({ series, rule: LOGIN_RULE, token: id('req', now), takes: [], now })

  describe('expiry', () => {
    it('of a family is a day after its end, moved by each turn and not by its end', async () => {
      const now = Date.now()
      const s = await loggedIn(on.store, now)
      const key = `posta:session:${s.id}`
      await expectTtl(key, SESSION.idleMs + SESSION.keptMs)
      await on.upstash.redis('PEXPIRE', key, HOUR)
      await turn(s, 0, now)
      await expectTtl(key, SESSION.idleMs + SESSION.keptMs)
      await expectTtl(`posta:sessions:${s.userId}`, SESSION.lifeMs)
      await turn(s, 1, now)
      expect((await turn(s, 0, now)).kind).toBe('reused')
      await expectTtl(key, SESSION.idleMs + SESSION.keptMs)
    })

    it('of a family near its absolute end follows that', async () => {
      const now = Date.now()
      const s = await loggedIn(on.store, now)
      for (const n of [0, 1, 2, 3, 4]) expect((await turn(s, n, now + (n + 1) * 5 * DAY)).kind).toBe('turned')
      await turn(s, 5, now + 28 * DAY)
      await expectTtl(`posta:session:${s.id}`, SESSION.lifeMs + SESSION.keptMs)
    })

    it('of an epoch is later than the end of all it ended', async () => {
      const userId = id('usr', Date.now())
      await on.store.sessions.revokeAll(userId, Date.now())
      await expectTtl(`posta:epoch:${userId}`, SESSION.lifeMs + SESSION.keptMs)
    })

    it('of a throttle is when it would be forgotten', async () => {
      const now = Date.now()
      const series = unique('login')
      await attempt(series, now)
      await expectTtl(`posta:throttle:${series}`, LOGIN_RULE.forgetMs)
    })

    it('of the index of a user’s challenges is that of the last of them', async () => {
      const now = Date.now()
      const c = await opened(on.store, now, { audience: 'account', subject: id('usr', now), effect: 'verify' })
      await expectTtl(`posta:subject:${c.subject}`, c.endsAt - now + RETENTION.payloadMs)
      await on.store.challenges.check(guess(c, right(c), now, { effect: 'verify' }))
      await on.store.challenges.confirm(c.id, now)
      await expectTtl(`posta:challenge:${c.id}`, c.endsAt - now + RETENTION.payloadMs)
    })
  })

  it('ask Redis once for each step, its audit entry, its guard and its places included', async () => {
    const now = Date.now()
    const audit = { at: now, kind: unique('kind'), person: null, opener: null, agent: null, ip: null }
    const [s, other] = [session(now), session(now)]
    const bearer = { sessionId: s.id, userId: s.userId, issuedAt: now }
    const takes = [place(unique('ip'), [one('few', 3, HOUR)])]
    const steps = [
      (twin: NewSession) => on.store.sessions.open(twin, [unique('login')], now, audit),
      () => admit(on.store, group(now, [], { bearer, takes, audit })),
      (twin: NewSession) => on.store.sessions.revokeAll(twin.userId, now, twin.id),
      () => on.store.challenges.confirm(id('ch', now), now, audit),
    ]
    for (const step of steps) {
      // The first answer of a script may be that Redis does not know it yet.
      await step(other)
      on.upstash.reset()
      await step(s)
      expect(on.upstash.requests()).toBe(1)
    }
  })

  describe('at rest', () => {
    it('is nothing that makes a refresh token', async () => {
      const now = Date.now()
      const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
      const keys = keysFrom([{ kid: 'k', bytes: random(32) }], random)
      const s = await loggedIn(on.store, now, { nonce: newNonce(random) })
      const family = { sessionId: s.id, nonce: s.nonce }
      const tokens = await Promise.all([0, 1, 2].map((n) => makeRefreshToken(keys, { ...family, n })))
      await turn(s, 0, now)
      const dump = await on.upstash.dump()
      expect(dump).toContain(s.nonce)
      for (const token of tokens) expect(dump).not.toContain(token.split('.').at(-1))
      // Whoever reads the database knows session, turn and nonce: without our key that makes no token.
      const theirs = keysFrom([{ kid: 'k', bytes: random(32) }], random)
      const forged = parseRefreshToken(await makeRefreshToken(theirs, { ...family, n: 1 }))!
      expect(await isRefreshToken(keys, forged)).toBe(false)
    })
  })

  describe('a lost answer', () => {
    /** Its answer lost once, the step answers as if nothing had happened. */
    async function lost<T>(step: () => Promise<T>): Promise<T> {
      on.upstash.mode({ kind: 'lose_answer', times: 1 })
      on.upstash.reset()
      const answer = await step()
      expect(on.upstash.requests()).toBe(2)
      return answer
    }

    it('of open opens one family', async () => {
      const now = Date.now()
      const s = session(now)
      expect(await lost(() => on.store.sessions.open(s, [], now))).toEqual({ kind: 'opened' })
      expect(await on.store.sessions.list(s.userId, now)).toHaveLength(1)
    })

    it('of open and confirm writes one audit entry', async () => {
      const now = Date.now()
      const entry = { at: now, kind: unique('kind'), person: null, opener: null, agent: null, ip: null }
      const c = await opened(on.store, now, { audience: 'account', subject: id('usr', now), effect: 'verify' })
      await on.store.challenges.check(guess(c, right(c), now, { effect: 'verify' }))
      await lost(() => on.store.sessions.open(session(now), [], now, entry))
      await lost(() => on.store.challenges.confirm(c.id, now, entry))
      expect((await on.store.audit.list(100)).filter(({ kind }) => kind === entry.kind)).toEqual([
        { ...entry, count: 1 },
        { ...entry, count: 1 },
      ])
    })

    it('of turn gives the same successor, and still tells of a reuse', async () => {
      const now = Date.now()
      const s = await loggedIn(on.store, now)
      expect(await lost(() => turn(s, 0, now))).toMatchObject({ kind: 'turned', n: 1 })
      expect(await lost(() => turn(s, 1, now))).toMatchObject({ kind: 'turned', n: 2 })
      expect(await lost(() => turn(s, 0, now + SECOND))).toMatchObject({ kind: 'reused' })
    })

    it('of revoke and revokeAll ends what it ended', async () => {
      const now = Date.now()
      // The first answer of a script is that Redis does not know it yet.
      await on.store.sessions.revoke(id('ses', now), { userId: '' }, now)
      await on.store.sessions.revokeAll(id('usr', now), now)
      const s = await loggedIn(on.store, now)
      expect(await lost(() => on.store.sessions.revoke(s.id, { userId: s.userId }, now))).toBe('revoked')
      const kept = await loggedIn(on.store, now + SECOND, { userId: s.userId })
      await lost(() => on.store.sessions.revokeAll(s.userId, now + SECOND, kept.id))
      expect(await on.store.sessions.list(s.userId, now + SECOND)).toMatchObject([{ id: kept.id }])
      await lost(() => on.store.sessions.revokeAll(s.userId, now + SECOND))
      expect(await on.store.sessions.list(s.userId, now + SECOND)).toEqual([])
    })

    it('of throttle counts one try', async () => {
      const now = Date.now()
      const series = unique('login')
      for (const _ of [1, 2, 3, 4, 5]) expect((await lost(() => attempt(series, now))).kind).toBe('taken')
      expect(await attempt(series, now)).toMatchObject({ kind: 'limited', retryAt: now + SECOND })
    })

    it('of a check with an effect and of its confirmation changes nothing twice', async () => {
      const now = Date.now()
      const c = await opened(on.store, now, { audience: 'account', subject: id('usr', now), effect: 'reset' })
      const answer = await lost(() => on.store.challenges.check(guess(c, right(c), now, { effect: 'reset' })))
      expect(answer).toMatchObject({ kind: 'approved', again: false })
      await lost(() => on.store.challenges.confirm(c.id, now))
      expect((await on.store.challenges.check(guess(c, right(c), now, { effect: 'reset' }))).kind).toBe('over')
    })
  })
})
