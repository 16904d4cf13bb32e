// Figures: of all time, and of the last hours.

import type { Stats } from '../../ports/record.ts'
import { hourOf, percentileMs, successRate } from '../../rules/histogram.ts'
import { FIGURES_HOURS } from '../../rules/numbers.ts'
import { breakers } from './breaker.ts'
import { DEAD } from './rows.ts'

export function stats(sql: SqlStorage, now: number): Stats {
  const totals = counts(sql, 'hour = 0', [])
  const day = counts(sql, 'hour > ?', [hourOf(now) - FIGURES_HOURS])
  const sent = day.get('sent') ?? 0
  const part = (prefix: string) =>
    Object.fromEntries(
      [...totals].filter(([name]) => name.startsWith(prefix)).map(([name, n]) => [name.slice(prefix.length), n]),
    )
  const buckets = new Map(
    [...day]
      .filter(([name]) => name.startsWith('bucket:'))
      .map(([name, n]) => [Number(name.slice('bucket:'.length)), n]),
  )
  const one = (query: string) => sql.exec<{ n: number }>(query).one().n
  return {
    totalSent: totals.get('sent') ?? 0,
    totalFailed: totals.get('failed') ?? 0,
    byPriority: part('priority:'),
    byChannel: part('channel:'),
    byProvider: part('provider:'),
    successRate: successRate(sent, day.get('failed') ?? 0),
    meanDeliveryMs: sent === 0 ? null : Math.round((day.get('ms') ?? 0) / sent),
    p95DeliveryMs: percentileMs(buckets, 0.95),
    queueDepth: one('SELECT count(*) AS n FROM messages WHERE wake_at IS NOT NULL'),
    dead: one(`SELECT count(*) AS n FROM messages WHERE ${DEAD}`),
    breakers: breakers(sql, now),
  }
}

function counts(sql: SqlStorage, where: string, values: number[]): Map<string, number> {
  return new Map(
    sql
      .exec<{ name: string; n: number }>(`SELECT name, sum(n) AS n FROM stats WHERE ${where} GROUP BY name`, ...values)
      .toArray()
      .map((row) => [row.name, row.n]),
  )
}
