// Working off what is due, asked for by an operator or an older system's own cron.
import type { Core } from '../core.ts'
import { QUEUE_WORK } from '../rules/numbers.ts'
import { callsOf, rowsLeft } from './budget.ts'
import { deliver } from './deliver.ts'

export interface Worked {
  processed: number
  sent: number
  failed: number
  /** Due rows that are left, as far as they were counted. */
  remaining: number
}

/** Calls beside the turns: the caller's account and session, and the count behind the last turn. */
const AROUND = 3

/**
 * Attempts at most `batchSize` due rows, six at a time, until that, the time or the invocation's calls are spent.
 *
 *     const { processed, remaining } = await workQueue(core, 10)
 */
export async function workQueue(core: Core, batchSize: number): Promise<Worked> {
  const endAt = core.now() + QUEUE_WORK.forMs
  const worked: Worked = { processed: 0, sent: 0, failed: 0, remaining: 0 }
  let spent = AROUND
  while (worked.processed < batchSize && core.policy.sending && core.now() < endAt) {
    const places = Math.min(batchSize - worked.processed, rowsLeft(spent))
    if (places < 1) break
    const { attempted, unclaimed } = await deliver(core, { due: true }, places)
    spent += callsOf(attempted)
    worked.processed += attempted.length
    worked.sent += attempted.filter((one) => one.status === 'sent').length
    worked.failed += attempted.filter((one) => one.status === 'failed' || one.status === 'unknown').length
    if (attempted.length + unclaimed.length === 0) break
  }
  const { overdue, upcoming } = await core.store.outbox.due(0, QUEUE_WORK.countedMax, core.now())
  return { ...worked, remaining: overdue + upcoming.length }
}
