// How many of the rows that are due nobody is about to take. Rows of high priority have wakes of their own; a batch of
// lower ones is taken six at a time by whoever has finished six, so that one provider is not asked by all of them at once.
import { CLAIM_MAX, LEFT_TO_WORKERS_MS } from './numbers.ts'

/** Due rows of one priority, and the instant since when the first of them has been due. */
export interface DueRows {
  n: number
  oldest: number | null
}

/**
 * `due` by priority, highest first; `working` counts rows of lower priority that are under lease.
 *
 *     untakenOf([{ n: 1, oldest }, { n: 40, oldest }, { n: 0, oldest: null }], 6, now) // 1
 */
export function untakenOf(due: readonly DueRows[], working: number, now: number): number {
  const [high = 0, ...lower] = due.map(({ n }) => n)
  const waiting = lower.reduce((sum, n) => sum + n, 0)
  if (waiting === 0) return high
  const isLate = due.slice(1).some(({ oldest }) => oldest !== null && oldest <= now - LEFT_TO_WORKERS_MS)
  if (isLate || working === 0) return high + waiting
  return high + Math.min(waiting, Math.max(0, CLAIM_MAX - working))
}
