// The alarm of the object that holds the rows: it rings for what is due, and needs no rows of its own.
import { ALARM, CLAIM_MAX, LEFT_TO_WORKERS_MS } from '../../rules/numbers.ts'
import { PRIORITIES } from '../../rules/status.ts'
import { workingOn } from './due.ts'

/** Which wakes were rung, and when: a worker has been started for them. Memory is enough; a restart rings once more. */
export type Rung = Map<string, number>

interface Wake extends Record<string, SqlStorageValue> {
  id: string
  wake_at: number
}

const nameOf = ({ id, wake_at }: Wake): string => `${id} ${wake_at}`

const first = (sql: SqlStorage, priority: number, max: number): Wake[] =>
  sql
    .exec<Wake>(
      'SELECT id, wake_at FROM messages WHERE priority = ? AND wake_at IS NOT NULL ORDER BY wake_at, id LIMIT ?',
      priority,
      max,
    )
    .toArray()

/**
 * Takes what is due, in the order of priority and time, in loads that one worker can start at once; answers when to ring
 * again. What was rung rings again after the lease this may have led to, for as long as it is due.
 */
export function ringRows(sql: SqlStorage, rung: Rung, now: number): { loads: string[][]; next: number | null } {
  for (const [name, at] of rung) if (at + ALARM.againMs <= now) rung.delete(name)
  const isDue = (wake: Wake) => wake.wake_at <= now && !rung.has(nameOf(wake))
  const [high = [], ...lower] = PRIORITIES.map((_, priority) => first(sql, priority, ALARM.ringsMax + rung.size))
  const places = placesFor(sql, lower, rung, now)
  const due = [...high.filter(isDue), ...lower.flat().filter(isDue).slice(0, places)].slice(0, ALARM.ringsMax)
  for (const wake of due) rung.set(nameOf(wake), now)
  const loads: string[][] = []
  for (let at = 0; at < due.length; at += CLAIM_MAX) loads.push(due.slice(at, at + CLAIM_MAX).map((wake) => wake.id))
  const next = nextRing(sql, rung, now)
  return { loads, next: next === null || due.length === 0 ? next : Math.max(next, now + ALARM.turnMs) }
}

/**
 * How many rows of lower priority may be started: those that fell due together leave six at a time, so that no provider is
 * asked for all of a batch at once; a backlog leaves as fast as the alarm can ring.
 */
function placesFor(sql: SqlStorage, lower: Wake[][], rung: Rung, now: number): number {
  const due = lower.flat().filter((wake) => wake.wake_at <= now)
  if (due.length === 0) return 0
  if (due.some((wake) => wake.wake_at <= now - LEFT_TO_WORKERS_MS && !rung.has(nameOf(wake)))) return ALARM.ringsMax
  const started = due.filter((wake) => rung.has(nameOf(wake))).length
  return Math.max(0, CLAIM_MAX - started - workingOn(sql, now))
}

/**
 * When to ring next: the first wake that was not rung yet, or the second ring of one that was. Due rows that have no place
 * are rung for when a worker has settled, or when the first of the leases ends.
 */
export function nextRing(sql: SqlStorage, rung: Rung, now: number): number | null {
  const ahead = PRIORITIES.map((_, priority) => first(sql, priority, rung.size + 1))
  const isFull = placesFor(sql, ahead.slice(1), rung, now) === 0
  let next = Number.POSITIVE_INFINITY
  for (const [priority, wakes] of ahead.entries()) {
    for (const wake of wakes) {
      const rungAt = rung.get(nameOf(wake))
      const waits = priority > 0 && isFull && rungAt === undefined && wake.wake_at <= now
      next = Math.min(next, waits ? leaseEnd(sql, now) : rungAt === undefined ? wake.wake_at : rungAt + ALARM.againMs)
      if (rungAt === undefined) break
    }
  }
  return next === Number.POSITIVE_INFINITY ? null : next
}

/** When the first row of lower priority wakes that is not due yet: that is the latest at which a place is free. */
function leaseEnd(sql: SqlStorage, now: number): number {
  const ends = PRIORITIES.slice(1).flatMap((_, lower) =>
    sql
      .exec<{ at: number | null }>(
        'SELECT min(wake_at) AS at FROM messages WHERE priority = ? AND wake_at > ?',
        lower + 1,
        now,
      )
      .toArray(),
  )
  return Math.min(...ends.map(({ at }) => at ?? Number.POSITIVE_INFINITY))
}
