// Taking rows under lease: by id, or whatever is due.
import type { Claims, Lease, Unclaimed } from '../../ports/outbox.ts'
import { pick } from './breaker.ts'
import { end, endWord, holdFor, notNeeded, queue } from './change.ts'
import { claimed, type MessageRow, messageRow, statusOf } from './rows.ts'

export function claim(
  sql: SqlStorage,
  what: { ids: string[] } | { due: true },
  max: number,
  lease: Lease,
  now: number,
): Claims {
  const held = sql
    .exec<MessageRow>(
      "SELECT * FROM messages WHERE lease_token = ? AND status = 'sending' AND lease_until > ?",
      lease.token,
      now,
    )
    .toArray()
  if (held.length > 0) {
    return { claimed: held.map((row) => claimed(sql, row)), unclaimed: [] }
  }
  const ids = 'ids' in what ? what.ids : dueIds(sql, max, now)
  const claims: Claims = { claimed: [], unclaimed: [] }
  for (const id of ids) {
    if (claims.claimed.length === max) {
      claims.unclaimed.push(left(sql, id, now))
      continue
    }
    const one = claimOne(sql, id, { token: lease.token, until: now + lease.leaseMs }, now)
    if ('row' in one) claims.claimed.push(claimed(sql, one.row))
    else claims.unclaimed.push(one)
  }
  return claims
}

export function claimOne(
  sql: SqlStorage,
  id: string,
  lease: { token: string; until: number },
  now: number,
): { row: MessageRow } | Unclaimed {
  const open = look(sql, id, now)
  if (!('row' in open)) return open
  const lost = statusOf(open.row) === 'sending'
  // The lease ended with an intent set: whatever that worker did is unknown until it is settled so.
  if (lost) sql.exec('UPDATE messages SET ambiguous = 1 WHERE id = ?', id)
  const row = lost ? { ...open.row, ambiguous: 1 } : open.row
  if (notNeeded(sql, row)) return ended(sql, row, 'cancelled', now)
  if (row.start_by !== null && now > row.start_by) return ended(sql, row, 'expired', now)
  if (now > row.give_up_at) return ended(sql, row, 'failed', now)
  if (lost) {
    sql.exec('UPDATE messages SET lost = 1 WHERE id = ?', id)
    return { row: holdFor(sql, id, row.intent ?? '', lease) }
  }
  const picked = pick(sql, JSON.parse(row.candidates) as string[], lease, now)
  if ('provider' in picked) return { row: holdFor(sql, id, picked.provider, lease) }
  // Behind open breakers: no later than the row's own end, which must not pass unnoticed.
  const end = Math.min(row.start_by ?? Number.POSITIVE_INFINITY, row.give_up_at) + 1
  return { ...queue(sql, id, Math.min(picked.openAt, end), now), why: 'later' }
}

/** The row if its time has come and nobody holds it, or why not. */
function look(sql: SqlStorage, id: string, now: number): { row: MessageRow } | Unclaimed {
  const row = messageRow(sql, id)
  if (!row) return { id, why: 'missing' }
  const status = statusOf(row)
  if (status !== 'queued' && status !== 'sending') return { id, why: 'ended', status }
  if (row.wake_at === null || row.wake_at <= now) return { row }
  if (status === 'sending') return { id, why: 'leased', until: row.wake_at }
  return { id, why: 'later', generation: row.generation, dueAt: row.due_at }
}

/** A named row for which this claim had no place: its caller wakes it again. */
function left(sql: SqlStorage, id: string, now: number): Unclaimed {
  const open = look(sql, id, now)
  if (!('row' in open)) return open
  return { id, why: 'later', generation: open.row.generation, dueAt: open.row.wake_at ?? open.row.due_at }
}

function ended(sql: SqlStorage, row: MessageRow, word: 'cancelled' | 'expired' | 'failed', now: number): Unclaimed {
  const status = endWord(row, word)
  end(sql, row, status, null, now)
  return { id: row.id, why: 'ended', status }
}

/** Of max ≥ 3 places, max(1, max/10) go to the oldest due medium and low each; the rest strictly by priority. */
function dueIds(sql: SqlStorage, max: number, now: number): string[] {
  const due = [0, 1, 2].map((priority) =>
    sql
      .exec<{ id: string }>(
        'SELECT id FROM messages WHERE priority = ? AND wake_at <= ? ORDER BY wake_at, id LIMIT ?',
        priority,
        now,
        max,
      )
      .toArray()
      .map((row) => row.id),
  )
  const kept = max >= 3 ? Math.max(1, Math.floor(max / 10)) : 0
  const reserved = [...(due[1] ?? []).slice(0, kept), ...(due[2] ?? []).slice(0, kept)]
  const strictly = due.flat().filter((id) => !reserved.includes(id))
  const chosen = new Set([...strictly.slice(0, max - reserved.length), ...reserved])
  return due.flat().filter((id) => chosen.has(id))
}
