// Counters as the figures of the port.

import type { BreakerState, HourFigures, Stats } from '../../ports/record.ts'
import { deliveryTimes, successRate } from '../../rules/histogram.ts'
import { COUNTED_PER_MS } from '../../rules/numbers.ts'
import { type List, list } from './rows.ts'

export interface RawStats {
  /** Of all time: `sent <bucket> <priority> <channel> <provider>`, `ms`, `failed`. */
  totals: Record<string, number>
  /** Of the last hours. */
  recent: Record<string, number>
  depth: number
  dead: number
  breakers: List<BreakerState>
  sweptAt: number | null
}

/** What was sent, by one of the words of its counter. */
function sentBy(counters: Record<string, number>, place: 'all' | 'bucket' | 'priority' | 'channel' | 'provider') {
  const sums: Record<string, number> = {}
  for (const [name, n] of Object.entries(counters)) {
    const [what, bucket = '', priority = '', channel = '', ...provider] = name.split(' ')
    if (what !== 'sent') continue
    const word = { all: 'all', bucket, priority, channel, provider: provider.join(' ') }[place]
    sums[word] = (sums[word] ?? 0) + n
  }
  return sums
}

export const byName = (breakers: BreakerState[]): BreakerState[] =>
  breakers.sort((a, b) => (a.provider < b.provider ? -1 : 1))

export function figures({ totals, recent, ...raw }: RawStats): Stats {
  const sent = sentBy(recent, 'all').all ?? 0
  const times = { sent, ms: recent.ms ?? 0, buckets: sentBy(recent, 'bucket') }
  const { meanDeliveryMs, p95DeliveryMs } = deliveryTimes(times)
  return {
    totalSent: sentBy(totals, 'all').all ?? 0,
    totalFailed: totals.failed ?? 0,
    byPriority: sentBy(totals, 'priority'),
    byChannel: sentBy(totals, 'channel'),
    byProvider: sentBy(totals, 'provider'),
    successRate: successRate(sent, recent.failed ?? 0),
    meanDeliveryMs,
    p95DeliveryMs,
    queueDepth: raw.depth,
    dead: raw.dead,
    breakers: byName(list(raw.breakers)),
    sweptAt: raw.sweptAt,
  }
}

export interface RawHour {
  hour: number
  counts: Record<string, number>
}

export function hourFigures({ hour, counts }: RawHour): HourFigures {
  const sent = sentBy(counts, 'all').all ?? 0
  return {
    at: hour * COUNTED_PER_MS,
    sent,
    failed: counts.failed ?? 0,
    byProvider: sentBy(counts, 'provider'),
    ...deliveryTimes({ sent, ms: counts.ms ?? 0, buckets: sentBy(counts, 'bucket') }),
  }
}
