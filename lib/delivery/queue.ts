// Working off what is due, asked for by an operator or an older system's own cron.
import type { Core } from '../core.ts'
import { CLAIM_MAX, QUEUE_WORK, SUBREQUESTS_MAX } from '../rules/numbers.ts'
import { deliver } from './deliver.ts'

export interface Worked {
  processed: number
  sent: number
  failed: number
  /** Due rows that are left, as far as they were counted. */
  remaining: number
}

/** What a row may cost of the invocation's calls: the provider's, its settlement and a wake. */
const PER_ROW = 3
/** The count behind the last turn, and a claim and a wake for each. */
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
    const places = Math.min(
      CLAIM_MAX,
      batchSize - worked.processed,
      Math.floor((SUBREQUESTS_MAX - spent - 2) / PER_ROW),
    )
    if (places < 1) break
    const { attempted, unclaimed } = await deliver(core, { due: true }, places)
    spent += 2 + attempted.reduce((sum, one) => sum + PER_ROW + 2 * Math.max(0, one.tries - 1), 0)
    worked.processed += attempted.length
    worked.sent += attempted.filter((one) => one.status === 'sent').length
    worked.failed += attempted.filter((one) => one.status === 'failed' || one.status === 'unknown').length
    if (attempted.length + unclaimed.length === 0) break
  }
  const { overdue, upcoming } = await core.store.outbox.due(0, QUEUE_WORK.countedMax, core.now())
  return { ...worked, remaining: overdue + upcoming.length }
}
