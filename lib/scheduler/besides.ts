// The clock while a deployment moves: the object rings for its own rows, the other scheduler for all the rest.
import { homeOf } from '../names/homes.ts'
import type { Scheduler } from '../ports/scheduler.ts'

/** `scheduler`, without the wakes of what lives in the object. */
export const besidesObject = (scheduler: Scheduler): Scheduler => ({
  ...scheduler,
  async wake(rows) {
    const others = rows.filter((row) => homeOf(row.id) !== 'object')
    if (others.length > 0) await scheduler.wake(others)
  },
})
