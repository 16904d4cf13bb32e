// What has outlived its retention is removed, a bounded number of rows at a time.
import { hourOf } from '../../rules/histogram.ts'
import { CHALLENGE, RETENTION } from '../../rules/numbers.ts'

/** Tables emptied by `purge_at`, a bounded number of rows at a time. */
const PURGED: { table: string; key: string }[] = [
  { table: 'payloads', key: 'id' },
  { table: 'events', key: 'seq' },
  { table: 'challenges', key: 'id' },
  { table: 'checks', key: 'token' },
  { table: 'throttles', key: 'series' },
  { table: 'sessions', key: 'id' },
  { table: 'epochs', key: 'user_id' },
  { table: 'idempotency', key: 'key' },
  { table: 'hastened', key: 'id' },
  { table: 'audit', key: 'seq' },
]

/** Removes at most `max` rows of each table whose retention has ended. */
export function purge(sql: SqlStorage, max: number, now: number): void {
  for (const { table, key } of PURGED) {
    sql.exec(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE purge_at <= ? ORDER BY purge_at LIMIT ?)`,
      now,
      max,
    )
  }
  sql.exec(
    'DELETE FROM hits WHERE (series, slot) IN (SELECT series, slot FROM hits WHERE purge_at <= ? LIMIT ?)',
    now,
    max,
  )
  // A lock that has ended still counts towards the length of the next one for a day.
  sql.exec('DELETE FROM locks WHERE until <= ?', now - CHALLENGE.lockMaxMs)
  // Hour 0 holds the totals of all time.
  sql.exec('DELETE FROM stats WHERE hour > 0 AND hour < ?', hourOf(now - RETENTION.statsMs))
  for (const { id } of sql
    .exec<{ id: string }>('SELECT id FROM messages WHERE purge_at <= ? ORDER BY purge_at LIMIT ?', now, max)
    .toArray()) {
    sql.exec('DELETE FROM attempts WHERE message_id = ?', id)
    sql.exec('DELETE FROM payloads WHERE id = ?', id)
    sql.exec('DELETE FROM messages WHERE id = ?', id)
  }
}
