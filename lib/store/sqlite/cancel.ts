// Ending a queued, unambiguous row.
import type { Cancelled } from '../../ports/outbox.ts'
import { finish } from './change.ts'
import { refusal } from './refusal.ts'
import { work } from './work.ts'

export const cancel = (sql: SqlStorage, id: string, now: number): Cancelled =>
  work(sql, (rows) => {
    const row = rows.message(id)
    if (!row) return { kind: 'missing' }
    const no = refusal(row)
    if (no) return no
    finish(rows, row, 'cancelled', null, now)
    return { kind: 'cancelled' }
  })
