// A fixed 40-bucket histogram of durations, cheap enough to keep per hour.
import { COUNTED_PER_MS } from './numbers.ts'

export const BUCKETS = 40

/** Upper edge of bucket i in ms: 50 ms growing by 1.4, the last one about seven hours and everything beyond. */
export const edgeMs = (bucket: number): number => Math.round(50 * 1.4 ** bucket)

export function bucketOf(ms: number): number {
  for (let bucket = 0; bucket < BUCKETS - 1; bucket++) if (ms <= edgeMs(bucket)) return bucket
  return BUCKETS - 1
}

/** The hour an instant is counted in, from 1970 on; figures of all time stand under hour 0. */
export const hourOf = (at: number): number => Math.floor(at / COUNTED_PER_MS)

/** Upper edge of the bucket that holds the p-th part (0–1) of all counts; null when there are none. */
export function percentileMs(counts: Map<number, number>, p: number): number | null {
  let total = 0
  for (const count of counts.values()) total += count
  if (total === 0) return null
  let seen = 0
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    seen += counts.get(bucket) ?? 0
    if (seen >= total * p) return edgeMs(bucket)
  }
  return edgeMs(BUCKETS - 1)
}

/** The part of what ended that a provider took; null when nothing ended. */
export const successRate = (sent: number, failed: number): number | null =>
  sent + failed === 0 ? null : sent / (sent + failed)

/** Times of so many messages, from the sum of them and from the buckets they fell into. */
export function deliveryTimes({ sent, ms, buckets }: { sent: number; ms: number; buckets: Record<string, number> }) {
  const counts = new Map(Object.entries(buckets).map(([bucket, n]): [number, number] => [Number(bucket), n]))
  return {
    meanDeliveryMs: sent === 0 ? null : Math.round(ms / sent),
    p50DeliveryMs: percentileMs(counts, 0.5),
    p95DeliveryMs: percentileMs(counts, 0.95),
  }
}
