// Figures: of all time, and of the last hours.

import type { Stats } from '../../ports/record.ts'
import { deliveryTimes, successRate } from '../../rules/histogram.ts'
import { breakers } from './breaker.ts'
import { readCursor, SWEPT } from './cursors.ts'
import { counted, named } from './figures.ts'
import { DEAD } from './rows.ts'

export function stats(sql: SqlStorage, now: number): Stats {
  const { totals, recent } = counted(sql, now)
  const sent = recent.sent ?? 0
  const times = { sent, ms: recent.ms ?? 0, buckets: named(recent, 'bucket:') }
  const { meanDeliveryMs, p95DeliveryMs } = deliveryTimes(times)
  const swept = readCursor(sql, SWEPT)
  const one = (query: string) => sql.exec<{ n: number }>(query).one().n
  return {
    totalSent: totals.sent ?? 0,
    totalFailed: totals.failed ?? 0,
    byPriority: named(totals, 'priority:'),
    byChannel: named(totals, 'channel:'),
    byProvider: named(totals, 'provider:'),
    successRate: successRate(sent, recent.failed ?? 0),
    meanDeliveryMs,
    p95DeliveryMs,
    queueDepth: one('SELECT count(*) AS n FROM messages WHERE wake_at IS NOT NULL'),
    dead: one(`SELECT count(*) AS n FROM messages WHERE ${DEAD}`),
    breakers: breakers(sql, now),
    sweptAt: swept === null ? null : Number(swept),
  }
}
