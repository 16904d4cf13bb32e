// One record.
import type { MessageRecord } from '../../ports/record.ts'
import type { MessageRow } from './rows.ts'
import { record } from './rows.ts'

export function find(sql: SqlStorage, id: string): MessageRecord | null {
  const [row] = sql.exec<MessageRow>('SELECT * FROM messages WHERE id = ?', id).toArray()
  return row ? record(row) : null
}
