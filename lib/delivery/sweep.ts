// The sweeper: whatever was never woken, or whose worker died. Every minute, one store command when idle.

import type { Core } from '../core.ts'
import { ARM_HORIZON_MS, CLAIM_MAX, SWEEP_MAX } from '../rules/numbers.ts'
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
  while (left > 0 && core.policy.sending) {
    const turn = await deliver(core, { due: true }, CLAIM_MAX)
    attempted += turn.attempted.length
    // Rows that were ended or put off behind open breakers are dealt with as well; a turn that met none finds no more.
    const met = turn.attempted.length + turn.unclaimed.length
    left = met === 0 ? 0 : left - met
  }
  if (attempted > 0 || upcoming.length > 0) core.log('info', 'swept', { count: attempted })
  return { armed: upcoming.length, attempted }
}
