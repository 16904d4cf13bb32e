// What the sweeper has to do, and what has outlived its retention.

import type { Waiting } from '../../ports/outbox.ts'
import { ARM_HORIZON_MS } from '../../rules/numbers.ts'
import { PRIORITIES } from '../../rules/status.ts'
import { goOnBehind } from './behind.ts'
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
  work(sql, (rows) => goOnBehind(rows, now, max))
  const counts = PRIORITIES.map(
    (_, priority) =>
      sql
        .exec<{ n: number }>(
          'SELECT count(*) AS n FROM (SELECT 1 FROM messages WHERE priority = ? AND wake_at <= ? LIMIT ?)',
          priority,
          now,
          max,
        )
        .one().n,
  )
  const overdue = Math.min(
    max,
    counts.reduce((sum, n) => sum + n, 0),
  )
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
