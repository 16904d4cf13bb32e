// Ending a queued, unambiguous row.
import type { Cancelled } from '../../ports/outbox.ts'
import { finish } from './change.ts'
import { refusal } from './refusal.ts'
import { message } from './rows.ts'

export function cancel(sql: SqlStorage, id: string, now: number): Cancelled {
  const row = message(sql, id)
  if (!row) return { kind: 'missing' }
  const no = refusal(row)
  if (no) return no
  finish(sql, row, 'cancelled', null, now)
  return { kind: 'cancelled' }
}
