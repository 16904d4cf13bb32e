// The Redis store on a real redis-server behind the REST façade: the contract.
import { afterAll, describe, vi } from 'vitest'
import { redisStore } from '../../../lib/store/redis/store.ts'
import { storeContract } from '../../contract/store.ts'
import { redisMissing, startUpstash, type Upstash } from '../../fakes/upstash.ts'

// Some tests make a thousand requests one after the other; a busy machine needs longer for them than for SQLite.
vi.setConfig({ testTimeout: 30_000 })

const suite = redisMissing === null ? 'redis' : `redis (skipped: ${redisMissing})`

describe.skipIf(redisMissing !== null)(suite, () => {
  let upstash: Upstash | undefined
  afterAll(() => upstash?.close())
  storeContract('redis store', async () => {
    upstash = await startUpstash()
    return redisStore({ url: upstash.url, token: upstash.token })
  })
})
