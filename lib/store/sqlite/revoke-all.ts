// Ending all of a person's families but one.
import { bumpEpoch, sessionOf, sessionOver } from './sessions.ts'

export function revokeAll(sql: SqlStorage, userId: string, now: number, except?: string | null): void {
  const row = except ? sessionOf(sql, except) : undefined
  const kept = row?.user_id === userId && !sessionOver(sql, row, now)
  const epoch = bumpEpoch(sql, userId, now)
  // Carried into the new epoch, as if it had been opened after the others ended.
  if (kept) sql.exec('UPDATE sessions SET epoch = ? WHERE id = ?', epoch, row.id)
}
