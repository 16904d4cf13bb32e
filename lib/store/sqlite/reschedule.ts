// Moving a queued row that was never tried.

import type { Rescheduled } from '../../ports/outbox.ts'
import { queue } from './change.ts'
import { refusal } from './refusal.ts'
import { message } from './rows.ts'

export function reschedule(sql: SqlStorage, id: string, dueAt: number, now: number): Rescheduled {
  const row = message(sql, id)
  if (!row) return { kind: 'missing' }
  const no = refusal(row)
  if (no) return no
  if (row.attempt > 0) return { kind: 'maybe' }
  sql.exec('UPDATE messages SET first_due_at = ?1, give_up_at = give_up_at + ?1 - due_at WHERE id = ?2', dueAt, id)
  return { kind: 'rescheduled', ...queue(sql, id, dueAt, now) }
}
