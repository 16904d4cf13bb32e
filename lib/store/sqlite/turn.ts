// Turning a family.

import type { Turn, Turned } from '../../ports/sessions.ts'
import { SESSION } from '../../rules/numbers.ts'
import { turnOf } from '../../rules/session.ts'
import { tell, told } from './answers.ts'
import { endOf, sessionOf, sessionOver } from './sessions.ts'

export function turn(sql: SqlStorage, t: Turn): Turned {
  const known = told<Turned>(sql, t.token)
  if (known) return known
  const row = sessionOf(sql, t.id)
  if (!row || row.nonce !== t.nonce || sessionOver(sql, row, t.now)) return { kind: 'over' }
  const what = turnOf({ n: row.n, turnedAt: row.turned_at }, t.n, t.now)
  if (what === 'over') return { kind: 'over' }
  if (what === 'same') return { kind: 'turned', n: row.n, userId: row.user_id }
  if (what === 'next') {
    const turned = { ...row, n: row.n + 1, turned_at: t.now }
    sql.exec(
      'UPDATE sessions SET n = ?, turned_at = ?, purge_at = ? WHERE id = ?',
      turned.n,
      turned.turned_at,
      endOf(turned) + SESSION.keptMs,
      row.id,
    )
    return { kind: 'turned', n: turned.n, userId: row.user_id }
  }
  sql.exec('UPDATE sessions SET revoked_at = ? WHERE id = ?', t.now, row.id)
  return tell<Turned>(sql, t.token, { kind: 'reused', userId: row.user_id }, t.now)
}
