// What has outlived its retention is removed: in time order by the ids that begin with their time, the rest by an index.
import { firstId } from '../../names/ids.ts'
import { hourOf } from '../../rules/histogram.ts'
import { CHALLENGE, FEED_MAX, PURGE, RETENTION } from '../../rules/numbers.ts'
import { readCursor, writeCursor } from './cursors.ts'
import { archive } from './figures.ts'
import { deleteRows } from './links.ts'

/** Tables emptied by `purge_at`. */
const PURGED: { table: string; key: string }[] = [
  { table: 'answers', key: 'token' },
  { table: 'throttles', key: 'series' },
  { table: 'sessions', key: 'id' },
  { table: 'epochs', key: 'user_id' },
  { table: 'idempotency', key: 'key' },
  { table: 'hastened', key: 'id' },
  { table: 'audit', key: 'seq' },
]

/**
 * Removes what is due, at most `PURGE.rowsMax` rows of each kind: more in a minute than one object can write in it. Answers
 * how long the oldest thing that is still there has outlived its retention: 0 unless a bound was met.
 */
export function purge(sql: SqlStorage, now: number): number {
  const lags = [payloads(sql, now), records(sql, now), late(sql, now), events(sql, now), challenges(sql, now)]
  for (const { table, key } of PURGED) lags.push(byIndex(sql, table, key, now))
  windows(sql, now)
  // A lock that has ended still counts towards the length of the next one for a day.
  sql.exec('DELETE FROM locks WHERE until <= ?', now - CHALLENGE.lockMaxMs)
  archive(sql, now)
  sql.exec('DELETE FROM stats WHERE hour > 0 AND hour < ?', hourOf(now - RETENTION.statsMs))
  return Math.max(...lags)
}

interface Due extends Record<string, SqlStorageValue> {
  id: string
  due_at: number
}

/**
 * Walks rows whose ids are older than `beforeMs`, from where the last walk stopped, and gives those that are due to
 * `remove`. The next walk starts at the first one that was not.
 */
function walk(
  sql: SqlStorage,
  name: string,
  { query, prefix, beforeMs }: { query: string; prefix: 'msg' | 'ch'; beforeMs: number },
  now: number,
  remove: (ids: string[]) => void,
): number {
  const from = readCursor(sql, name) ?? ''
  const found = sql.exec<Due>(query, from, firstId(prefix, Math.max(0, now - beforeMs) + 1), PURGE.rowsMax).toArray()
  const due = found.filter((row) => row.due_at <= now)
  remove(due.map((row) => row.id))
  const at = found.find((row) => row.due_at > now)?.id ?? found.at(-1)?.id ?? from
  if (at !== from) writeCursor(sql, name, at)
  const last = due.at(-1)
  return found.length < PURGE.rowsMax || !last ? 0 : now - last.due_at
}

const each = (sql: SqlStorage, statement: string) => (ids: string[]) => {
  for (const id of ids) sql.exec(statement, id)
}

/** Rows that are still open were stepped over: they end late, and have an index of their own. */
const payloads = (sql: SqlStorage, now: number): number =>
  walk(
    sql,
    'payloads',
    {
      query: `SELECT id, payload_until AS due_at FROM messages WHERE id >= ? AND id < ? AND purge_at IS NULL
        AND payload_until IS NOT NULL AND sealed IS NOT NULL ORDER BY id LIMIT ?`,
      prefix: 'msg',
      beforeMs: RETENTION.payloadMs,
    },
    now,
    each(sql, 'UPDATE messages SET sealed = NULL WHERE id = ?'),
  )

const records = (sql: SqlStorage, now: number): number =>
  walk(
    sql,
    'records',
    {
      query: `SELECT id, ended_at + ${RETENTION.recordMs} AS due_at FROM messages WHERE id >= ? AND id < ?
        AND purge_at IS NULL AND ended_at IS NOT NULL ORDER BY id LIMIT ?`,
      prefix: 'msg',
      beforeMs: RETENTION.recordMs,
    },
    now,
    (ids) => deleteRows(sql, ids),
  )

const challenges = (sql: SqlStorage, now: number): number =>
  walk(
    sql,
    'challenges',
    {
      query: `SELECT id, ends_at + ${RETENTION.payloadMs} AS due_at FROM challenges WHERE id >= ? AND id < ?
        ORDER BY id LIMIT ?`,
      prefix: 'ch',
      beforeMs: RETENTION.payloadMs,
    },
    now,
    each(sql, 'DELETE FROM challenges WHERE id = ?'),
  )

/** First the payload of such a row goes, then the row. */
function late(sql: SqlStorage, now: number): number {
  const found = sql
    .exec<Due & { ended_at: number }>(
      'SELECT id, purge_at AS due_at, ended_at FROM messages WHERE purge_at <= ? ORDER BY purge_at LIMIT ?',
      now,
      PURGE.rowsMax,
    )
    .toArray()
  for (const { id, ended_at } of found) {
    const until = ended_at + RETENTION.recordMs
    if (until <= now) deleteRows(sql, [id])
    else sql.exec('UPDATE messages SET sealed = NULL, purge_at = ? WHERE id = ?', until, id)
  }
  const last = found.at(-1)
  return found.length < PURGE.rowsMax || !last ? 0 : now - last.due_at
}

/** The newest event stays, whatever its age: its number is where the next one goes on. */
function events(sql: SqlStorage, now: number): number {
  const [newest] = sql.exec<{ seq: number }>('SELECT seq FROM events ORDER BY seq DESC LIMIT 1').toArray()
  if (!newest) return 0
  const found = sql
    .exec<{ seq: number; at: number }>('SELECT seq, at FROM events ORDER BY seq LIMIT ?', PURGE.rowsMax)
    .toArray()
  const gone = found.filter(({ seq, at }) => at + RETENTION.eventMs <= now || seq <= newest.seq - FEED_MAX)
  const last = gone.at(-1)
  if (!last) return 0
  for (const { seq } of gone) if (seq < newest.seq) sql.exec('DELETE FROM events WHERE seq = ?', seq)
  return gone.length < PURGE.rowsMax ? 0 : Math.max(0, now - RETENTION.eventMs - last.at)
}

function byIndex(sql: SqlStorage, table: string, key: string, now: number): number {
  const gone = sql
    .exec<{ purge_at: number }>(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE purge_at <= ? ORDER BY purge_at LIMIT ?)
         RETURNING purge_at`,
      now,
      PURGE.rowsMax,
    )
    .toArray()
  return gone.length < PURGE.rowsMax ? 0 : now - Math.max(...gone.map((row) => row.purge_at))
}

/** Windows have no order in time: a bounded walk by name, again and again, goes on while it finds many. */
function windows(sql: SqlStorage, now: number): void {
  const kept = readCursor(sql, 'windows') ?? ''
  let from = kept
  for (let walked = 0; walked < PURGE.rowsMax; walked += PURGE.windowsMax) {
    const found = sql
      .exec<{ name: string; purge_at: number }>(
        'SELECT name, purge_at FROM windows WHERE name > ? ORDER BY name LIMIT ?',
        from,
        PURGE.windowsMax,
      )
      .toArray()
    const gone = found.filter((row) => row.purge_at <= now)
    for (const { name } of gone) sql.exec('DELETE FROM windows WHERE name = ?', name)
    from = found.length < PURGE.windowsMax ? '' : (found.at(-1)?.name ?? '')
    if (from === '' || gone.length < found.length / 2) break
  }
  if (from !== kept) writeCursor(sql, 'windows', from)
}
