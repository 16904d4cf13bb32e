// Counters as the figures of the port.

import type { BreakerState, Stats } from '../../ports/record.ts'
import { percentileMs, successRate } from '../../rules/histogram.ts'
import { type List, list } from './rows.ts'

export interface RawStats {
  /** Of all time. */
  totals: Record<string, number>
  /** Of the last hours. */
  recent: Record<string, number>
  depth: number
  dead: number
  breakers: List<BreakerState>
}

export function figures({ totals, recent, ...raw }: RawStats): Stats {
  const part = (prefix: string) =>
    Object.fromEntries(
      Object.entries(totals)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, n]) => [name.slice(prefix.length), n]),
    )
  const buckets = Object.entries(recent)
    .filter(([name]) => name.startsWith('bucket:'))
    .map(([name, n]): [number, number] => [Number(name.slice('bucket:'.length)), n])
  const sent = recent.sent ?? 0
  return {
    totalSent: totals.sent ?? 0,
    totalFailed: totals.failed ?? 0,
    byPriority: part('priority:'),
    byChannel: part('channel:'),
    byProvider: part('provider:'),
    successRate: successRate(sent, recent.failed ?? 0),
    meanDeliveryMs: sent === 0 ? null : Math.round((recent.ms ?? 0) / sent),
    p95DeliveryMs: percentileMs(new Map(buckets), 0.95),
    queueDepth: raw.depth,
    dead: raw.dead,
    breakers: list(raw.breakers).sort((a, b) => (a.provider < b.provider ? -1 : 1)),
  }
}
