// The feed, oldest first.

import type { MessageEvent } from '../../ports/record.ts'
import type { EventRow } from './rows.ts'
import { event } from './rows.ts'

export function events(sql: SqlStorage, seq: number, limit: number): MessageEvent[] {
  return sql.exec<EventRow>('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit).toArray().map(event)
}
