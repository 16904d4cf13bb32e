// Moving a queued row that was never tried.

import type { Rescheduled } from '../../ports/outbox.ts'
import { queue } from './change.ts'
import { refusal } from './refusal.ts'
import { work } from './work.ts'

export const reschedule = (sql: SqlStorage, id: string, dueAt: number, now: number): Rescheduled =>
  work(sql, (rows) => {
    const row = rows.message(id)
    if (!row) return { kind: 'missing' }
    const no = refusal(row)
    if (no) return no
    if (row.attempt > 0) return { kind: 'maybe' }
    row.give_up_at += dueAt - row.due_at
    row.first_due_at = dueAt
    return { kind: 'rescheduled', ...queue(row, dueAt, now) }
  })
