// Taking one row under lease.

import type { Unclaimed } from '../../ports/outbox.ts'
import { endWord, hasEnded } from '../../rules/status.ts'
import { pick } from './breaker.ts'
import { finish, hold, notNeeded, queue } from './change.ts'
import type { MessageRow } from './rows.ts'
import { message, statusOf } from './rows.ts'

export function claimOne(
  sql: SqlStorage,
  id: string,
  lease: { token: string; until: number },
  now: number,
): { row: MessageRow } | Unclaimed {
  const found = message(sql, id)
  const why = obstacle(id, found, now)
  if (why !== null || !found) return why ?? { id, why: 'missing' }
  const lost = statusOf(found) === 'sending'
  // The lease ended with an intent set: whatever that worker did is unknown until it is settled so.
  if (lost) sql.exec('UPDATE messages SET ambiguous = 1 WHERE id = ?', id)
  const row = lost ? { ...found, ambiguous: 1 } : found
  if (notNeeded(sql, row)) return ended(sql, row, 'cancelled', now)
  if (row.start_by !== null && now > row.start_by) return ended(sql, row, 'expired', now)
  if (now > row.give_up_at) return ended(sql, row, 'failed', now)
  if (lost) {
    sql.exec('UPDATE messages SET lost = 1 WHERE id = ?', id)
    return { row: hold(sql, id, row.intent ?? '', lease) }
  }
  const picked = pick(sql, JSON.parse(row.candidates) as string[], id, lease, now)
  if ('provider' in picked) return { row: hold(sql, id, picked.provider, lease) }
  // Behind open breakers: no later than the row's own end, which must not pass unnoticed.
  const end = Math.min(row.start_by ?? Number.POSITIVE_INFINITY, row.give_up_at) + 1
  return { ...queue(sql, id, Math.min(picked.openAt, end), now), why: 'later' }
}

/** Why a row cannot be claimed now, before anything is asked of it; null when it is due. */
export function obstacle(id: string, row: MessageRow | undefined, now: number): Unclaimed | null {
  if (!row) return { id, why: 'missing' }
  const status = statusOf(row)
  if (hasEnded(status)) return { id, why: 'ended', status }
  if (row.wake_at === null || row.wake_at <= now) return null
  if (status === 'sending') return { id, why: 'leased', until: row.wake_at }
  return { id, why: 'later', generation: row.generation, dueAt: row.due_at }
}

function ended(sql: SqlStorage, row: MessageRow, word: 'cancelled' | 'expired' | 'failed', now: number): Unclaimed {
  const status = endWord(word, row.ambiguous === 1)
  finish(sql, row, status, null, now)
  return { id: row.id, why: 'ended', status }
}
