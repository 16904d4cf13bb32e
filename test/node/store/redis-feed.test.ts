// The feed on Redis: readers are told when they fell behind, and its numbers never go back, whatever is lost.
import { expect, it } from 'vitest'
import { RETENTION } from '../../../lib/rules/numbers.ts'
import { DAY, queued, sending, sent, settlement, times } from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

onRedis('the feed on redis', (on) => {
  const read = (seq: number) => on.store.events.after(seq, 1_000)

  it('tells a reader that events were let go which it has not seen', async () => {
    const now = Date.now()
    await on.upstash.redis('FLUSHALL')
    for (const i of times(3, (n) => n)) await queued(on.store, now - RETENTION.eventMs + i * DAY)
    const { events } = await read(0)
    const [first = 0, second = 0, third = 0] = events.map((event) => event.seq)
    expect((await read(first)).behind).toBe(false)
    await on.store.outbox.due(0, 100, now + DAY + 1)
    expect(await read(0)).toEqual({ events: events.slice(2), behind: false })
    expect(await read(first)).toEqual({ events: events.slice(2), behind: true })
    expect(await read(third)).toEqual({ events: [], behind: false })
    expect(second).toBeLessThan(third)
  })

  it('keeps its newest event, so that a reader who has it is not behind', async () => {
    const now = Date.now()
    await on.upstash.redis('FLUSHALL')
    await queued(on.store, now)
    const last = (await read(0)).events.at(-1)?.seq ?? 0
    await on.store.outbox.due(0, 100, now + 2 * RETENTION.eventMs)
    expect(await read(last)).toEqual({ events: [], behind: false })
  })

  it('goes on with later numbers when it was lost, and says so', async () => {
    const now = Date.now()
    const row = await sending(on.store, now)
    const seq = (await read(0)).events.at(-1)?.seq ?? 0
    await on.upstash.redis('DEL', 'posta:events')
    expect((await read(seq)).behind).toBe(true)
    await on.store.outbox.settle(settlement(row, 'accepted', sent, now + 1))
    const { events, behind } = await read(seq)
    expect([events.map((event) => event.type), behind]).toEqual([['sent'], true])
    expect(events[0]?.seq).toBeGreaterThan(seq)
    // A clock that was put back does not put the numbers back.
    await queued(on.store, now - DAY)
    expect((await read(events[0]?.seq ?? 0)).events).toHaveLength(1)
  })
})
