// Families of refresh tokens, and the epochs that end all of a person's at once.

import type { AuditEntry } from '../../ports/audit.ts'
import type { Bearer, NewSession, SessionView, Turn, Turned } from '../../ports/sessions.ts'
import { SESSION, SESSIONS_MAX } from '../../rules/numbers.ts'
import { tell, told } from './answers.ts'
import { addAudit } from './change.ts'
import { clear } from './throttle.ts'

interface SessionRow extends Record<string, SqlStorageValue> {
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

const read = (sql: SqlStorage, id: string): SessionRow | undefined =>
  sql.exec<SessionRow>('SELECT * FROM sessions WHERE id = ?', id).toArray()[0]

export const isKnown = (sql: SqlStorage, id: string): boolean => read(sql, id) !== undefined

const epochOf = (sql: SqlStorage, userId: string): number =>
  sql.exec<{ epoch: number }>('SELECT epoch FROM epochs WHERE user_id = ?', userId).toArray()[0]?.epoch ?? 0

const endOf = (row: SessionRow): number => Math.min(row.ends_at, row.turned_at + SESSION.idleMs)

const isOver = (sql: SqlStorage, row: SessionRow, now: number): boolean =>
  row.revoked_at !== null || now >= endOf(row) || row.epoch < epochOf(sql, row.user_id)

/** Always later than the one before, whatever the clocks: everything opened or proven until now is ended. */
export function bumpEpoch(sql: SqlStorage, userId: string, now: number): number {
  const epoch = Math.max(epochOf(sql, userId) + 1, now)
  // What it ends is over by itself after this long.
  const purgeAt = now + SESSION.lifeMs + SESSION.keptMs
  sql.exec('INSERT OR REPLACE INTO epochs (user_id, epoch, purge_at) VALUES (?, ?, ?)', userId, epoch, purgeAt)
  return epoch
}

export function revokeAll(sql: SqlStorage, userId: string, now: number, except?: string | null): void {
  const row = except ? read(sql, except) : undefined
  const kept = row?.user_id === userId && !isOver(sql, row, now)
  const epoch = bumpEpoch(sql, userId, now)
  // Carried into the new epoch, as if it had been opened after the others ended.
  if (kept) sql.exec('UPDATE sessions SET epoch = ? WHERE id = ?', epoch, row.id)
}

/** The person's sessions were ended after the credentials were read, or in the same ms. */
export const isStale = (sql: SqlStorage, session: NewSession): boolean =>
  session.provenAt <= epochOf(sql, session.userId)

export function isRevoked(sql: SqlStorage, bearer: Bearer, now: number): boolean {
  const row = read(sql, bearer.sessionId)
  if (row) return row.user_id !== bearer.userId || isOver(sql, row, now)
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

export function openSession(
  sql: SqlStorage,
  session: NewSession,
  clears: string[],
  now: number,
  audit?: AuditEntry | null,
): { kind: 'opened' } | { kind: 'over' } {
  if (read(sql, session.id)) return { kind: 'opened' }
  if (isStale(sql, session)) return { kind: 'over' }
  insertSession(sql, session, now)
  clear(sql, clears)
  if (audit) addAudit(sql, audit, session.id)
  return { kind: 'opened' }
}

export function turn(sql: SqlStorage, t: Turn): Turned {
  const known = told<Turned>(sql, t.token)
  if (known) return known
  const row = read(sql, t.id)
  if (!row || row.nonce !== t.nonce || t.n > row.n || isOver(sql, row, t.now)) return { kind: 'over' }
  if (t.n === row.n) {
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
  if (t.n === row.n - 1 && t.now - row.turned_at < SESSION.graceMs) {
    return { kind: 'turned', n: row.n, userId: row.user_id }
  }
  sql.exec('UPDATE sessions SET revoked_at = ? WHERE id = ?', t.now, row.id)
  return tell<Turned>(sql, t.token, { kind: 'reused', userId: row.user_id }, t.now)
}

export function revoke(
  sql: SqlStorage,
  id: string,
  by: { userId: string } | { nonce: string },
  now: number,
): 'revoked' | 'missing' {
  const row = read(sql, id)
  const theirs = row && ('userId' in by ? row.user_id === by.userId : row.nonce === by.nonce)
  if (!theirs) return 'missing'
  sql.exec('UPDATE sessions SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?', now, id)
  return 'revoked'
}

export function listSessions(sql: SqlStorage, userId: string, now: number): SessionView[] {
  return sql
    .exec<SessionRow>(
      'SELECT * FROM sessions WHERE user_id = ? AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ?',
      userId,
      SESSIONS_MAX,
    )
    .toArray()
    .filter((row) => !isOver(sql, row, now))
    .map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      turnedAt: row.turned_at,
      endsAt: endOf(row),
      agent: row.agent,
      ip: row.ip,
    }))
}
