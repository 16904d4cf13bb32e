// Accounts on their way out of the object. One that has left stays as a row, which nothing here finds any more: whoever
// goes back to the settings of before has it as it was.

import type { Leaving, OldUsers } from '../../ports/moving.ts'
import type { Login, User, UserField } from '../../ports/users.ts'
import { MOVING } from '../../rules/moving.ts'
import { EFFECT_KEPT_MS } from '../../rules/numbers.ts'
import { callerOf, type Runner } from '../../steps/steps.ts'
import { type Effect, userBy } from './rows.ts'

type Column = 'id' | 'username_normal' | 'email_normal'

/** The account, unless it has left. */
function staying(sql: SqlStorage, column: Column, value: string): User | null {
  const user = userBy(sql, column, value)
  if (!user) return null
  const [row] = sql.exec('SELECT 1 FROM users WHERE id = ? AND moved_at IS NULL', user.id).toArray()
  return row ? user : null
}

const leavingOf = (sql: SqlStorage, user: User): Leaving => ({
  user,
  effects: sql
    .exec<{ challenge_id: string; effect: Effect; purge_at: number }>(
      'SELECT challenge_id, effect, purge_at FROM user_effects WHERE user_id = ?',
      user.id,
    )
    .toArray()
    .map((row) => ({ challengeId: row.challenge_id, effect: row.effect, at: row.purge_at - EFFECT_KEPT_MS })),
})

const count = (sql: SqlStorage): number =>
  sql
    .exec<{ n: number }>(
      `SELECT count(*) AS n FROM (SELECT 1 FROM users WHERE moved_at IS NULL LIMIT ${MOVING.countedMax})`,
    )
    .one().n

const byLogin = (sql: SqlStorage, login: Login): User | null =>
  'username' in login ? staying(sql, 'username_normal', login.username) : staying(sql, 'email_normal', login.email)

const byId = (sql: SqlStorage, id: string): User | null => staying(sql, 'id', id)

function taken(sql: SqlStorage, ownId: string, wanted: { username?: string; email?: string }): UserField[] {
  const held = (column: Column, value: string | undefined) =>
    value !== undefined && (staying(sql, column, value)?.id ?? ownId) !== ownId
  const fields: UserField[] = []
  if (held('username_normal', wanted.username)) fields.push('username')
  if (held('email_normal', wanted.email)) fields.push('email')
  return fields
}

const one = (sql: SqlStorage, id: string): Leaving | null => {
  const user = byId(sql, id)
  return user && leavingOf(sql, user)
}

const page = (sql: SqlStorage, after: string, limit: number): Leaving[] =>
  sql
    .exec<{ id: string }>('SELECT id FROM users WHERE moved_at IS NULL AND id > ? ORDER BY id LIMIT ?', after, limit)
    .toArray()
    .flatMap(({ id }) => one(sql, id) ?? [])

function left(sql: SqlStorage, ids: string[], now: number): void {
  for (const id of ids) sql.exec('UPDATE users SET moved_at = ? WHERE id = ? AND moved_at IS NULL', now, id)
}

export const leavingSteps = { count, byLogin, byId, taken, one, page, left }
export type LeavingSteps = typeof leavingSteps

/** `steps` gives a fresh stub per call. */
export function oldUsers(steps: () => Runner<LeavingSteps>): OldUsers {
  const call = callerOf(steps, 'users')
  return {
    count: () => call('count'),
    byLogin: (login) => call('byLogin', login),
    byId: (id) => call('byId', id),
    taken: (ownId, wanted) => call('taken', ownId, wanted),
    one: (id) => call('one', id),
    page: (after, limit) => call('page', after, limit),
    left: (ids, now) => call('left', ids, now),
  }
}
