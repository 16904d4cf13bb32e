// The feed, oldest first.

import type { Feed } from '../../ports/store.ts'
import type { EventRow } from './rows.ts'
import { event } from './rows.ts'

export function events(sql: SqlStorage, seq: number, limit: number): Feed {
  const first = sql.exec<{ seq: number | null }>('SELECT min(seq) AS seq FROM events').one().seq
  const found = sql.exec<EventRow>('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit).toArray()
  return { events: found.map(event), behind: seq > 0 && first !== null && first > seq + 1 }
}
