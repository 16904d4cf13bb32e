// The Users port: accounts, behind one interface with two adapters (sqlite, supabase).
//
// Every method is one atomic step and one round trip. `now` and every `*At` is the caller's clock in epoch ms. Methods
// throw `Fault('users')` when the adapter cannot answer; all of them may be called again with the same arguments after
// that: a repeat changes nothing twice. What was done is told again; a no is judged anew.
// Nothing here normalises, parses or hashes: what is compared arrives in its normal form.
import type { Address } from '../names/address.ts'
import type { Username } from '../names/username.ts'
import type { Locale } from './renderer.ts'

export interface User {
  /** `usr_…` */
  id: string
  username: Username
  email: Address
  emailVerified: boolean
  /**
   * E.164; null = none. Several accounts may have the same one: families share a phone, and if it were unique, a stranger
   * could block a number or learn that it has an account. Nothing is looked up by it.
   */
  phone: string | null
  /** False while there is no phone. */
  phoneVerified: boolean
  locale: Locale
  /** As given at registration; posta only keeps it. */
  referralCode: string | null
  /** PHC string, or bcrypt's own form of an older system until the next login. */
  passwordHash: string
  createdAt: number
}

/** What no two accounts share. */
export type UserField = 'username' | 'email'

/** One key, in its normal form. */
export type Login = { username: string } | { email: string }

export type Created =
  /** The account as it is now. */
  | { kind: 'created'; user: User }
  /** All the fields that another account has, in the order of `UserField`; nothing was written. */
  | { kind: 'taken'; fields: UserField[] }

export interface Verification {
  userId: string
  contact: 'email' | 'phone'
  /** The very address the code or link went to: `deliver` of an e-mail, E.164 of a phone. */
  address: string
  challengeId: string
  now: number
}

export type Verified =
  | { kind: 'verified'; user: User }
  /** The account has another address by now. */
  | { kind: 'stale' }
  | { kind: 'missing' }

export interface AddressChange {
  userId: string
  /** What the account had when the change was asked for: `deliver` of an e-mail, E.164 of a phone, null for no phone. */
  from: string | null
  /** The account's hash when the change was asked for: with another password came somebody else's decision. */
  hash: string
  /** What the challenge has proved. */
  to: { email: Address } | { phone: string }
  challengeId: string
  now: number
}

export type AddressChanged =
  | { kind: 'changed'; user: User }
  /** Another account took the e-mail in the meantime; never of a phone. */
  | { kind: 'taken'; fields: UserField[] }
  /** The account no longer has `from`, or its password was changed. */
  | { kind: 'stale' }
  | { kind: 'missing' }

export interface NewPassword {
  userId: string
  hash: string
  /**
   * A challenge that allows it, with the address its code went to (`deliver`), which must still be the account's: who read
   * that mail has proved it as well. Or the hash it replaces: whoever knew that one may set another, or the same one anew.
   */
  by: { challengeId: string; email: string } | { oldHash: string }
  now: number
}

export type PasswordSet =
  /** `hash` is the account's hash. */
  | { kind: 'set'; user: User }
  /** The challenge has set a hash before, and `user.passwordHash` is not this one: a second request, not a repeat. */
  | { kind: 'spent'; user: User }
  /** `oldHash` is no longer the account's hash, or `email` no longer its address. */
  | { kind: 'stale' }
  | { kind: 'missing' }

export interface Update {
  userId: string
  locale?: Locale
  username?: Username
}

export type Updated = { kind: 'updated'; user: User } | { kind: 'taken'; fields: UserField[] } | { kind: 'missing' }

/**
 *     const created = await users.create(user)
 *     if (created.kind === 'taken') return refuse(takenRefusal(created.fields))
 */
export interface Users {
  /**
   * Makes an account, if nobody has its username or e-mail: of any number of calls for one of these at once, exactly one
   * creates. The caller names the id: a repeat finds its own account and is told `created`.
   */
  create(user: User): Promise<Created>
  /** For login and recovery. null also for what cannot be stored, such as U+0000. */
  byLogin(login: Login): Promise<User | null>
  byId(id: string): Promise<User | null>
  /** Keyed by the challenge: a late repeat is told `verified`, and verifies nothing the account has got since. */
  markVerified(verification: Verification): Promise<Verified>
  /**
   * Puts a proved address in the place of `from`, verified. Until then the new address is nowhere but in its challenge
   * and reserves nothing. Keyed by the challenge: a late repeat is told `changed` and undoes no later change.
   */
  changeAddress(change: AddressChange): Promise<AddressChanged>
  /**
   * Reset, change, or the same password hashed anew. By challenge: a challenge sets one hash, once; a late repeat never
   * brings it back. By old hash: compare and set, of several calls at once exactly one sets; a repeat finds its own hash.
   */
  setPassword(password: NewPassword): Promise<PasswordSet>
  /** Changes what is given and nothing else. */
  update(update: Update): Promise<Updated>
  /** Resolves when the adapter can answer; for /ready. */
  ping(): Promise<void>
}
