// The Users port over the SQLite object: every method is one call to it.
import { Fault } from '../../outcome/fault.ts'
import type { Users } from '../../ports/users.ts'
import type { UsersStepAnswer, UsersStepArgs, UsersStepName } from './steps.ts'

/** The object as the Worker sees it. */
export interface UsersRunner {
  users<N extends UsersStepName>(name: N, args: UsersStepArgs<N>): Promise<UsersStepAnswer<N>>
}

/** `object` gives a fresh stub per call: after a broken one only a new one works. */
export function sqliteUsers(object: () => UsersRunner): Users {
  async function call<N extends UsersStepName>(name: N, ...args: UsersStepArgs<N>): Promise<UsersStepAnswer<N>> {
    try {
      return await object().users(name, args)
    } catch {
      // The object restarted under the call. Every step may be repeated.
      try {
        return await object().users(name, args)
      } catch (cause) {
        throw new Fault('users', { cause })
      }
    }
  }
  return {
    create: (user) => call('create', user),
    byLogin: (login) => call('byLogin', login),
    byId: (id) => call('byId', id),
    markVerified: (verification) => call('markVerified', verification),
    changeAddress: (change) => call('changeAddress', change),
    setPassword: (password) => call('setPassword', password),
    update: (update) => call('update', update),
    ping: () => call('ping'),
  }
}
