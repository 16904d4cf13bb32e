// What the sweeper has to do, and what has outlived its retention.

import type { Waiting } from '../../ports/row.ts'
import { ARM_HORIZON_MS, CLAIM_MAX, LEASE_MS } from '../../rules/numbers.ts'
import { PRIORITIES } from '../../rules/status.ts'
import { untakenOf } from '../../rules/untaken.ts'
import { goOnBehind } from './behind.ts'
import { SWEPT, writeCursor } from './cursors.ts'
import { purge } from './purge.ts'
import type { MessageRow } from './rows.ts'
import { waiting } from './rows.ts'
import { work } from './work.ts'

export function due(
  sql: SqlStorage,
  horizonMs: number,
  max: number,
  now: number,
): { overdue: number; upcoming: Waiting[]; lagMs: number } {
  const lagMs = purge(sql, now)
  if (horizonMs > 0) writeCursor(sql, SWEPT, String(now))
  work(sql, (rows) => goOnBehind(rows, now, max))
  const overdue = untaken(sql, max, now)
  const upcoming = sql
    .exec<MessageRow>(
      `UPDATE messages SET armed = 1 WHERE id IN (SELECT id FROM messages WHERE wake_at > ?1 AND wake_at <= ?2
         AND armed = 0 AND status = 'queued' ORDER BY wake_at LIMIT ?3) RETURNING *`,
      now,
      now + Math.min(horizonMs, ARM_HORIZON_MS),
      max,
    )
    .toArray()
  return { overdue, upcoming: upcoming.map(waiting), lagMs }
}

/** Due rows that nobody is about to take. */
function untaken(sql: SqlStorage, max: number, now: number): number {
  const due = PRIORITIES.map((_, priority) =>
    sql
      .exec<{ n: number; oldest: number | null }>(
        `SELECT count(*) AS n, min(wake_at) AS oldest FROM
           (SELECT wake_at FROM messages WHERE priority = ? AND wake_at <= ? ORDER BY wake_at LIMIT ?)`,
        priority,
        now,
        max,
      )
      .one(),
  )
  const working = due.slice(1).some(({ n }) => n > 0) ? workingOn(sql, now) : 0
  return Math.min(max, untakenOf(due, working, now))
}

/** Rows of lower priority that are under lease: at least so many, as far as one look at the index tells. */
export function workingOn(sql: SqlStorage, now: number): number {
  const looked = PRIORITIES.slice(1).flatMap((_, lower) =>
    sql
      .exec<{ status: string }>(
        'SELECT status FROM messages WHERE priority = ? AND wake_at > ? AND wake_at <= ? ORDER BY wake_at DESC LIMIT ?',
        lower + 1,
        now,
        now + LEASE_MS,
        2 * CLAIM_MAX,
      )
      .toArray(),
  )
  return looked.filter((row) => row.status === 'sending').length
}
