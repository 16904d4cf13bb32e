// Families of refresh tokens, and the epochs that end all of a person's at once.
import type { Bearer, NewSession } from '../../ports/sessions.ts'
import { SESSION } from '../../rules/numbers.ts'
import { sessionEnd } from '../../rules/session.ts'

export interface SessionRow extends Record<string, SqlStorageValue> {
  id: string
  user_id: string
  nonce: string
  n: number
  turned_at: number
  epoch: number
  created_at: number
  ends_at: number
  agent: string | null
  ip: string | null
  revoked_at: number | null
}

export const sessionOf = (sql: SqlStorage, id: string): SessionRow | undefined =>
  sql.exec<SessionRow>('SELECT * FROM sessions WHERE id = ?', id).toArray()[0]

export const epochOf = (sql: SqlStorage, userId: string): number =>
  sql.exec<{ epoch: number }>('SELECT epoch FROM epochs WHERE user_id = ?', userId).toArray()[0]?.epoch ?? 0

export const endOf = (row: SessionRow): number => sessionEnd({ endsAt: row.ends_at, turnedAt: row.turned_at })

export const sessionOver = (sql: SqlStorage, row: SessionRow, now: number): boolean =>
  row.revoked_at !== null || now >= endOf(row) || row.epoch < epochOf(sql, row.user_id)

/** Always later than the one before, whatever the clocks: everything opened or proven until now is ended. */
export function bumpEpoch(sql: SqlStorage, userId: string, now: number): number {
  const epoch = Math.max(epochOf(sql, userId) + 1, now)
  // What it ends is over by itself after this long.
  const purgeAt = now + SESSION.lifeMs + SESSION.keptMs
  sql.exec('INSERT OR REPLACE INTO epochs (user_id, epoch, purge_at) VALUES (?, ?, ?)', userId, epoch, purgeAt)
  return epoch
}

/** The person's sessions were ended after the credentials were read, or in the same ms. */
export const stale = (sql: SqlStorage, session: NewSession): boolean => session.provenAt <= epochOf(sql, session.userId)

export function revoked(sql: SqlStorage, bearer: Bearer, now: number): boolean {
  const row = sessionOf(sql, bearer.sessionId)
  if (row) return row.user_id !== bearer.userId || sessionOver(sql, row, now)
  return bearer.issuedAt <= epochOf(sql, bearer.userId)
}

export function insertSession(sql: SqlStorage, s: NewSession, now: number): void {
  sql.exec(
    `INSERT INTO sessions (id, user_id, nonce, n, turned_at, epoch, created_at, ends_at, agent, ip, purge_at)
     VALUES (?1, ?2, ?3, 0, ?4, ?5, ?4, ?6, ?7, ?8, ?9)`,
    s.id,
    s.userId,
    s.nonce,
    now,
    epochOf(sql, s.userId),
    now + SESSION.lifeMs,
    s.agent,
    s.ip,
    now + SESSION.idleMs + SESSION.keptMs,
  )
}
