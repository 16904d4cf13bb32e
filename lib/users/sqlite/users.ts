// The Users port over the SQLite object: every method is one call to it.
import type { Users } from '../../ports/users.ts'
import { callerOf } from '../../steps/steps.ts'
import type { UsersRunner } from './steps.ts'

/** `steps` gives a fresh stub per call: after a broken one only a new one works. */
export function sqliteUsers(steps: () => UsersRunner): Users {
  const call = callerOf(steps, 'users')
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
