// One record.
import type { MessageRecord } from '../../ports/record.ts'
import { message, record } from './rows.ts'

export function find(sql: SqlStorage, id: string): MessageRecord | null {
  const row = message(sql, id)
  return row ? record(sql, row) : null
}
