// A person's live families, newest first.

import type { SessionView } from '../../ports/sessions.ts'
import { SESSIONS_MAX } from '../../rules/numbers.ts'
import type { SessionRow } from './sessions.ts'
import { endOf, sessionOver } from './sessions.ts'

export function listSessions(sql: SqlStorage, userId: string, now: number): SessionView[] {
  return sql
    .exec<SessionRow>(
      'SELECT * FROM sessions WHERE user_id = ? AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ?',
      userId,
      SESSIONS_MAX,
    )
    .toArray()
    .filter((row) => !sessionOver(sql, row, now))
    .map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      turnedAt: row.turned_at,
      endsAt: endOf(row),
      agent: row.agent,
      ip: row.ip,
    }))
}
