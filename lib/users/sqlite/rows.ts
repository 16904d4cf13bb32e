// Rows of the accounts' tables, and the effects that challenges had on them.

import type { Locale } from '../../ports/renderer.ts'
import type { User, UserField } from '../../ports/users.ts'
import { EFFECT_KEPT_MS, EFFECTS_PURGED_MAX } from '../../rules/numbers.ts'

interface UserRow extends Record<string, SqlStorageValue> {
  id: string
  username: string
  username_normal: string
  email: string
  email_normal: string
  email_verified: number
  phone: string | null
  phone_verified: number
  locale: string
  referral_code: string | null
  password_hash: string
  created_at: number
}

const userOf = (row: UserRow): User => ({
  id: row.id,
  username: { typed: row.username, normal: row.username_normal },
  email: { deliver: row.email, normal: row.email_normal },
  emailVerified: row.email_verified === 1,
  phone: row.phone,
  phoneVerified: row.phone_verified === 1,
  locale: row.locale as Locale,
  referralCode: row.referral_code,
  passwordHash: row.password_hash,
  createdAt: row.created_at,
})

export function userBy(sql: SqlStorage, column: 'id' | 'username_normal' | 'email_normal', value: string): User | null {
  const [row] = sql.exec<UserRow>(`SELECT * FROM users WHERE ${column} = ?`, value).toArray()
  return row ? userOf(row) : null
}

/** Which of these another account has. */
export function takenBy(sql: SqlStorage, ownId: string, wanted: { username?: string; email?: string }): UserField[] {
  const held = (column: string, value: string | undefined) =>
    value !== undefined &&
    sql.exec(`SELECT 1 FROM users WHERE ${column} = ? AND id <> ?`, value, ownId).toArray().length > 0
  const fields: UserField[] = []
  if (held('username_normal', wanted.username)) fields.push('username')
  if (held('email_normal', wanted.email)) fields.push('email')
  return fields
}

export type Effect = 'verified' | 'address' | 'password'

export const hadEffect = (sql: SqlStorage, challengeId: string, effect: Effect): boolean =>
  sql.exec('SELECT 1 FROM user_effects WHERE challenge_id = ? AND effect = ?', challengeId, effect).toArray().length > 0

/** Throws, and so undoes the step, when the challenge has had another effect. */
export function keepEffect(sql: SqlStorage, challengeId: string, userId: string, effect: Effect, now: number): void {
  sql.exec(
    'INSERT INTO user_effects (challenge_id, user_id, effect, purge_at) VALUES (?, ?, ?, ?)',
    challengeId,
    userId,
    effect,
    now + EFFECT_KEPT_MS,
  )
  sql.exec(
    `DELETE FROM user_effects WHERE challenge_id IN
       (SELECT challenge_id FROM user_effects WHERE purge_at <= ? ORDER BY purge_at LIMIT ?)`,
    now,
    EFFECTS_PURGED_MAX,
  )
}
