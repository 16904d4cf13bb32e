// Records by id.
import type { MessageRecord } from '../../ports/record.ts'
import type { MessageRow } from './rows.ts'
import { record } from './rows.ts'

export const find = (sql: SqlStorage, ids: string[]): (MessageRecord | null)[] =>
  ids.map((id) => {
    const [row] = sql.exec<MessageRow>('SELECT * FROM messages WHERE id = ?', id).toArray()
    return row ? record(row) : null
  })
