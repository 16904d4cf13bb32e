// Room without end: no index of Redis grows into the limit of a record, and nothing has to be purged.
import { describe, expect, it } from 'vitest'
import { newId } from '../../../lib/names/ids.ts'
import { AUDIT_COUNTED_MAX, FEED_MAX, LISTED_LIVE_MS, RECIPIENT_RULE, RETENTION } from '../../../lib/rules/numbers.ts'
import { DAY, ends, HOUR, MINUTE, queued, sending, sent, settlement, times, unique } from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

/** Messages of a busy day; every hour has its share, and the busiest one three of them. */
const A_DAY = 1_000_000
const AN_HOUR = (A_DAY / 24) * 3
const LIMIT_BYTES = 20_000_000
/** The feed does not grow with what is sent: its length is fixed. */
const FEED_BYTES = 25_000_000

onRedis('room on redis', (on) => {
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
  /** Bytes of one more member, from a key that is filled like the real one. */
  async function bytesEach(fill: (n: number) => (string | number)[], count = 5_000): Promise<number> {
    const sizes: number[] = []
    for (let from = 0; from < 2 * count; from += 500) {
      if (from % count === 0) sizes.push(Number(await on.upstash.redis('MEMORY', 'USAGE', 'filled', 'SAMPLES', 0)) || 0)
      for (const n of times(500, (i) => from + i)) await on.upstash.redis(...fill(n))
    }
    sizes.push(Number(await on.upstash.redis('MEMORY', 'USAGE', 'filled', 'SAMPLES', 0)))
    await on.upstash.redis('DEL', 'filled')
    return ((sizes.at(-1) ?? 0) - (sizes.at(-2) ?? 0)) / count
  }
  const id = () => newId('msg', Date.now(), random)
  const entry = () =>
    JSON.stringify({
      ...{ at: Date.now(), kind: 'recovery_asked', person: 'x'.repeat(43), opener: 'anonymous' },
      ...{ agent: 'Chrome Mobile, Android', ip: '2001:db8:1234:5678::/64', id: id() },
    })

  describe('at a million messages a day', () => {
    it.each<[string, number, (n: number) => (string | number)[]]>([
      ['an hour’s messages, or its dead letters', AN_HOUR, () => ['ZADD', 'filled', 0, id()]],
      ['a recipient’s thirty days', RECIPIENT_RULE.max * 24 * 30, () => ['ZADD', 'filled', 0, id()]],
      ['an hour of the audit', A_DAY / 24, (n) => ['ZADD', 'filled', n, entry()]],
      ['an hour of counted failures', AUDIT_COUNTED_MAX, (n) => ['HSET', 'filled', `${n} ${'x'.repeat(70)}`, entry()]],
      [
        'the feed',
        FEED_MAX,
        (n) => [
          ...['XADD', 'filled', `${Date.now() * 1_000 + n}-0`, 'at', Date.now(), 'message', id()],
          ...['type', 'delivered', 'provider', n % 2 === 0 ? 'sendgrid' : ''],
        ],
      ],
    ])('%s stays far under the limit of a record', { timeout: 60_000 }, async (name, members, fill) => {
      const bytes = (await bytesEach(fill)) * members
      if (process.env.SHOW) console.log(`${name}: ${(bytes / 1e6).toFixed(1)} MB`)
      expect(bytes).toBeGreaterThan(0)
      expect(bytes).toBeLessThan(name === 'the feed' ? FEED_BYTES : LIMIT_BYTES)
    })
  })

  describe('a row that is scheduled far ahead', () => {
    it('is listed under its own hour, and under that of its end once that hour’s key may go first', async () => {
      const now = Date.now()
      const at = now + 400 * DAY
      const recipient = unique('recipient')
      const far = await queued(on.store, now, { recipient, dueAt: at, giveUpAt: at + DAY })
      const near = await queued(on.store, now + 1, { recipient })
      const list = async (more: { recipient?: string; since?: number } = { recipient }) =>
        (await on.store.outbox.list({ ...more, limit: 10 })).messages.map((one) => one.id)
      expect(await list()).toEqual([near.id, far.id])
      // Its own hour is long gone when it is sent.
      for (const key of (await on.upstash.redis('KEYS', 'posta:*')) as string[]) {
        const until = Number(await on.upstash.redis('PEXPIRETIME', key))
        if (until > 0 && until < at) await on.upstash.redis('DEL', key)
      }
      const { claimed } = await on.store.outbox.claim({ ids: [far.id] }, 1, { token: 'far', leaseMs: MINUTE }, at)
      await on.store.outbox.settle(settlement(claimed[0]!, 'accepted', sent, at))
      const later = await queued(on.store, at - HOUR, { recipient })
      // One recipient's stand in the order of their ids, everybody's in that of the hours they are listed under.
      expect(await list()).toEqual([later.id, far.id])
      expect((await list({})).slice(0, 2)).toEqual([far.id, later.id])
      for (const [filter, pages] of [
        [{ recipient }, [later.id, far.id]],
        [{}, [far.id, later.id]],
      ] as const) {
        const first = await on.store.outbox.list({ ...filter, limit: 1 })
        const second = await on.store.outbox.list({ ...filter, limit: 1, cursor: first.cursor ?? '' })
        expect([...first.messages, ...second.messages].map((one) => one.id)).toEqual(pages)
      }
      expect(await list({ since: at - 2 * HOUR })).toEqual([later.id])
    })

    it('keeps its place while its hour’s key outlives it', async () => {
      const now = Date.now()
      const row = await sending(on.store, now)
      await on.store.outbox.settle(settlement(row, 'accepted', sent, now + LISTED_LIVE_MS - HOUR))
      const hours = (await on.upstash.redis('KEYS', 'posta:messages:*')) as string[]
      const holding: string[] = []
      for (const hour of hours) if ((await on.upstash.redis('ZSCORE', hour, row.id)) !== null) holding.push(hour)
      expect(holding).toEqual([`posta:messages:${Math.floor(now / HOUR)}`])
    })
  })

  it('needs no sweep: every key of an ended message goes by itself', async () => {
    const now = Date.now()
    await on.upstash.redis('FLUSHALL')
    for (const status of ['sent', 'failed'] as const) {
      const row = await sending(on.store, now)
      await on.store.outbox.settle(settlement(row, status === 'sent' ? 'accepted' : 'rejected', ends(status), now))
    }
    const forGood: string[] = []
    for (const key of (await on.upstash.redis('KEYS', 'posta:*')) as string[]) {
      if (Number(await on.upstash.redis('PTTL', key)) < 0) forGood.push(key)
    }
    // Indexes that are trimmed as they are written, the feed that is capped, and breakers, which a success removes.
    expect(forGood.filter((key) => !/^posta:(hours:|schema$|events$|breaker)/.test(key))).toEqual([])
    expect(RETENTION.recordMs).toBeGreaterThan(LISTED_LIVE_MS)
  })
})
