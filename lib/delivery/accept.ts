// Accepting: one atomic step, then the first attempts without waiting for a scheduler.

import type { Core } from '../core.ts'
import type { Admission, Admitted } from '../ports/admission.ts'
import type { Waiting } from '../ports/row.ts'
import { PRIORITIES } from '../rules/status.ts'
import type { Attempted } from './attempt.ts'
import { attemptAll, newLease, wake } from './deliver.ts'

/** `claim` is set here: held when nothing may be sent. */
export type Group = Omit<Admission, 'claim'>

export interface Accepted {
  admitted: Admitted
  /** The first attempt of what was admitted already claimed; it goes on whether or not anybody waits for it. Never rejects. */
  first: Promise<Attempted[]>
}

export async function accept(core: Core, group: Group): Promise<Accepted> {
  const { admitted, first } = await acceptAll(core, [group])
  const [one] = admitted
  if (!one) throw new Error('accept: the store answered nothing')
  return { admitted: one, first }
}

/**
 * The same for up to 100 groups in one trip, each all or nothing. Of all their rows that are due, six start here, by
 * priority; when they are settled, one wake goes out for the rest.
 *
 *     const { admitted, first } = await acceptAll(core, messages.map((message) => groupOf(message)))
 */
export async function acceptAll(
  core: Core,
  groups: Group[],
): Promise<{ admitted: Admitted[]; first: Accepted['first'] }> {
  const [now] = groups.map((group) => group.now)
  const claim = core.policy.sending && now !== undefined ? newLease(core, now) : null
  const admitted = await core.store.outbox.admit(groups.map((group) => ({ ...group, claim })))
  return { admitted, first: start(core, groups, admitted) }
}

async function start(core: Core, groups: Group[], admitted: Admitted[]): Promise<Attempted[]> {
  const taken = admitted.flatMap((one) => (one.kind === 'admitted' || one.kind === 'hastened' ? [one] : []))
  const claimed = taken.flatMap((one) => one.claimed)
  const waiting = byPriority(
    groups,
    taken.flatMap((one) => one.waiting),
  )
  const now = core.now()
  const isDue = (row: Waiting) => row.dueAt <= now
  const next = claimed.length > 0 ? waiting.filter(isDue) : []
  const later = waiting.filter((row) => !next.includes(row))
  // A free scheduler also guards the leases; elsewhere a crash in the first attempt is the sweeper's.
  const guards = core.scheduler.free
    ? claimed.map((row) => ({ id: row.id, generation: row.generation, dueAt: row.leaseUntil }))
    : []
  const [ends] = await Promise.all([attemptAll(core, claimed, next), wake(core, [...later, ...guards])])
  return ends
}

/** One wake stands for all rows of an instant: it is that of the most urgent one. */
function byPriority(groups: Group[], waiting: Waiting[]): Waiting[] {
  const ranks = new Map(
    groups.flatMap((group) => group.messages.map(({ id, priority }) => [id, PRIORITIES.indexOf(priority)])),
  )
  return waiting.toSorted((a, b) => (ranks.get(a.id) ?? 0) - (ranks.get(b.id) ?? 0))
}
