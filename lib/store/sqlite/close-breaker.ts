// An operator's word that a provider is well again.
import type { Waiting } from '../../ports/row.ts'
import { releaseBehind } from './behind.ts'
import { closeBreakerOf } from './breaker.ts'
import { queue } from './change.ts'
import { statusOf } from './rows.ts'
import { work } from './work.ts'

export const closeBreaker = (
  sql: SqlStorage,
  provider: string,
  now: number,
): { closed: boolean; released: Waiting[] } =>
  work(sql, (rows) => {
    const closed = closeBreakerOf(sql, provider)
    const prober = closed?.prober ? rows.message(closed.prober) : undefined
    const probes = prober && statusOf(prober) === 'queued' && prober.due_at > now ? [queue(prober, now, now)] : []
    return { closed: closed !== null, released: [...probes, ...releaseBehind(rows, provider, now)] }
  })
