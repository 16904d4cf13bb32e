// Accounts on the way from the object to their new home, a page at a time.
import { Fault } from '../outcome/fault.ts'
import type { Copy, NewUsers, OldUsers } from '../ports/moving.ts'
import { MOVING } from '../rules/moving.ts'
import type { Leftover } from './homes.ts'

/** A page counts as copied once the new home has said of each of its accounts that it is there, or why not. */
export const accountsCopy = (current: NewUsers, old: OldUsers, leftover: Leftover): Copy => ({
  name: 'accounts',
  left: () => leftover.count(),
  async page(after, now) {
    const leaving = await old.page(after, MOVING.pageMax)
    if (leaving.length === 0) return { copied: 0, conflicts: [], next: null }
    const { present, taken } = await current.adopt(leaving)
    const told = new Set([...present, ...taken.map(({ id }) => id)])
    if (!leaving.every(({ user }) => told.has(user.id))) {
      throw new Fault('users', { cause: new Error('fewer accounts arrived than were sent') })
    }
    await old.left(present, now)
    const last = leaving.at(-1)?.user.id ?? null
    return { copied: present.length, conflicts: taken, next: leaving.length < MOVING.pageMax ? null : last }
  },
})
