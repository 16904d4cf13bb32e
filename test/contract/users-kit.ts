// What the users' contract is written with: unique accounts with defaults, and what every adapter is opened with.
//
// All tests share one adapter. Each makes its own accounts, so order and leftovers do not matter.
import { expect } from 'vitest'
import type { Address } from '../../lib/names/address.ts'
import { parseEmail } from '../../lib/names/address.ts'
import { base32, type IdPrefix, newId } from '../../lib/names/ids.ts'
import type { Username } from '../../lib/names/username.ts'
import type { User, Users } from '../../lib/ports/users.ts'

export interface UsersUnderTest {
  users: Users
  /** The next call is done, and its answer gets lost on the way. */
  loseAnswer(): void
}

/** Only to be asked inside a test. */
export type OpenedUsers = () => UsersUnderTest

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

export const id = (prefix: IdPrefix): string => newId(prefix, Date.now(), random)
/** Letters and digits only, so that it may be part of anything. */
export const word = (): string => base32(random(10))
export const digits = (n: number): string => [...random(n)].map((byte) => byte % 10).join('')

export const username = (typed: string): Username => ({ typed, normal: typed.normalize('NFKC').toLowerCase() })

export function email(typed: string): Address {
  const address = parseEmail(typed)
  if (!address) throw new Error(`not an address: ${typed}`)
  return address
}

export const newPhone = (): string => `+5939${digits(9)}`
export const newHash = (): string => `$argon2id$v=19$m=19456,t=2,p=1$${word()}$${word()}${word()}`

export const person = (more: Partial<User> = {}): User => ({
  id: id('usr'),
  username: username(`Ana-${word()}`),
  email: email(`Ana.${word()}@Example.com`),
  emailVerified: false,
  phone: null,
  phoneVerified: false,
  locale: 'es',
  referralCode: null,
  passwordHash: newHash(),
  createdAt: Date.now(),
  ...more,
})

export async function registered({ users }: UsersUnderTest, more: Partial<User> = {}): Promise<User> {
  const user = person(more)
  expect(await users.create(user)).toEqual({ kind: 'created', user })
  return user
}

export const parallel = <T>(n: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, index) => call(index)))

export const ofKind = <T extends { kind: string }>(answers: T[], kind: T['kind']): T[] =>
  answers.filter((answer) => answer.kind === kind)

/** Calls twice from the same start, the first time with its answer lost: both are told the same. */
export async function expectSameAfterLoss<T>(open: OpenedUsers, step: (users: Users) => Promise<T>): Promise<T> {
  open().loseAnswer()
  const answer = await step(open().users)
  expect(await step(open().users)).toEqual(answer)
  return answer
}
