// The users' contract: every adapter passes all of it, on the real thing.
import { beforeAll, describe } from 'vitest'
import { addressContract } from './users-address.ts'
import { createContract } from './users-create.ts'
import type { UsersUnderTest } from './users-kit.ts'
import { passwordContract } from './users-password.ts'
import { updateContract } from './users-update.ts'

export function usersContract(name: string, open: () => Promise<UsersUnderTest> | UsersUnderTest): void {
  describe(name, () => {
    let opened: UsersUnderTest
    beforeAll(async () => {
      opened = await open()
      await opened.users.ping()
    }, 60_000)
    createContract(() => opened)
    addressContract(() => opened)
    passwordContract(() => opened)
    updateContract(() => opened)
  })
}
