// Taking rows under lease: by id, or whatever is due.
import type { Claims, Lease, Unclaimed } from '../../ports/outbox.ts'
import { fairShare } from '../../rules/fair-share.ts'
import { PRIORITIES } from '../../rules/status.ts'
import { claimOne, obstacle } from './lease.ts'
import type { MessageRow } from './rows.ts'
import { claimed, statusOf } from './rows.ts'
import { type Work, work } from './work.ts'

export const claim = (
  sql: SqlStorage,
  what: { ids: string[] } | { due: true },
  max: number,
  lease: Lease,
  now: number,
): Claims => work(sql, (rows) => claimAll(rows, what, max, lease, now))

function claimAll(rows: Work, what: { ids: string[] } | { due: true }, max: number, lease: Lease, now: number): Claims {
  const until = now + lease.leaseMs
  const named = 'ids' in what ? what.ids : null
  const held = heldBy(rows, named, lease.token, until, now)
  if (held.length > 0) return { claimed: held.map(claimed), unclaimed: [] }
  const ids = named ?? dueIds(rows.sql, max, now)
  const claims: Claims = { claimed: [], unclaimed: [] }
  for (const id of ids) {
    if (claims.claimed.length === max) {
      claims.unclaimed.push(left(rows, id, now))
      continue
    }
    const one = claimOne(rows, id, { token: lease.token, until }, now)
    if ('row' in one) claims.claimed.push(claimed(one.row))
    else claims.unclaimed.push(one)
  }
  return claims
}

/** What the same call has claimed before. Where no row is named, the index finds them: they wake when the lease ends. */
function heldBy(rows: Work, ids: string[] | null, token: string, until: number, now: number): MessageRow[] {
  const asked = ids ?? wokenAt(rows.sql, until)
  return asked
    .flatMap((id) => rows.message(id) ?? [])
    .filter((row) => row.lease_token === token && statusOf(row) === 'sending' && (row.lease_until ?? 0) > now)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

const wokenAt = (sql: SqlStorage, at: number): string[] =>
  PRIORITIES.flatMap((_, priority) =>
    sql
      .exec<{ id: string }>('SELECT id FROM messages WHERE priority = ? AND wake_at = ?', priority, at)
      .toArray()
      .map((row) => row.id),
  )

/** A named row for which this claim had no place: its caller wakes it again. */
function left(rows: Work, id: string, now: number): Unclaimed {
  const row = rows.message(id)
  const why = obstacle(id, row, now)
  if (why !== null || !row) return why ?? { id, why: 'missing' }
  return { id, why: 'later', generation: row.generation, dueAt: row.wake_at ?? row.due_at }
}

function dueIds(sql: SqlStorage, max: number, now: number): string[] {
  const due = PRIORITIES.map((_, priority) =>
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
  return fairShare(due, max)
}
