// Figures on Redis: an hour's counters become part of the totals once the hour is over, and are counted once.
import { expect, it } from 'vitest'
import { RETENTION } from '../../../lib/rules/numbers.ts'
import { HOUR, sending, sent, settlement } from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

onRedis('figures on redis', (on) => {
  const send = async (now: number) => {
    const row = await sending(on.store, now, { providers: ['p'] })
    await on.store.outbox.settle(settlement(row, 'accepted', sent, now))
  }
  const total = async (now: number) => (await on.store.outbox.stats(now)).totalSent

  it('of all time are the same before and after an hour was added up, however often the sweeper comes', async () => {
    const now = Date.now()
    await on.upstash.redis('FLUSHALL')
    await send(now)
    await send(now + HOUR)
    for (let hour = 1; hour < 6; hour++) {
      expect(await total(now + hour * HOUR)).toBe(2)
      for (const _ of [1, 2]) await on.store.outbox.due(0, 100, now + hour * HOUR)
      expect(await total(now + hour * HOUR)).toBe(2)
    }
    await send(now + 5 * HOUR)
    expect(await on.store.outbox.stats(now + 5 * HOUR)).toMatchObject({ totalSent: 3, byProvider: { p: 3 } })
  })

  it('stay when their hours are gone', async () => {
    const now = Date.now()
    await on.upstash.redis('FLUSHALL')
    await send(now)
    await on.store.outbox.due(0, 100, now + 3 * HOUR)
    await on.upstash.redis('DEL', `posta:stats:${Math.floor(now / HOUR)}`)
    expect(await total(now + RETENTION.statsMs)).toBe(1)
  })

  it('are asked for hour by hour once, not again by every idle turn', async () => {
    const now = Date.now()
    await on.store.outbox.due(0, 100, now + 24 * HOUR)
    await on.upstash.redis('CONFIG', 'RESETSTAT')
    await on.store.outbox.due(0, 100, now + 24 * HOUR)
    const calls = /cmdstat_hgetall:calls=(\d+)/.exec(String(await on.upstash.redis('INFO', 'commandstats')))
    expect(Number(calls?.[1] ?? 0)).toBe(0)
  })
})
