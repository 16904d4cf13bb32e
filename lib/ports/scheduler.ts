// The Scheduler port: a wake-up call for the outbox. It may be late, doubled or dead; the sweeper finishes without it.
import type { Waiting } from './row.ts'

/**
 *     await scheduler.wake([{ id: 'msg_…', generation: 3, dueAt: now + 10_000 }])
 */
export interface Scheduler {
  /** True when a wake costs nothing, so that one is also set for the end of a lease. */
  free: boolean
  /** How far ahead a wake may be asked, ms; rows due later wait in the outbox for the sweeper. */
  horizonMs: number
  /**
   * Asks that each row be attempted at its `dueAt` (epoch ms; the past means now). Idempotent by (id, generation).
   * Throws `Fault('scheduler')` when it could not be asked.
   */
  wake(rows: Waiting[]): Promise<void>
  /**
   * Asks that whatever is due be worked off, in invocations of their own, until nothing is: the sweeper has found more than
   * one invocation may do. Asked twice it does no more. Throws `Fault('scheduler')`.
   */
  drain(): Promise<void>
}
