// Counters: of all time, and per hour.

import { bucketOf, hourOf } from '../../rules/histogram.ts'
import { PRIORITIES } from '../../rules/status.ts'
import type { MessageRow } from './rows.ts'

export function count(sql: SqlStorage, name: string, now: number, n = 1): void {
  // Hour 0 keeps the totals of all time.
  for (const hour of [0, hourOf(now)]) {
    sql.exec(
      'INSERT INTO stats (hour, name, n) VALUES (?, ?, ?) ON CONFLICT (hour, name) DO UPDATE SET n = n + excluded.n',
      hour,
      name,
      n,
    )
  }
}

/** Counts a message that a provider took, once: by the settlement or by the report that came before it. */
export function countSent(sql: SqlStorage, row: MessageRow, provider: string, now: number): void {
  const ms = Math.max(0, now - row.first_due_at)
  const names = [
    'sent',
    `priority:${PRIORITIES[row.priority]}`,
    `channel:${row.channel}`,
    `provider:${provider}`,
    `bucket:${bucketOf(ms)}`,
  ]
  for (const name of names) count(sql, name, now)
  count(sql, 'ms', now, ms)
}
