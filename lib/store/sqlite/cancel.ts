// Ending a queued, unambiguous row.
import type { Cancelled } from '../../ports/row.ts'
import { finish } from './change.ts'
import { refusal } from './refusal.ts'
import { type Work, work } from './work.ts'

export const cancel = (sql: SqlStorage, id: string, now: number): Cancelled =>
  work(sql, (rows) => cancelOne(rows, id, now))

export function cancelOne(rows: Work, id: string, now: number): Cancelled {
  const row = rows.message(id)
  if (!row) return { kind: 'missing' }
  const no = refusal(row)
  if (no) return no
  finish(rows, row, 'cancelled', null, now)
  return { kind: 'cancelled' }
}
