// The sweeper: whatever was never woken, or whose worker died. Every minute, one store command when idle.

import type { Core } from '../core.ts'
import { ARM_HORIZON_MS, CLAIM_MAX, SWEEP_MAX } from '../rules/numbers.ts'
import { callsOf, PER_TURN, rowsLeft } from './budget.ts'
import { deliver, wake } from './deliver.ts'

export interface Swept {
  armed: number
  attempted: number
}

/** Works until nothing is due or the invocation's calls are spent; then the scheduler goes on in fresh ones. */
export async function sweep(core: Core): Promise<Swept> {
  const { overdue, upcoming, lagMs } = await core.store.outbox.due(ARM_HORIZON_MS, SWEEP_MAX, core.now())
  await wake(core, upcoming)
  let attempted = 0
  let left = overdue
  let spent = PER_TURN
  while (left > 0 && core.policy.sending && rowsLeft(spent) === CLAIM_MAX) {
    const turn = await deliver(core, { due: true }, Math.min(CLAIM_MAX, left))
    attempted += turn.attempted.length
    spent += callsOf(turn.attempted)
    // Rows that were ended or put off behind open breakers are dealt with as well; a turn that met none finds no more.
    const met = turn.attempted.length + turn.unclaimed.length
    left = met === 0 ? 0 : left - met
  }
  if (left > 0 && core.policy.sending) await core.scheduler.drain()
  if (attempted > 0 || upcoming.length > 0) core.log('info', 'swept', { count: attempted })
  if (lagMs > 0) core.log('warn', 'purge_behind', { duration_ms: lagMs })
  return { armed: upcoming.length, attempted }
}
