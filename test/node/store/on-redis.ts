// The Redis store on a real redis-server behind its REST façade, for a file of tests; skipped by name where there is none.
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { Store } from '../../../lib/ports/store.ts'
import { redisStore } from '../../../lib/store/redis/store.ts'
import { redisMissing, startUpstash, type Upstash } from '../../fakes/upstash.ts'

export interface OnRedis {
  readonly upstash: Upstash
  readonly store: Store
}

/** `on` is filled when the tests run; after each one the line is good again. */
export function onRedis(name: string, tests: (on: OnRedis) => void): void {
  const suite = redisMissing === null ? name : `${name} (skipped: ${redisMissing})`
  describe.skipIf(redisMissing !== null)(suite, () => {
    let running: OnRedis | undefined
    const started = (): OnRedis => {
      if (!running) throw new Error('onRedis: not started yet')
      return running
    }
    beforeAll(async () => {
      const upstash = await startUpstash()
      running = { upstash, store: redisStore({ url: upstash.url, token: upstash.token }) }
    })
    afterEach(() => running?.upstash.mode({ kind: 'ok' }))
    afterAll(() => running?.upstash.close())
    tests({
      get upstash() {
        return started().upstash
      },
      get store() {
        return started().store
      },
    })
  })
}
