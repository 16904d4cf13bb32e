// What a provider told later.

import type { Report } from '../../ports/outbox.ts'
import { rankOf, STATES, wasTaken } from '../../rules/status.ts'
import { endAs, lift } from './change.ts'
import { countSent } from './figures.ts'
import { addEvent, message, statusOf } from './rows.ts'

export function report(sql: SqlStorage, r: Report): boolean {
  const row = message(sql, r.messageId)
  if (!row) return false
  const seen = sql.exec('SELECT 1 FROM events WHERE message_id = ? AND event_id = ?', r.messageId, r.eventId).toArray()
  if (seen.length > 0) return true
  addEvent(sql, r.messageId, r.type, r.provider, r.now, r.eventId)
  const status = STATES.reported[r.type]
  if (status === undefined || rankOf(status) <= rankOf(statusOf(row))) return true
  const lease = { token: row.lease_token, until: row.lease_until, intent: row.intent }
  if (!wasTaken(statusOf(row))) countSent(sql, row, r.provider, r.now)
  if (row.ended_at !== null) lift(sql, row, status, r.now)
  else endAs(sql, row, status, r.now)
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
