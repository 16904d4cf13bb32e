// Ending one family.
import { sessionOf } from './sessions.ts'

export function revoke(
  sql: SqlStorage,
  id: string,
  by: { userId: string } | { nonce: string },
  now: number,
): 'revoked' | 'missing' {
  const row = sessionOf(sql, id)
  const theirs = row && ('userId' in by ? row.user_id === by.userId : row.nonce === by.nonce)
  if (!theirs) return 'missing'
  sql.exec('UPDATE sessions SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?', now, id)
  return 'revoked'
}
