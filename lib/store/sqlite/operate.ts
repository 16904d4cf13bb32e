// What operators and callers do to a message afterwards, and what providers report of it.

import type { Cancelled, Replayed, Report, ReportType, Rescheduled } from '../../ports/outbox.ts'
import { RETENTION } from '../../rules/numbers.ts'
import type { Status } from '../../rules/status.ts'
import { addEvent, cancelAfter, countSent, end, endUnseen, queue } from './change.ts'
import { type MessageRow, messageRow, statusOf } from './rows.ts'

export function cancel(sql: SqlStorage, id: string, now: number): Cancelled {
  const row = messageRow(sql, id)
  if (!row) return { kind: 'missing' }
  const no = refusal(row)
  if (no) return no
  end(sql, row, 'cancelled', null, now)
  return { kind: 'cancelled' }
}

/** Why a row can no longer be called back; null while nothing of it can have left. */
function refusal(row: MessageRow): Exclude<Cancelled, { kind: 'cancelled' }> | null {
  const status = statusOf(row)
  if (['sent', 'delivered', 'bounced', 'complained'].includes(status)) return { kind: 'sent', status }
  if (status === 'sending' || (status === 'queued' && row.ambiguous === 1) || status === 'unknown')
    return { kind: 'maybe' }
  return status === 'queued' ? null : { kind: 'ended', status }
}

export function reschedule(sql: SqlStorage, id: string, dueAt: number, now: number): Rescheduled {
  const row = messageRow(sql, id)
  if (!row) return { kind: 'missing' }
  const no = refusal(row)
  if (no) return no
  if (row.attempt > 0) return { kind: 'maybe' }
  sql.exec('UPDATE messages SET first_due_at = ?1, give_up_at = give_up_at + ?1 - due_at WHERE id = ?2', dueAt, id)
  return { kind: 'rescheduled', ...queue(sql, id, dueAt, now) }
}

export function replay(sql: SqlStorage, id: string, force: boolean, giveUpAt: number, now: number): Replayed {
  const row = messageRow(sql, id)
  if (!row) return { kind: 'missing' }
  const status = statusOf(row)
  if (status !== 'failed' && status !== 'unknown') return { kind: 'refused', status }
  if (status === 'unknown' && !force) return { kind: 'needs-force' }
  const kept = sql.exec('SELECT 1 FROM payloads WHERE id = ? AND purge_at > ?', id, now).toArray().length > 0
  if (!kept) return { kind: 'payload-gone' }
  sql.exec('UPDATE payloads SET purge_at = NULL WHERE id = ?', id)
  // A copy that may be out stays in doubt, whatever becomes of the new one.
  const doubted = status === 'unknown' || row.ambiguous === 1 ? 1 : 0
  // Its old end does not bind the new life: a replay is an operator's decision to send it now.
  sql.exec(
    `UPDATE messages SET replays = replays + 1, plan = '', doubted = ?1, ambiguous = ?1, ended_at = NULL, purge_at = NULL,
       candidates = providers, expires_at = NULL, start_by = NULL, give_up_at = ?2, first_due_at = ?3 WHERE id = ?4`,
    doubted,
    giveUpAt,
    now,
    id,
  )
  addEvent(sql, id, 'queued', null, now)
  return { kind: 'replayed', ...queue(sql, id, now, now) }
}

/** What a report says of the row's status; `delayed` says nothing. */
const REPORTED: Record<ReportType, Status | null> = {
  sent: 'sent',
  delayed: null,
  delivered: 'delivered',
  bounced: 'bounced',
  complained: 'complained',
  failed: 'bounced',
}

/** Higher outranks lower; what no provider is known to have taken ranks below everything a report can say. */
const RANK: Partial<Record<Status, number>> = { sent: 1, delivered: 2, bounced: 3, complained: 4 }

export function report(sql: SqlStorage, r: Report): boolean {
  const row = messageRow(sql, r.messageId)
  if (!row) return false
  const seen = sql.exec('SELECT 1 FROM events WHERE message_id = ? AND event_id = ?', r.messageId, r.eventId).toArray()
  if (seen.length > 0) return true
  addEvent(sql, r.messageId, r.type, r.provider, r.now, r.eventId)
  const status = REPORTED[r.type]
  if (status === null || (RANK[status] ?? 0) <= (RANK[statusOf(row)] ?? 0)) return true
  const lease = { token: row.lease_token, until: row.lease_until, intent: row.intent }
  if (RANK[statusOf(row)] === undefined) countSent(sql, row, r.provider, r.now)
  if (row.ended_at !== null) lift(sql, row, status, r.now)
  else endUnseen(sql, row, status, r.now)
  // A worker still under way may put its attempt on record: it keeps its lease, not its say over the status.
  sql.exec(
    'UPDATE messages SET lease_token = ?, lease_until = ?, intent = ? WHERE id = ?',
    lease.token,
    lease.until,
    lease.intent,
    row.id,
  )
  return true
}

/** An end that was not the truth becomes it: retention and later stages follow. */
function lift(sql: SqlStorage, row: MessageRow, status: Status, now: number): void {
  sql.exec('UPDATE messages SET status = ? WHERE id = ?', status, row.id)
  sql.exec('UPDATE payloads SET purge_at = min(purge_at, ?) WHERE id = ?', now + RETENTION.payloadMs, row.id)
  if (status === 'sent' || status === 'delivered') cancelAfter(sql, row.id, now)
}
