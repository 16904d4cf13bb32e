// The users' contract on the SQL storage of a real Durable Object, inside workerd.
import { env, runInDurableObject } from 'cloudflare:test'
import { USERS_SCHEMA } from '../../lib/users/sqlite/schema.ts'
import { runUsersStep } from '../../lib/users/sqlite/steps.ts'
import { sqliteUsers, type UsersRunner } from '../../lib/users/sqlite/users.ts'
import { usersContract } from '../contract/users.ts'

const stub = env.POSTA_OBJECT.getByName('users-contract')
let lost = 0

/** What the object does for its users, done to its storage from here. */
const runner: UsersRunner = {
  async users(name, args) {
    const answer = await runInDurableObject(stub, (_object, state) => {
      state.storage.sql.exec(USERS_SCHEMA)
      return state.storage.transactionSync(() => runUsersStep(state.storage.sql, name, args))
    })
    if (lost-- > 0) throw new Error('the answer got lost')
    lost = 0
    return answer
  },
}

usersContract('sqlite users', () => ({
  users: sqliteUsers(() => runner),
  loseAnswer: () => {
    lost = 1
  },
}))
