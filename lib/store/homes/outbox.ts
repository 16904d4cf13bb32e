// Messages in two homes.

import { Fault } from '../../outcome/fault.ts'
import type { Claims, Outbox, Wanted } from '../../ports/outbox.ts'
import type { Lease } from '../../ports/row.ts'
import type { Store } from '../../ports/store.ts'
import { admit } from './admit.ts'
import { type Homes, isEmpty, split } from './homes.ts'
import { breakers, list, scheduled, series, stats } from './look.ts'

export function homesOutbox(homes: Homes): Outbox {
  const { current, old } = homes
  const at = async (id: string): Promise<Outbox> => (await homes.of(id)).outbox
  const findAll: Outbox['findAll'] = (ids) =>
    split(
      homes,
      ids,
      (id) => id,
      (store, own) => store.outbox.findAll(own),
    )
  return {
    admit: (groups) => admit(homes, groups),
    claim: (what, max, lease, now) => claim(homes, what, max, lease, now),
    settle: async (settlement) => (await at(settlement.id)).settle(settlement),
    async due(horizonMs, max, now) {
      const own = await current.outbox.due(horizonMs, max, now)
      if (isEmpty(await homes.held())) return own
      // It also removes what has outlived its retention there.
      const others = await old.outbox.due(horizonMs, max, now)
      return {
        overdue: Math.min(max, own.overdue + others.overdue),
        upcoming: [...own.upcoming, ...others.upcoming].slice(0, max),
        lagMs: Math.max(own.lagMs, others.lagMs),
      }
    },
    cancel: async (id, now) => (await at(id)).cancel(id, now),
    async cancelBy(reference, now) {
      const own = await current.outbox.cancelBy(reference, now)
      return (await homes.held()).records === 0 ? own : [...own, ...(await old.outbox.cancelBy(reference, now))]
    },
    reschedule: async (id, dueAt, now) => (await at(id)).reschedule(id, dueAt, now),
    replay: async (id, force, giveUpAt, now) => (await at(id)).replay(id, force, giveUpAt, now),
    replayAll: (rows, force, now) =>
      split(
        homes,
        rows,
        (row) => row.id,
        (store, own) => store.outbox.replayAll(own, force, now),
      ),
    report: async (report) => (await at(report.messageId)).report(report),
    find: async (id) => (await at(id)).find(id),
    findAll,
    list: (filter) => list(homes, filter),
    scheduled: (now, limit, cursor) => scheduled(homes, now, limit, cursor),
    stats: (now) => stats(homes, now),
    series: (hours, now) => series(homes, hours, now),
    breakers: (now) => breakers(homes, now),
    async closeBreaker(provider, now) {
      const own = await current.outbox.closeBreaker(provider, now)
      if ((await homes.held()).messages === 0) return own
      const others = await old.outbox.closeBreaker(provider, now)
      return { closed: own.closed || others.closed, released: [...own.released, ...others.released] }
    },
  }
}

/** Named rows where they live; what is due in both, the store of the rows that woke the worker first. */
async function claim(homes: Homes, what: Wanted, max: number, lease: Lease, now: number): Promise<Claims> {
  const named = new Map<Store, string[]>()
  for (const id of 'ids' in what ? what.ids : []) {
    const store = await homes.of(id)
    named.set(store, [...(named.get(store) ?? []), id])
  }
  const asked = [...named.keys()]
  if (what.due) {
    // The current one is asked by whoever was woken for nothing in particular, and by the sweep.
    if (!asked.includes(homes.current)) asked.push(homes.current)
    if (!asked.includes(homes.old) && (await homes.held()).messages > 0) asked.push(homes.old)
  }
  const claims: Claims = { claimed: [], unclaimed: [] }
  for (const store of asked) {
    const ids = named.get(store)
    const own: Wanted = ids ? { ids, ...(what.due ? { due: true } : {}) } : { due: true }
    const left = max - claims.claimed.length
    // Without a place, named rows are still told of; nothing else is asked for.
    if (left === 0 && !ids) continue
    const told = await store.outbox
      .claim(left === 0 && ids ? { ids } : own, left, lease, now)
      .catch((error: unknown) => {
        // Rows already under our lease must be worked on, whatever the other store says; its own the sweeper finds.
        if (left < max && error instanceof Fault) return null
        throw error
      })
    if (!told) break
    claims.claimed.push(...told.claimed)
    claims.unclaimed.push(...told.unclaimed)
    if (told.next && !claims.next) claims.next = told.next
  }
  return claims
}
