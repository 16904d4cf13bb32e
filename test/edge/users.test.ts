// The users' contract on the SQL storage of the real Durable Object, inside workerd.
import { env } from 'cloudflare:test'
import { tableOf } from '../../lib/steps/steps.ts'
import type { UsersRunner } from '../../lib/users/sqlite/steps.ts'
import { sqliteUsers } from '../../lib/users/sqlite/users.ts'
import type { PostaStub } from '../../lib/wire.ts'
import { usersContract } from '../contract/users.ts'

// The stub's type loses what a generic method says; the class implements exactly this interface.
const stub = tableOf(() => env.POSTA_OBJECT.getByName('users-contract') as unknown as PostaStub, 'users')
let lost = 0

const runner: UsersRunner = {
  async run(name, args) {
    const answer = await stub().run(name, args)
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
