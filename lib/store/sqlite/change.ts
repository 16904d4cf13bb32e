// The few ways a message row changes; every step is composed of these, so each consequence is written once.

import type { Waiting } from '../../ports/outbox.ts'
import { ARM_HORIZON_MS, RETENTION } from '../../rules/numbers.ts'
import {
  endWord,
  hasArrived,
  isDead,
  maybeTaken,
  mayFollow,
  STATES,
  STATUSES,
  type Status,
} from '../../rules/status.ts'
import { count } from './figures.ts'
import { giveBack } from './limits.ts'
import type { MessageRow } from './rows.ts'
import { addEvent, message, statusOf, waiting } from './rows.ts'

/** As a condition of SQL, after what each status may be taken. */
const BEFORE = Object.fromEntries(
  STATUSES.map((to) => {
    const from = STATUSES.filter((one) => one === to || mayFollow(one, to))
    return [to, from.map((one) => `'${one}'`).join(', ')]
  }),
) as Record<Status, string>

/**
 * The one statement that changes a row's status: a step that would break the state machine finds no row, throws, and so
 * changes nothing at all. `set` is what changes with it, its values from ?3 on.
 */
function move(sql: SqlStorage, id: string, to: Status, set: string, ...values: SqlStorageValue[]): MessageRow {
  const [row] = sql
    .exec<MessageRow>(
      `UPDATE messages SET status = ?2${set && `, ${set}`} WHERE id = ?1 AND status IN (${BEFORE[to]}) RETURNING *`,
      id,
      to,
      ...values,
    )
    .toArray()
  if (!row) throw new Error(`status: ${to} may not follow ${message(sql, id)?.status}`)
  return row
}

const FREE = 'lease_token = NULL, lease_until = NULL, intent = NULL, lost = 0'

/** A queued row that nobody holds. Due within the horizon, its wake is the caller's duty; later ones are the sweeper's. */
export function queue(sql: SqlStorage, id: string, dueAt: number, now: number, candidates?: string[]): Waiting {
  const row = move(
    sql,
    id,
    'queued',
    `due_at = ?3, wake_at = ?3, armed = ?4, candidates = coalesce(?5, candidates), generation = generation + 1, ${FREE}`,
    dueAt,
    dueAt - now <= ARM_HORIZON_MS ? 1 : 0,
    candidates ? JSON.stringify(candidates) : null,
  )
  return waiting(row)
}

/** Puts a row under lease with its intent written: from here on, its provider may have been called. */
export function hold(sql: SqlStorage, id: string, intent: string, lease: { token: string; until: number }): MessageRow {
  const set = 'intent = ?3, lease_token = ?4, lease_until = ?5, wake_at = ?5'
  return move(sql, id, 'sending', set, intent, lease.token, lease.until)
}

/** Ends a row: status, event, retention; a send nobody took gives its places back, an accepted row cancels its fallbacks. */
export function finish(sql: SqlStorage, row: MessageRow, status: Status, provider: string | null, now: number): void {
  addEvent(sql, row.id, status, provider, now)
  endAs(sql, row, status, now)
}

/** The same for a caller that has put it on the timeline already. */
export function endAs(sql: SqlStorage, row: MessageRow, status: Status, now: number): void {
  const dead = isDead(status)
  move(sql, row.id, status, `ended_at = ?3, purge_at = ?4, wake_at = NULL, ${FREE}`, now, now + RETENTION.recordMs)
  sql.exec(
    'UPDATE payloads SET purge_at = ? WHERE id = ?',
    now + (dead ? RETENTION.deadPayloadMs : RETENTION.payloadMs),
    row.id,
  )
  if (dead) count(sql, 'failed', now)
  if (hasArrived(status)) cancelAfter(sql, row.id, now)
  if (maybeTaken(status)) return
  const open = sql
    .exec(
      `SELECT 1 FROM messages WHERE slot = ? AND (ended_at IS NULL OR status IN (${STATES.maybeTaken.map(() => '?').join(', ')}))`,
      row.slot,
      ...STATES.maybeTaken,
    )
    .toArray()
  if (open.length === 0) giveBack(sql, JSON.parse(row.slot_series) as string[], row.slot)
}

/** An end that was not the truth becomes it: retention and later stages follow. */
export function lift(sql: SqlStorage, row: MessageRow, status: Status, now: number): void {
  move(sql, row.id, status, '')
  sql.exec('UPDATE payloads SET purge_at = min(purge_at, ?) WHERE id = ?', now + RETENTION.payloadMs, row.id)
  if (hasArrived(status)) cancelAfter(sql, row.id, now)
}

/** Every stage after this one is not needed any more. */
export function cancelAfter(sql: SqlStorage, id: string, now: number): void {
  for (const next of sql.exec<MessageRow>('SELECT * FROM messages WHERE after_id = ?', id).toArray()) {
    if (statusOf(next) === 'queued' && next.ambiguous === 0) finish(sql, next, 'cancelled', null, now)
    cancelAfter(sql, next.id, now)
  }
}

/** One full round of the earlier stage was refused: what waited for it, untried, is due now. */
export function releaseAfter(sql: SqlStorage, id: string, now: number): Waiting[] {
  return sql
    .exec<{ id: string }>(
      "SELECT id FROM messages WHERE after_id = ? AND status = 'queued' AND attempt = 0 AND due_at > ?",
      id,
      now,
    )
    .toArray()
    .map((next) => queue(sql, next.id, now, now))
}

/** Approved or out of guesses: nothing of this challenge may be sent any more. */
function challengeOver(sql: SqlStorage, challengeId: string | null): boolean {
  if (challengeId === null) return false
  const [row] = sql.exec<{ status: string }>('SELECT status FROM challenges WHERE id = ?', challengeId).toArray()
  return row !== undefined && row.status !== 'pending'
}

/** The challenge is over, or an earlier stage was taken: nothing of this row may be sent any more. */
export function notNeeded(sql: SqlStorage, row: MessageRow): boolean {
  if (challengeOver(sql, row.challenge_id)) return true
  const earlier = row.after_id === null ? undefined : message(sql, row.after_id)
  if (!earlier) return false
  return hasArrived(statusOf(earlier)) || notNeeded(sql, earlier)
}

/** Ends every row of a challenge that nobody holds. */
export function closeMessages(sql: SqlStorage, challengeId: string, now: number): void {
  for (const row of sql
    .exec<MessageRow>("SELECT * FROM messages WHERE challenge_id = ? AND status = 'queued'", challengeId)
    .toArray()) {
    // Ending an earlier row may already have cancelled this one.
    const fresh = message(sql, row.id)
    if (fresh && statusOf(fresh) === 'queued')
      finish(sql, fresh, endWord('cancelled', fresh.ambiguous === 1), null, now)
  }
}
