// Queueing a dead row again under a new provider key.

import type { Replayed } from '../../ports/outbox.ts'
import { isDead } from '../../rules/status.ts'
import { queue } from './change.ts'
import { addEvent, statusOf } from './rows.ts'
import { work } from './work.ts'

export const replay = (sql: SqlStorage, id: string, force: boolean, giveUpAt: number, now: number): Replayed =>
  work(sql, (rows) => {
    const row = rows.message(id)
    if (!row) return { kind: 'missing' }
    const status = statusOf(row)
    if (!isDead(status)) return { kind: 'refused', status }
    if (status === 'unknown' && !force) return { kind: 'needs-force' }
    if (row.sealed === null || (row.payload_until ?? 0) <= now) return { kind: 'payload-gone' }
    // A copy that may be out stays in doubt, whatever becomes of the new one.
    const doubted = status === 'unknown' || row.ambiguous === 1 ? 1 : 0
    // Its old end does not bind the new life: a replay is an operator's decision to send it now.
    Object.assign(row, {
      replays: row.replays + 1,
      plan: '',
      doubted,
      ambiguous: doubted,
      ended_at: null,
      payload_until: null,
      purge_at: null,
      candidates: row.providers,
      expires_at: null,
      start_by: null,
      give_up_at: giveUpAt,
      first_due_at: now,
    })
    addEvent(sql, row, 'queued', null, now)
    return { kind: 'replayed', ...queue(row, now, now) }
  })
