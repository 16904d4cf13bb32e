// The accounts' steps by name: what crosses from the Worker to the object, which runs each in one transaction.

import type {
  AddressChange,
  AddressChanged,
  Created,
  Login,
  NewPassword,
  PasswordSet,
  Update,
  Updated,
  User,
  Verification,
  Verified,
} from '../../ports/users.ts'
import type { AnswerOf, ArgsOf, Runner } from '../../steps/steps.ts'
import { hadEffect, keepEffect, takenBy, userBy } from './rows.ts'

const byId = (sql: SqlStorage, id: string): User | null => userBy(sql, 'id', id)

const byLogin = (sql: SqlStorage, login: Login): User | null =>
  'username' in login ? userBy(sql, 'username_normal', login.username) : userBy(sql, 'email_normal', login.email)

/** The row this step has just seen, as it is now. */
function fresh(sql: SqlStorage, id: string): User {
  const user = byId(sql, id)
  if (!user) throw new Error('users: the row vanished')
  return user
}

function create(sql: SqlStorage, user: User): Created {
  const own = byId(sql, user.id)
  if (own) return { kind: 'created', user: own }
  const { username, email, phone } = user
  const fields = takenBy(sql, user.id, { username: username.normal, email: email.normal })
  if (fields.length > 0) return { kind: 'taken', fields }
  sql.exec(
    `INSERT INTO users (id, username, username_normal, email, email_normal, email_verified, phone, phone_verified, locale,
       referral_code, password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    user.id,
    username.typed,
    username.normal,
    email.deliver,
    email.normal,
    user.emailVerified ? 1 : 0,
    phone,
    user.phoneVerified ? 1 : 0,
    user.locale,
    user.referralCode,
    user.passwordHash,
    user.createdAt,
  )
  return { kind: 'created', user: fresh(sql, user.id) }
}

function markVerified(sql: SqlStorage, v: Verification): Verified {
  const user = byId(sql, v.userId)
  if (!user) return { kind: 'missing' }
  if (hadEffect(sql, v.challengeId, 'verified')) return { kind: 'verified', user }
  const present = v.contact === 'email' ? user.email.deliver : user.phone
  if (present !== v.address) return { kind: 'stale' }
  sql.exec(`UPDATE users SET ${v.contact}_verified = 1 WHERE id = ?`, user.id)
  keepEffect(sql, v.challengeId, user.id, 'verified', v.now)
  return { kind: 'verified', user: fresh(sql, user.id) }
}

function changeAddress(sql: SqlStorage, c: AddressChange): AddressChanged {
  const user = byId(sql, c.userId)
  if (!user) return { kind: 'missing' }
  if (hadEffect(sql, c.challengeId, 'address')) return { kind: 'changed', user }
  const present = 'email' in c.to ? user.email.deliver : user.phone
  if (present !== c.from || user.passwordHash !== c.hash) return { kind: 'stale' }
  if ('email' in c.to) {
    const { deliver, normal } = c.to.email
    const fields = takenBy(sql, user.id, { email: normal })
    if (fields.length > 0) return { kind: 'taken', fields }
    sql.exec('UPDATE users SET email = ?, email_normal = ?, email_verified = 1 WHERE id = ?', deliver, normal, user.id)
  } else {
    sql.exec('UPDATE users SET phone = ?, phone_verified = 1 WHERE id = ?', c.to.phone, user.id)
  }
  keepEffect(sql, c.challengeId, user.id, 'address', c.now)
  return { kind: 'changed', user: fresh(sql, user.id) }
}

function setPassword(sql: SqlStorage, p: NewPassword): PasswordSet {
  const user = byId(sql, p.userId)
  if (!user) return { kind: 'missing' }
  const own = user.passwordHash === p.hash
  if ('challengeId' in p.by) {
    if (hadEffect(sql, p.by.challengeId, 'password')) return { kind: own ? 'set' : 'spent', user }
    if (p.by.email !== user.email.deliver) return { kind: 'stale' }
    keepEffect(sql, p.by.challengeId, user.id, 'password', p.now)
  } else {
    if (own) return { kind: 'set', user }
    if (user.passwordHash !== p.by.oldHash) return { kind: 'stale' }
  }
  const verified = 'challengeId' in p.by || user.emailVerified ? 1 : 0
  sql.exec('UPDATE users SET password_hash = ?, email_verified = ? WHERE id = ?', p.hash, verified, user.id)
  return { kind: 'set', user: fresh(sql, user.id) }
}

function update(sql: SqlStorage, u: Update): Updated {
  const user = byId(sql, u.userId)
  if (!user) return { kind: 'missing' }
  const username = u.username ?? user.username
  const fields = takenBy(sql, user.id, { username: username.normal })
  if (fields.length > 0) return { kind: 'taken', fields }
  sql.exec(
    'UPDATE users SET locale = ?, username = ?, username_normal = ? WHERE id = ?',
    u.locale ?? user.locale,
    username.typed,
    username.normal,
    user.id,
  )
  return { kind: 'updated', user: fresh(sql, user.id) }
}

const ping = (sql: SqlStorage): void => void sql.exec('SELECT 1').one()

export const usersSteps = { create, byLogin, byId, markVerified, changeAddress, setPassword, update, ping }

export type UsersSteps = typeof usersSteps
export type UsersRunner = Runner<UsersSteps>
export type UsersStepName = keyof UsersSteps
export type UsersStepArgs<N extends UsersStepName> = ArgsOf<UsersSteps, N>
export type UsersStepAnswer<N extends UsersStepName> = AnswerOf<UsersSteps, N>
