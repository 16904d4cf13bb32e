// The worker's side: claim, attempt what was claimed, wake what comes next. Behind the alarm, QStash and the sweeper alike.

import type { Core } from '../core.ts'
import { errorFields } from '../log.ts'
import { newId } from '../names/ids.ts'
import type { Alert, Unclaimed, Wanted } from '../ports/outbox.ts'
import type { Claimed, Lease, Waiting } from '../ports/row.ts'
import { CLAIM_MAX, LEASE_MS } from '../rules/numbers.ts'
import { type Attempted, attempt } from './attempt.ts'

export const newLease = (core: Core, now: number): Lease => ({
  token: newId('lease', now, core.random),
  leaseMs: LEASE_MS,
})

export interface Delivered {
  attempted: Attempted[]
  unclaimed: Unclaimed[]
}

/**
 * Claims the named rows and what is due, as `what` says, at most six, and attempts them side by side.
 *
 *     const { attempted, unclaimed } = await deliver(core, { ids: ['msg_…'], due: true })
 */
export async function deliver(core: Core, what: Wanted, max = CLAIM_MAX): Promise<Delivered> {
  const { unclaimed, work } = await begin(core, what, max)
  return { attempted: await work, unclaimed }
}

/**
 * The same, answering as soon as the rows are claimed; `work` goes on, and never rejects. Who was woken (`ids`) and leaves
 * due rows behind wakes the next worker when its own are settled: a batch is a chain of six at a time.
 */
export async function begin(
  core: Core,
  what: Wanted,
  max = CLAIM_MAX,
): Promise<{ claimed: number; unclaimed: Unclaimed[]; work: Promise<Attempted[]> }> {
  if (!core.policy.sending) return { claimed: 0, unclaimed: [], work: Promise.resolve([]) }
  const now = core.now()
  const lease = newLease(core, now)
  const { claimed, unclaimed, next } = await core.store.outbox.claim(what, Math.min(max, CLAIM_MAX), lease, now)
  const later = unclaimed.flatMap((one): Waiting[] => (one.why === 'later' ? [one] : []))
  const chained = 'ids' in what && next ? [next] : []
  const work = Promise.all([attemptAll(core, claimed, chained), wake(core, later)]).then(([attempted]) => attempted)
  return { claimed: claimed.length, unclaimed, work }
}

/** Attempts rows already under this worker's lease, then wakes what came of it, and `next`, and alerts. */
export async function attemptAll(core: Core, claimed: Claimed[], next: Waiting[] = []): Promise<Attempted[]> {
  const ends = await Promise.all(claimed.map((row) => attemptSafely(core, row)))
  await wake(core, [...ends.flatMap((end) => end.wakes), ...next])
  for (const alert of ends.flatMap((end) => end.alerts)) tell(core, alert)
  return ends
}

/** A row whose store failed mid-way keeps its lease until that ends; the sweeper takes it from there. */
async function attemptSafely(core: Core, row: Claimed): Promise<Attempted> {
  try {
    return await attempt(core, row)
  } catch (error) {
    core.log('error', 'attempt_failed', { message_id: row.id, ...errorFields(error) })
    return { id: row.id, status: 'sending', code: null, tries: 1, wakes: [], alerts: [] }
  }
}

/**
 * Asks the scheduler, once for all rows of the same instant: whom the first of them wakes takes the others too. A dead
 * scheduler costs time, not messages: the sweeper finds what is overdue.
 */
export async function wake(core: Core, rows: Waiting[]): Promise<void> {
  const now = core.now()
  const firsts = new Map(rows.toReversed().map((row) => [Math.max(row.dueAt, now), row]))
  const near = [...firsts.values()].filter((row) => row.dueAt - now <= core.scheduler.horizonMs).toReversed()
  if (near.length === 0) return
  try {
    await core.scheduler.wake(near)
  } catch (error) {
    core.log('warn', 'wake_failed', { count: near.length, ...errorFields(error) })
  }
}

function tell(core: Core, alert: Alert): void {
  core.log(alert.state === 'down' ? 'error' : 'info', 'provider_outage', {
    provider: alert.provider,
    state: alert.state,
    code: alert.code,
  })
  core.tellOperator(alert)
}
