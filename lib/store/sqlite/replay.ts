// Queueing a dead row again under a new provider key.

import type { Replayed } from '../../ports/outbox.ts'
import { isDead } from '../../rules/status.ts'
import { queue } from './change.ts'
import { addEvent, message, statusOf } from './rows.ts'

export function replay(sql: SqlStorage, id: string, force: boolean, giveUpAt: number, now: number): Replayed {
  const row = message(sql, id)
  if (!row) return { kind: 'missing' }
  const status = statusOf(row)
  if (!isDead(status)) return { kind: 'refused', status }
  if (status === 'unknown' && !force) return { kind: 'needs-force' }
  const kept = sql.exec('SELECT 1 FROM payloads WHERE id = ? AND purge_at > ?', id, now).toArray().length > 0
  if (!kept) return { kind: 'payload-gone' }
  sql.exec('UPDATE payloads SET purge_at = NULL WHERE id = ?', id)
  // A copy that may be out stays in doubt, whatever becomes of the new one.
  const doubted = status === 'unknown' || row.ambiguous === 1 ? 1 : 0
  // Its old end does not bind the new life: a replay is an operator's decision to send it now.
  sql.exec(
    `UPDATE messages SET replays = replays + 1, plan = '', doubted = ?1, ambiguous = ?1, ended_at = NULL, purge_at = NULL,
       candidates = providers, expires_at = NULL, start_by = NULL, give_up_at = ?2, first_due_at = ?3 WHERE id = ?4`,
    doubted,
    giveUpAt,
    now,
    id,
  )
  addEvent(sql, id, 'queued', null, now)
  return { kind: 'replayed', ...queue(sql, id, now, now) }
}
