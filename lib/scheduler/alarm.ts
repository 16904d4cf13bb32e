// The object's alarm as Scheduler: its own (id, generation, at) rows, the next one always armed, nothing ever awaited.
import { Fault } from '../fault.ts'
import { CLAIM_MAX } from '../policies.ts'
import type { Waiting } from '../ports/outbox.ts'
import type { Scheduler } from '../ports/scheduler.ts'

/** The object as the Worker sees it. */
export interface AlarmClock {
  wake(rows: Waiting[]): Promise<void>
}

/** `object` gives a fresh stub per call. */
export function alarmScheduler(object: () => AlarmClock): Scheduler {
  return {
    free: true,
    horizonMs: Number.POSITIVE_INFINITY,
    async wake(rows) {
      if (rows.length === 0) return
      try {
        await object().wake(rows)
      } catch (cause) {
        throw new Fault('scheduler', { cause })
      }
    },
  }
}

export const WAKES_SCHEMA = `
CREATE TABLE IF NOT EXISTS wakes (id TEXT PRIMARY KEY, generation INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS wakes_at ON wakes (at);
`

const RINGS_MAX = 10 * CLAIM_MAX

/** Notes the wakes; the newest generation of a row counts, and of that the earliest instant. Answers the next alarm. */
export function noteWakes(sql: SqlStorage, rows: Waiting[]): number | null {
  for (const { id, generation, dueAt } of rows) {
    sql.exec(
      `INSERT INTO wakes (id, generation, at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE
         SET at = CASE WHEN excluded.generation > generation THEN excluded.at ELSE min(at, excluded.at) END,
             generation = excluded.generation
       WHERE excluded.generation >= generation`,
      id,
      generation,
      dueAt,
    )
  }
  return nextAt(sql)
}

/** Takes what is due, in loads one worker can start at once, and answers the next alarm. */
export function ring(sql: SqlStorage, now: number): { loads: string[][]; next: number | null } {
  const ids = sql
    .exec<{ id: string }>(
      'DELETE FROM wakes WHERE id IN (SELECT id FROM wakes WHERE at <= ? ORDER BY at LIMIT ?) RETURNING id',
      now,
      RINGS_MAX,
    )
    .toArray()
    .map((row) => row.id)
  const loads: string[][] = []
  for (let at = 0; at < ids.length; at += CLAIM_MAX) loads.push(ids.slice(at, at + CLAIM_MAX))
  return { loads, next: nextAt(sql) }
}

const nextAt = (sql: SqlStorage): number | null =>
  sql.exec<{ at: number | null }>('SELECT min(at) AS at FROM wakes').one().at
