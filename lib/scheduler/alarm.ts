// The object's alarm as Scheduler. Where the object holds the messages, it knows itself when they wake; for those of
// another store it keeps (id, generation, at) rows, the next one always armed, nothing ever awaited.
import type { Waiting } from '../ports/row.ts'
import type { Scheduler } from '../ports/scheduler.ts'
import { ALARM, CLAIM_MAX } from '../rules/numbers.ts'
import { callerOf, type Runner } from '../steps/steps.ts'

/** For the rows that the object holds: each step sets the alarm, so that there is nothing to ask for. */
export const ownClock = (): Scheduler => ({
  free: true,
  horizonMs: Number.POSITIVE_INFINITY,
  wake: async () => {},
  drain: async () => {},
})

/** Both answer when to ring next. A drain is begun by the object that runs the step: it needs no row. */
export const clockSteps = { note: noteWakes, drain: (_: SqlStorage, now: number): number | null => now }

export type ClockRunner = Runner<typeof clockSteps>

/** `steps` gives a fresh stub per call. */
export function alarmScheduler(steps: () => ClockRunner, now: () => number): Scheduler {
  const call = callerOf(steps, 'scheduler', 1)
  return {
    free: true,
    horizonMs: Number.POSITIVE_INFINITY,
    async wake(rows) {
      if (rows.length > 0) await call('note', rows)
    },
    async drain() {
      await call('drain', now())
    },
  }
}

export const WAKES_SCHEMA = `
CREATE TABLE wakes (
  id TEXT PRIMARY KEY, generation INTEGER NOT NULL, at INTEGER NOT NULL, rung INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX wakes_at ON wakes (at);
`

/** Notes the wakes; the newest generation of a row counts, and of that the earliest instant. Answers the next alarm. */
export function noteWakes(sql: SqlStorage, rows: Waiting[]): number | null {
  for (const { id, generation, dueAt } of rows) {
    sql.exec(
      `INSERT INTO wakes (id, generation, at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE
         SET at = CASE WHEN excluded.generation > generation THEN excluded.at ELSE min(at, excluded.at) END,
             generation = excluded.generation, rung = 0
       WHERE excluded.generation >= generation`,
      id,
      generation,
      dueAt,
    )
  }
  return nextAt(sql)
}

/**
 * Takes what is due, in loads one worker can start at once, and answers the next alarm. Each wake rings twice: whether its
 * row has ended by then, the other store knows.
 */
export function ring(sql: SqlStorage, now: number): { loads: string[][]; next: number | null } {
  const due = sql
    .exec<{ id: string; rung: number }>(
      'SELECT id, rung FROM wakes WHERE at <= ? ORDER BY at LIMIT ?',
      now,
      ALARM.ringsMax,
    )
    .toArray()
  const ids: string[] = []
  for (const { id, rung } of due) {
    ids.push(id)
    if (rung > 0) sql.exec('DELETE FROM wakes WHERE id = ?', id)
    else sql.exec('UPDATE wakes SET at = ?, rung = 1 WHERE id = ?', now + ALARM.againMs, id)
  }
  const loads: string[][] = []
  for (let at = 0; at < ids.length; at += CLAIM_MAX) loads.push(ids.slice(at, at + CLAIM_MAX))
  const next = nextAt(sql)
  return { loads, next: next === null || ids.length === 0 ? next : Math.max(next, now + ALARM.turnMs) }
}

const nextAt = (sql: SqlStorage): number | null =>
  sql.exec<{ at: number | null }>('SELECT min(at) AS at FROM wakes').one().at
