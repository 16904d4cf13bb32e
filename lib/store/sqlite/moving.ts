// What the object is asked when its settings say that new things are made in another store.

import { firstId } from '../../names/ids.ts'
import type { Held, Mark, OldStore } from '../../ports/moving.ts'
import { MOVING } from '../../rules/moving.ts'
import { CHALLENGE, RETENTION, SESSION } from '../../rules/numbers.ts'
import { callerOf, type Runner } from '../../steps/steps.ts'
import { brief, type MessageRow } from './rows.ts'
import type { StepRunner } from './steps.ts'
import { sqliteStore } from './store.ts'

const count = (sql: SqlStorage, query: string, ...values: (string | number)[]): number =>
  sql.exec<{ n: number }>(`SELECT count(*) AS n FROM (${query} LIMIT ${MOVING.countedMax})`, ...values).one().n

/** A row waits for its instant, behind a breaker, or for an earlier stage. */
const LIVE = `SELECT id FROM messages WHERE wake_at IS NOT NULL
  UNION SELECT id FROM messages WHERE behind IS NOT NULL AND ended_at IS NULL
  UNION SELECT id FROM messages WHERE after_id IS NOT NULL AND status = 'queued'`

function held(sql: SqlStorage, now: number): Held {
  return {
    messages: count(sql, `SELECT 1 FROM (${LIVE})`),
    // Ids begin with their time: older ones are over.
    challenges: count(
      sql,
      `SELECT 1 FROM challenges WHERE id >= ? AND ends_at > ?
         AND (status = 'pending' OR (status = 'approved' AND effect IS NOT NULL AND confirmed_at IS NULL))`,
      firstId('ch', Math.max(0, now - CHALLENGE.lifeMs)),
      now,
    ),
    sessions: count(
      sql,
      `SELECT 1 FROM sessions WHERE revoked_at IS NULL AND ends_at > ? AND turned_at > ? AND epoch >=
         coalesce((SELECT epoch FROM epochs WHERE epochs.user_id = sessions.user_id), 0)`,
      now,
      now - SESSION.idleMs,
    ),
    records: sql.exec('SELECT 1 FROM messages LIMIT 1').toArray().length,
    names: count(sql, 'SELECT 1 FROM idempotency WHERE purge_at > ?', now),
    locks: count(sql, 'SELECT 1 FROM locks WHERE until > ?', now),
  }
}

interface NameRow extends Record<string, SqlStorageValue> {
  key: string
  fingerprint: string
  challenge_id: string | null
  message_ids: string
  purge_at: number
}

function known(sql: SqlStorage, asked: { key: string; fingerprint: string }[], now: number) {
  return asked.map(({ key, fingerprint }) => {
    const [found] = sql.exec<NameRow>('SELECT * FROM idempotency WHERE key = ? AND purge_at > ?', key, now).toArray()
    if (!found) return null
    if (found.fingerprint !== fingerprint) return { kind: 'mismatch' as const }
    const messageIds = JSON.parse(found.message_ids) as string[]
    const rows = messageIds.flatMap((id) => sql.exec<MessageRow>('SELECT * FROM messages WHERE id = ?', id).toArray())
    return { kind: 'repeated' as const, challengeId: found.challenge_id, messageIds, messages: rows.map(brief) }
  })
}

/** A lock's series begins with opener and person, as check.ts names it. */
const lockedUntil = (sql: SqlStorage, opener: string, persons: string[], now: number): number =>
  Math.max(
    0,
    ...persons.map(
      (person) =>
        sql
          .exec<{ until: number | null }>(
            'SELECT max(until) AS until FROM locks WHERE series = ? AND until > ?',
            `wrong:${opener}:${person}`,
            now,
          )
          .one().until ?? 0,
    ),
  )

const MARKS = 'FROM idempotency WHERE purge_at > ? AND key > ?'

const marks = (sql: SqlStorage, after: string, limit: number, now: number): Mark[] =>
  sql
    .exec<NameRow>(`SELECT * ${MARKS} ORDER BY key LIMIT ?`, now + RETENTION.idempotencyMs, after, limit)
    .toArray()
    .map((row) => ({
      key: row.key,
      fingerprint: row.fingerprint,
      messageIds: JSON.parse(row.message_ids) as string[],
      keptUntil: row.purge_at,
    }))

function forgetMarks(sql: SqlStorage, keys: string[]): void {
  for (const key of keys) sql.exec('DELETE FROM idempotency WHERE key = ?', key)
}

const marksLeft = (sql: SqlStorage, now: number): number =>
  count(sql, `SELECT 1 ${MARKS}`, now + RETENTION.idempotencyMs, '')

export const movingSteps = { held, known, lockedUntil, marks, forgetMarks, marksLeft }
export type MovingSteps = typeof movingSteps

/** The object's store, once it is the one that nothing new is made in. Both give a fresh stub per call. */
export function oldStore(steps: () => StepRunner, moving: () => Runner<MovingSteps>): OldStore {
  const call = callerOf(moving, 'store')
  return {
    ...sqliteStore(steps),
    held: (now) => call('held', now),
    known: (asked, now) => call('known', asked, now),
    lockedUntil: (opener, persons, now) => call('lockedUntil', opener, persons, now),
    marks: (after, limit, now) => call('marks', after, limit, now),
    forgetMarks: (keys) => call('forgetMarks', keys),
    marksLeft: (now) => call('marksLeft', now),
  }
}
