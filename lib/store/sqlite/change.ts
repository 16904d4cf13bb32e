// The few ways a message row changes; every step is composed of these, so each consequence is written once.

import type { Waiting } from '../../ports/outbox.ts'
import { ARM_HORIZON_MS, RETENTION } from '../../rules/numbers.ts'
import {
  endWord,
  hasArrived,
  isDead,
  maybeTaken,
  mayFollow,
  mustFollow,
  STATES,
  STATUSES,
  type Status,
} from '../../rules/status.ts'
import { count } from './figures.ts'
import { giveBack } from './limits.ts'
import type { MessageRow } from './rows.ts'
import { addEvent, message, statusOf, waiting } from './rows.ts'

/** A step that would break the state machine finds no row to change, throws, and so changes nothing at all. */
const before = (to: Status): string =>
  STATUSES.filter((from) => from === to || mayFollow(from, to))
    .map((from) => `'${from}'`)
    .join(', ')
const QUEUEABLE = before('queued')
const HOLDABLE = before('sending')

/** A queued row that nobody holds. Due within the horizon, its wake is the caller's duty; later ones are the sweeper's. */
export function queue(sql: SqlStorage, id: string, dueAt: number, now: number, candidates?: string[]): Waiting {
  const [row] = sql
    .exec<MessageRow>(
      `UPDATE messages SET status = 'queued', due_at = ?1, wake_at = ?1, armed = ?2, generation = generation + 1,
         candidates = coalesce(?3, candidates), lease_token = NULL, lease_until = NULL, intent = NULL, lost = 0
       WHERE id = ?4 AND status IN (${QUEUEABLE}) RETURNING *`,
      dueAt,
      dueAt - now <= ARM_HORIZON_MS ? 1 : 0,
      candidates ? JSON.stringify(candidates) : null,
      id,
    )
    .toArray()
  if (!row) throw new Error('queue: no row that may be queued')
  return waiting(row)
}

/** Puts a row under lease with its intent written: from here on, its provider may have been called. */
export function hold(sql: SqlStorage, id: string, intent: string, lease: { token: string; until: number }): MessageRow {
  const [row] = sql
    .exec<MessageRow>(
      `UPDATE messages SET status = 'sending', intent = ?, lease_token = ?, lease_until = ?3, wake_at = ?3
       WHERE id = ?4 AND status IN (${HOLDABLE}) RETURNING *`,
      intent,
      lease.token,
      lease.until,
      id,
    )
    .toArray()
  if (!row) throw new Error('hold: no row that may be sent')
  return row
}

/** Ends a row: status, event, retention; a send nobody took gives its places back, an accepted row cancels its fallbacks. */
export function finish(sql: SqlStorage, row: MessageRow, status: Status, provider: string | null, now: number): void {
  addEvent(sql, row.id, status, provider, now)
  endAs(sql, row, status, now)
}

/** The same for a caller that has put it on the timeline already. */
export function endAs(sql: SqlStorage, row: MessageRow, status: Status, now: number): void {
  mustFollow(statusOf(row), status)
  const dead = isDead(status)
  sql.exec(
    `UPDATE messages SET status = ?, ended_at = ?, wake_at = NULL, lease_token = NULL, lease_until = NULL, intent = NULL,
       lost = 0, purge_at = ? WHERE id = ?`,
    status,
    now,
    now + RETENTION.recordMs,
    row.id,
  )
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
