// Queueing a dead row again under a new provider key.

import type { Replayed } from '../../ports/outbox.ts'
import { isDead } from '../../rules/status.ts'
import { notNeeded, queue } from './change.ts'
import type { MessageRow } from './rows.ts'
import { addEvent, statusOf } from './rows.ts'
import { type Work, work } from './work.ts'

export const replay = (sql: SqlStorage, id: string, force: boolean, giveUpAt: number, now: number): Replayed =>
  work(sql, (rows) => replayOne(rows, id, force, giveUpAt, now))

export function replayOne(rows: Work, id: string, force: boolean, giveUpAt: number, now: number): Replayed {
  const row = rows.message(id)
  if (!row) return { kind: 'missing' }
  const status = statusOf(row)
  if (!isDead(status)) return { kind: 'refused', status }
  if (status === 'unknown' && !force) return { kind: 'needs-force' }
  if (row.sealed === null || (row.payload_until ?? 0) <= now) return { kind: 'payload-gone' }
  if (isOver(row, now) || notNeeded(rows, row)) return { kind: 'expired' }
  // A copy that may be out stays in doubt, whatever becomes of the new one.
  const doubted = status === 'unknown' || row.ambiguous === 1 ? 1 : 0
  Object.assign(row, {
    replays: row.replays + 1,
    plan: '',
    doubted,
    ambiguous: doubted,
    ended_at: null,
    payload_until: null,
    purge_at: null,
    candidates: row.providers,
    start_by: row.expires_at === null ? null : row.start_by,
    give_up_at: Math.min(giveUpAt, row.expires_at ?? giveUpAt),
    first_due_at: now,
  })
  addEvent(rows.sql, row, 'queued', null, now)
  return { kind: 'replayed', ...queue(row, now, now) }
}

const isOver = ({ expires_at, start_by }: MessageRow, now: number): boolean =>
  expires_at !== null && (expires_at <= now || (start_by !== null && start_by <= now))
