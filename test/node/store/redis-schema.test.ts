// The version of what is stored: older code does not touch what a later release has written.
import { expect, it } from 'vitest'
import { Fault } from '../../../lib/outcome/fault.ts'
import { SCHEMA } from '../../../lib/store/redis/keys.ts'
import { redisStore } from '../../../lib/store/redis/store.ts'
import { queued, statusOf } from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

onRedis('the schema of redis', (on) => {
  /** As in an isolate that has asked nothing yet. */
  const fresh = () => redisStore({ url: on.upstash.url, token: on.upstash.token })

  it('is written by the first step of an isolate, in the same request', async () => {
    await on.upstash.redis('FLUSHALL')
    on.upstash.reset()
    const store = fresh()
    await store.outbox.stats(Date.now())
    expect(on.upstash.requests()).toBeLessThanOrEqual(2)
    expect(await on.upstash.redis('GET', 'posta:schema')).toBe(String(SCHEMA))
    await on.upstash.redis('DEL', 'posta:schema')
    await store.outbox.stats(Date.now())
    expect(await on.upstash.redis('GET', 'posta:schema')).toBeNull()
  })

  it('of a later release stops an isolate before it writes, with a word for the log', async () => {
    await on.upstash.redis('SET', 'posta:schema', SCHEMA + 1)
    const before = await on.upstash.dump()
    const store = fresh()
    for (const _ of ['first', 'again']) {
      const error = await queued(store, Date.now()).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(Fault)
      expect(((error as Fault).cause as Error).name).toBe('RedisNEWERSCHEMA')
    }
    expect(await on.upstash.dump()).toBe(before)
    await on.upstash.redis('SET', 'posta:schema', SCHEMA)
    expect(await statusOf(store, (await queued(store, Date.now())).id)).toBe('queued')
  })

  it('of an earlier release is raised', async () => {
    await on.upstash.redis('SET', 'posta:schema', SCHEMA - 1)
    await fresh().outbox.stats(Date.now())
    expect(await on.upstash.redis('GET', 'posta:schema')).toBe(String(SCHEMA))
  })
})
