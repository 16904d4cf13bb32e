// Accepting: one atomic step, then the first attempt without waiting for a scheduler.

import type { Core } from '../core.ts'
import type { Admission, Admitted } from '../ports/outbox.ts'
import type { Attempted } from './attempt.ts'
import { attemptAll, newLease, wake } from './deliver.ts'

export interface Accepted {
  admitted: Admitted
  /** The first attempt of what was admitted already claimed; it goes on whether or not anybody waits for it. */
  first: Promise<Attempted[]>
}

/** `group.claim` is set here: held when nothing may be sent. `first` never rejects. */
export async function accept(core: Core, group: Omit<Admission, 'claim'>): Promise<Accepted> {
  const claim = core.policy.sending ? newLease(core, group.now) : null
  const [admitted] = await core.store.outbox.admit([{ ...group, claim }])
  if (!admitted) throw new Error('accept: the store answered nothing')
  if (admitted.kind !== 'admitted' && admitted.kind !== 'hastened') return { admitted, first: Promise.resolve([]) }
  return { admitted, first: start(core, admitted) }
}

async function start(core: Core, admitted: Extract<Admitted, { kind: 'admitted' | 'hastened' }>): Promise<Attempted[]> {
  const { claimed, waiting } = admitted
  // A free scheduler also guards the leases; elsewhere a crash in the first attempt is the sweeper's.
  const guards = core.scheduler.free
    ? claimed.map((row) => ({ id: row.id, generation: row.generation, dueAt: row.leaseUntil }))
    : []
  const [ends] = await Promise.all([attemptAll(core, claimed), wake(core, [...waiting, ...guards])])
  return ends
}
