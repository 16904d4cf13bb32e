// Taking one row under lease.

import type { Unclaimed } from '../../ports/outbox.ts'
import { endWord, hasEnded } from '../../rules/status.ts'
import { putBehind } from './behind.ts'
import { pick } from './breaker.ts'
import { finish, hold, notNeeded } from './change.ts'
import type { MessageRow } from './rows.ts'
import { statusOf } from './rows.ts'
import type { Work } from './work.ts'

export function claimOne(
  rows: Work,
  id: string,
  lease: { token: string; until: number },
  now: number,
): { row: MessageRow } | Unclaimed {
  const row = rows.message(id)
  const why = obstacle(id, row, now)
  if (why !== null || !row) return why ?? { id, why: 'missing' }
  const lost = statusOf(row) === 'sending'
  // The lease ended with an intent set: whatever that worker did is unknown until it is settled so.
  if (lost) row.ambiguous = 1
  if (notNeeded(rows, row)) return ended(rows, row, 'cancelled', now)
  if (row.start_by !== null && now > row.start_by) return ended(rows, row, 'expired', now)
  if (now > row.give_up_at) return ended(rows, row, 'failed', now)
  if (lost) {
    row.lost = 1
    return { row: hold(row, row.intent ?? '', lease) }
  }
  const picked = pick(rows.sql, JSON.parse(row.candidates) as string[], { id, class: row.class }, lease, now)
  if ('provider' in picked) return { row: hold(row, picked.provider, lease) }
  const wake = putBehind(rows, row, picked, now)
  return wake ? { ...wake, why: 'later' } : { id, why: 'behind', dueAt: row.due_at }
}

/** Why a row cannot be claimed now, before anything is asked of it; null when it is due. */
export function obstacle(id: string, row: MessageRow | undefined, now: number): Unclaimed | null {
  if (!row) return { id, why: 'missing' }
  const status = statusOf(row)
  if (hasEnded(status)) return { id, why: 'ended', status }
  if (row.wake_at === null || row.wake_at <= now) return null
  if (status === 'sending') return { id, why: 'leased', until: row.wake_at }
  if (row.behind !== null) return { id, why: 'behind', dueAt: row.due_at }
  return { id, why: 'later', generation: row.generation, dueAt: row.due_at }
}

function ended(rows: Work, row: MessageRow, word: 'cancelled' | 'expired' | 'failed', now: number): Unclaimed {
  const status = endWord(word, row.ambiguous === 1)
  finish(rows, row, status, null, now)
  return { id: row.id, why: 'ended', status }
}
