// Accounts in two homes while a deployment moves. An account's id does not say where it is: the new home is asked first,
// then the old one. Whatever changes an account copies it first, so that the old one only ever has less.

import { Fault } from '../outcome/fault.ts'
import type { Conflict, Leaving, NewUsers, OldUsers } from '../ports/moving.ts'
import type { User, UserField, Users } from '../ports/users.ts'
import { remainingOf } from '../steps/remaining.ts'

/** Whether the old home still has an account; asked once a minute, and never again once it had none. */
export interface Leftover {
  isEmpty(): Promise<boolean>
  /** As it is told now. */
  count(): Promise<number>
}

export function leftoverOf(old: OldUsers, now: () => number): Leftover {
  const { last, ask } = remainingOf(
    () => old.count(),
    (count) => count === 0,
    now,
  )
  return { isEmpty: async () => (await last()) === 0, count: ask }
}

/** Copies one account, and lets it go where it was; what the new home does not take stays, and is answered. */
export async function moveOne(
  { current, old }: { current: NewUsers; old: OldUsers },
  leaving: Leaving,
  now: number,
): Promise<Conflict | null> {
  const { present, taken } = await current.adopt([leaving])
  if (present.length > 0) await old.left(present, now)
  return taken[0] ?? null
}

/**
 * The Users port over both.
 *
 *     const users = homesUsers(supabaseUsers({ url, serviceKey }), oldUsers(steps), leftover, Date.now)
 */
export function homesUsers(current: NewUsers, old: OldUsers, leftover: Leftover, now: () => number): Users {
  /** The new home has this account now, if any home has it. */
  async function moved(id: string): Promise<void> {
    if (await leftover.isEmpty()) return
    const leaving = await old.one(id)
    if (!leaving) return
    const conflict = await moveOne({ current, old }, leaving, now())
    // Made twice while two wirings ran side by side, say: the operator is to decide, and neither is changed.
    if (conflict) throw new Fault('users', { cause: new Error(`the new home does not take ${conflict.id}`) })
  }

  async function takenInOld(ownId: string, wanted: { username?: string; email?: string }): Promise<UserField[]> {
    return (await leftover.isEmpty()) ? [] : old.taken(ownId, wanted)
  }

  const found = async (there: User | null, elsewhere: () => Promise<User | null>): Promise<User | null> =>
    there ?? ((await leftover.isEmpty()) ? null : elsewhere())

  /** An account that has left between the two questions is in the new home by now. */
  async function find(ask: (users: Pick<Users, 'byId' | 'byLogin'>) => Promise<User | null>): Promise<User | null> {
    const user = await found(await ask(current), () => ask(old))
    return user ?? ((await leftover.isEmpty()) ? null : ask(current))
  }

  return {
    async create(user) {
      const { username, email } = user
      const before = await takenInOld(user.id, { username: username.normal, email: email.normal })
      if (before.length === 0) return current.create(user)
      // Both homes may have one of the two.
      const there = await Promise.all([
        current.byLogin({ username: username.normal }),
        current.byLogin({ email: email.normal }),
      ])
      const isTaken = { username: there[0] !== null, email: there[1] !== null }
      const fields = (['username', 'email'] as const).filter((field) => isTaken[field] || before.includes(field))
      return { kind: 'taken', fields }
    },
    byLogin: (login) => find((users) => users.byLogin(login)),
    byId: (id) => find((users) => users.byId(id)),
    async markVerified(verification) {
      await moved(verification.userId)
      return current.markVerified(verification)
    },
    async changeAddress(change) {
      await moved(change.userId)
      const wanted = 'email' in change.to ? { email: change.to.email.normal } : {}
      const fields = await takenInOld(change.userId, wanted)
      return fields.length > 0 ? { kind: 'taken', fields } : current.changeAddress(change)
    },
    async setPassword(password) {
      await moved(password.userId)
      return current.setPassword(password)
    },
    async update(update) {
      await moved(update.userId)
      const wanted = update.username ? { username: update.username.normal } : {}
      const fields = await takenInOld(update.userId, wanted)
      return fields.length > 0 ? { kind: 'taken', fields } : current.update(update)
    },
    ping: () => current.ping(),
  }
}
