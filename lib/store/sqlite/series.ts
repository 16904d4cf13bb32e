// Figures hour by hour.
import type { HourFigures } from '../../ports/record.ts'
import { deliveryTimes, hourOf } from '../../rules/histogram.ts'
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
  const sent = counts.sent ?? 0
  return {
    at: hour * COUNTED_PER_MS,
    sent,
    failed: counts.failed ?? 0,
    byProvider: named(counts, 'provider:'),
    ...deliveryTimes({ sent, ms: counts.ms ?? 0, buckets: named(counts, 'bucket:') }),
  }
}
