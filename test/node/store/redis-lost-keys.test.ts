// Whatever key of an index is lost, accepting and sending go on, and a repeat puts back what it finds missing.
import { describe, expect, it } from 'vitest'
import { repairRedis } from '../../../lib/store/redis/repair.ts'
import {
  admit,
  challenge,
  codeRow,
  ends,
  group,
  HOUR,
  message,
  newLease,
  opening,
  queued,
  SECOND,
  sending,
  sent,
  settlement,
  statusOf,
  told,
} from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

const INDEX = /^posta:(live|unarmed|dead|messages|recipient|hours|events|breakers|stats)\b/

onRedis('redis without a key of an index', (on) => {
  it('accepts and settles', async () => {
    const now = Date.now()
    await sending(on.store, now)
    await queued(on.store, now, { dueAt: now + HOUR })
    const indexes = ((await on.upstash.redis('KEYS', '*')) as string[]).filter((key) => INDEX.test(key))
    expect(indexes.length).toBeGreaterThan(5)
    for (const [i, key] of [...indexes, '*'].entries()) {
      const at = now + i * SECOND
      const c = challenge(at)
      const lose = () => on.upstash.redis('DEL', ...(key === '*' ? indexes : [key]))
      await lose()
      const whole = opening(at, c, codeRow(at, c), { claim: newLease(at) })
      const [held] = told(await admit(on.store, whole), 'admitted').claimed
      await lose()
      expect(await on.store.outbox.settle(settlement(held!, 'accepted', sent, at)), key).toMatchObject({
        status: 'sent',
      })
      expect(await statusOf(on.store, held!.id)).toBe('sent')
    }
  })

  describe('puts a row back that', () => {
    it.each<[string, (row: ReturnType<typeof message>, now: number) => Promise<unknown>]>([
      ['is admitted again', async (row, now) => admit(on.store, group(now, [row]))],
      ['is claimed by its name', async (row, now) => on.store.outbox.claim({ ids: [row.id] }, 1, newLease(now), now)],
    ])('%s', async (_, touch) => {
      const now = Date.now()
      const row = message(now)
      await admit(on.store, group(now, [row]))
      await on.upstash.redis('DEL', 'posta:live:medium')
      await touch(row, now)
      expect(await on.upstash.redis('ZSCORE', 'posta:live:medium', row.id)).not.toBeNull()
    })
  })

  it('has every index back after a repair, which then finds nothing missing', async () => {
    const now = Date.now()
    await on.upstash.redis('FLUSHALL')
    const recipient = 'somebody'
    await queued(on.store, now, { recipient, dueAt: now + HOUR })
    await sending(on.store, now, { recipient })
    const failed = await sending(on.store, now, { recipient })
    await on.store.outbox.settle(settlement(failed, 'rejected', ends('failed'), now))
    const done = await sending(on.store, now)
    await on.store.outbox.settle(settlement(done, 'accepted', sent, now))
    const indexes = async () =>
      (await on.upstash.dump())
        .split('\n')
        .filter((line) => /^posta:(live|unarmed|dead|messages|recipient|hours)\b/.test(line))
    const before = await indexes()
    for (const line of before) await on.upstash.redis('DEL', line.split(' ')[0] ?? '')
    const config = { url: on.upstash.url, token: on.upstash.token }
    expect(await repairRedis(config, () => now)).toMatchObject({ rows: 4 })
    const ofTheDone = (line: string) => line.includes('recipient') && line.includes(done.id)
    expect(await indexes()).toEqual(before.filter((line) => !ofTheDone(line)))
    expect(await repairRedis(config, () => now)).toEqual({ rows: 4, missing: 0 })
  })
})
