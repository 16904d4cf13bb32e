// The alarm of the object that holds the rows: it rings for what is due, and needs no rows of its own.
import { ALARM, CLAIM_MAX } from '../../rules/numbers.ts'
import { PRIORITIES } from '../../rules/status.ts'

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
  const due = PRIORITIES.flatMap((_, priority) => first(sql, priority, ALARM.ringsMax + rung.size))
    .filter((wake) => wake.wake_at <= now && !rung.has(nameOf(wake)))
    .slice(0, ALARM.ringsMax)
  for (const wake of due) rung.set(nameOf(wake), now)
  const loads: string[][] = []
  for (let at = 0; at < due.length; at += CLAIM_MAX) loads.push(due.slice(at, at + CLAIM_MAX).map((wake) => wake.id))
  const next = nextRing(sql, rung)
  return { loads, next: next === null || due.length === 0 ? next : Math.max(next, now + ALARM.turnMs) }
}

/** When to ring next: the first wake that was not rung yet, or the second ring of one that was. */
export function nextRing(sql: SqlStorage, rung: Rung): number | null {
  let next = Number.POSITIVE_INFINITY
  for (const [priority] of PRIORITIES.entries()) {
    for (const wake of first(sql, priority, rung.size + 1)) {
      const rungAt = rung.get(nameOf(wake))
      next = Math.min(next, rungAt === undefined ? wake.wake_at : rungAt + ALARM.againMs)
      if (rungAt === undefined) break
    }
  }
  return next === Number.POSITIVE_INFINITY ? null : next
}
