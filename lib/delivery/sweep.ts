// The sweeper: whatever was never woken, or whose worker died. Every minute, one store command when idle.
import { ARM_HORIZON_MS, CLAIM_MAX, SWEEP_MAX } from '../policies.ts'
import type { Core } from './core.ts'
import { deliver, wake } from './deliver.ts'

export interface Swept {
  armed: number
  attempted: number
}

export async function sweep(core: Core): Promise<Swept> {
  const { overdue, upcoming } = await core.store.outbox.due(ARM_HORIZON_MS, SWEEP_MAX, core.now())
  await wake(core, upcoming)
  let attempted = 0
  let left = overdue
  while (left > 0 && attempted < SWEEP_MAX && core.policy.sending) {
    const turn = await deliver(core, { due: true }, Math.min(CLAIM_MAX, SWEEP_MAX - attempted))
    attempted += turn.attempted.length
    // A turn that claimed nothing found only rows behind open breakers: they have been put off.
    left = turn.attempted.length === 0 ? 0 : left - turn.attempted.length - turn.unclaimed.length
  }
  if (attempted > 0 || upcoming.length > 0) core.log('info', 'swept', { count: attempted })
  return { armed: upcoming.length, attempted }
}
