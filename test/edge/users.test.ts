// The users' contract on the SQL storage of the real Durable Object, inside workerd.
import { env } from 'cloudflare:test'
import { sqliteUsers, type UsersRunner } from '../../lib/users/sqlite/users.ts'
import { usersContract } from '../contract/users.ts'

// The stub's type loses what a generic method says; the class implements exactly this interface.
const stub = env.POSTA_OBJECT.getByName('users-contract') as unknown as UsersRunner
let lost = 0

const runner: UsersRunner = {
  async users(name, args) {
    const answer = await stub.users(name, args)
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
