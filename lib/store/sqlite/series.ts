// Figures hour by hour.
import type { HourFigures } from '../../ports/record.ts'
import { hourOf, percentileMs } from '../../rules/histogram.ts'
import { COUNTED_PER_MS } from '../../rules/numbers.ts'
import { type Counts, named } from './figures.ts'

export const series = (sql: SqlStorage, hours: number, now: number): HourFigures[] =>
  sql
    .exec<{ hour: number; counts: string }>(
      'SELECT hour, counts FROM stats WHERE hour > ? ORDER BY hour',
      hourOf(now) - hours,
    )
    .toArray()
    .map(({ hour, counts }) => figuresOf(hour, JSON.parse(counts) as Counts))

function figuresOf(hour: number, counts: Counts): HourFigures {
  const buckets = new Map(
    Object.entries(named(counts, 'bucket:')).map(([bucket, n]): [number, number] => [Number(bucket), n]),
  )
  const sent = counts.sent ?? 0
  return {
    at: hour * COUNTED_PER_MS,
    sent,
    failed: counts.failed ?? 0,
    byProvider: named(counts, 'provider:'),
    meanDeliveryMs: sent === 0 ? null : Math.round((counts.ms ?? 0) / sent),
    p50DeliveryMs: percentileMs(buckets, 0.5),
    p95DeliveryMs: percentileMs(buckets, 0.95),
  }
}
