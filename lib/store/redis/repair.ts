// Indexes that were lost, made anew from the rows: `npm run repair`.
import { REPAIR } from '../../rules/numbers.ts'
import { type RedisConfig, redisClient } from './client.ts'
import { key, SHARED } from './keys.ts'

export interface Repaired {
  rows: number
  /** Places in an index that were missing. */
  missing: number
}

/**
 * Walks every message and puts it into each index that should know it; while the service runs, and again whenever it was
 * cut off. What only an index knew stays lost: the recipient of a row that has ended without being dead.
 *
 *     const { rows, missing } = await repairRedis({ url, token }, Date.now)
 */
export async function repairRedis(config: RedisConfig, now: () => number): Promise<Repaired> {
  const client = redisClient(config)
  const prefix = key('message', '')
  const done: Repaired = { rows: 0, missing: 0 }
  let cursor = '0'
  do {
    const page = await client.scan(`${prefix}*`, cursor)
    for (let from = 0; from < page.keys.length; from += REPAIR.rowsMax) {
      const keys = page.keys.slice(from, from + REPAIR.rowsMax)
      const ids = keys.map((name) => name.slice(prefix.length))
      done.missing += Number(await client.run('repair', [...keys, ...SHARED], { ids, now: now() }))
      done.rows += keys.length
    }
    cursor = page.cursor
  } while (cursor !== '0')
  return done
}
