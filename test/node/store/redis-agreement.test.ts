// The two stores live through the same random histories and must answer every call alike.
// A history is named by its seed: SEED=7 (that one) or HISTORIES=500 (so many) npx vitest run redis-agreement
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Store } from '../../../lib/ports/store.ts'
import { redisStore } from '../../../lib/store/redis/store.ts'
import { steps } from '../../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../../lib/store/sqlite/store.ts'
import { openSqlite } from '../../fakes/sqlite.ts'
import { redisMissing, startUpstash, type Upstash } from '../../fakes/upstash.ts'
import { History } from './redis-history.ts'

const SEEDS = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: Number(process.env.HISTORIES ?? 50) }, (_, index) => index + 1)
const STEPS = 150
vi.setConfig({ testTimeout: 30_000 })

function sqliteInNode(): Store {
  const runner = openSqlite().runner(steps)
  return sqliteStore(() => runner)
}

/** What the port leaves open: feeds number their entries alike only in order, `due` names rows in any order. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null, (name, inner: unknown) => {
      if (name === 'seq') return 0
      return name === 'upcoming' && Array.isArray(inner) ? inner.toSorted((a, b) => (a.id < b.id ? -1 : 1)) : inner
    }),
  )

const line = ({ name, expected }: { name: string; expected: unknown }): string =>
  `${name} → ${JSON.stringify(expected)}`.slice(0, 2_000)

const suite = redisMissing === null ? 'redis and sqlite' : `redis and sqlite (skipped: ${redisMissing})`

describe.skipIf(redisMissing !== null)(suite, () => {
  let upstash: Upstash
  beforeAll(async () => {
    upstash = await startUpstash()
  })
  afterAll(() => upstash.close())

  /** What Redis does by itself when its clock has come to `now`. */
  const expireUntil = (now: number) =>
    upstash.redis(
      'EVAL',
      `for _, name in ipairs(redis.call('KEYS', '*')) do
         local at = redis.call('PEXPIRETIME', name)
         if at > 0 and at <= tonumber(ARGV[1]) then redis.call('DEL', name) end
       end`,
      0,
      now,
    )

  it.each(SEEDS)('agree on every answer of history %i', async (seed) => {
    await upstash.redis('FLUSHALL')
    const redis = redisStore({ url: upstash.url, token: upstash.token })
    const sqlite = sqliteInNode()
    // Any instant will do that Redis does not reach by itself.
    const history = new History(seed, Date.UTC(2100, 0, 1))
    const told: { name: string; expected: unknown }[] = []
    for (let step = 0; step < STEPS; step++) {
      const calls = history.next()
      // Where the sweeper has been round on one, the other's keys have expired.
      if (calls[0]?.name.startsWith('due')) await expireUntil(history.now)
      for (const { name, call } of calls) {
        const [expected, actual] = [await call(sqlite), await call(redis)]
        told.push({ name, expected })
        const [left, right] = [plain(actual), plain(expected)]
        if (!isDeepStrictEqual(left, right)) {
          expect(left, `seed ${seed}, step ${step}: ${told.slice(-8).map(line).join('\n')}`).toEqual(right)
        }
        history.learn(expected)
      }
    }
  })
})
