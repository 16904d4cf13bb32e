// Taking rows under lease: those that were named, and whatever is due.
import type { Claims, Unclaimed, Wanted } from '../../ports/outbox.ts'
import type { Lease, Waiting } from '../../ports/row.ts'
import { fairShare } from '../../rules/fair-share.ts'
import { CLAIM_WALK_MAX } from '../../rules/numbers.ts'
import { PRIORITIES } from '../../rules/status.ts'
import { claimOne, obstacle } from './lease.ts'
import type { MessageRow } from './rows.ts'
import { claimed, statusOf, waiting } from './rows.ts'
import { type Work, work } from './work.ts'

export const claim = (sql: SqlStorage, what: Wanted, max: number, lease: Lease, now: number): Claims =>
  work(sql, (rows) => claimAll(rows, what, max, lease, now))

function claimAll(rows: Work, what: Wanted, max: number, lease: Lease, now: number): Claims {
  const until = now + lease.leaseMs
  const named = 'ids' in what ? what.ids : []
  const held = heldBy(rows, what.due ? [...named, ...wokenAt(rows.sql, until)] : named, lease.token, now)
  const claims: Claims = { claimed: held.map(claimed), unclaimed: [] }
  const seen = new Set<string>()
  if (held.length > 0) return what.due ? withNext(rows, claims, seen, now) : claims
  const takeAll = (ids: string[]): void => {
    for (const id of ids) {
      seen.add(id)
      if (claims.claimed.length === max) {
        claims.unclaimed.push(left(rows, id, now))
        continue
      }
      const one = claimOne(rows, id, { token: lease.token, until }, now)
      if ('row' in one) claims.claimed.push(claimed(one.row))
      else claims.unclaimed.push(one)
    }
  }
  takeAll(named)
  // Rows put behind a breaker take no place: one claim deals with many of them.
  while (what.due && claims.claimed.length < max && seen.size < CLAIM_WALK_MAX) {
    const ids = dueIds(rows, max - claims.claimed.length, now, seen)
    if (ids.length === 0) break
    takeAll(ids)
  }
  return what.due ? withNext(rows, claims, seen, now) : claims
}

function withNext(rows: Work, claims: Claims, seen: ReadonlySet<string>, now: number): Claims {
  const next = nextDue(rows, seen, now)
  return next ? { ...claims, next } : claims
}

/** What the same call has claimed before. Where no row is named, the index finds them: they wake when the lease ends. */
const heldBy = (rows: Work, ids: string[], token: string, now: number): MessageRow[] =>
  [...new Set(ids)]
    .flatMap((id) => rows.message(id) ?? [])
    .filter((row) => row.lease_token === token && statusOf(row) === 'sending' && (row.lease_until ?? 0) > now)
    .sort((a, b) => (a.id < b.id ? -1 : 1))

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

/** Due rows of one priority that this step has not met, oldest first. */
function dueOf(rows: Work, priority: number, max: number, now: number, seen: ReadonlySet<string>): string[] {
  return rows.sql
    .exec<{ id: string }>(
      'SELECT id FROM messages WHERE priority = ? AND wake_at <= ? ORDER BY wake_at, id LIMIT ?',
      priority,
      now,
      max + seen.size,
    )
    .toArray()
    .map((row) => row.id)
    .filter((id) => !seen.has(id))
    .slice(0, max)
}

const dueIds = (rows: Work, max: number, now: number, seen: ReadonlySet<string>): string[] =>
  fairShare(
    PRIORITIES.map((_, priority) => dueOf(rows, priority, max, now, seen)),
    max,
  )

/** The first due row that this step has not met. */
function nextDue(rows: Work, seen: ReadonlySet<string>, now: number): Waiting | null {
  for (const [priority] of PRIORITIES.entries()) {
    const [id] = dueOf(rows, priority, 1, now, seen)
    const row = id === undefined ? undefined : rows.message(id)
    if (row) return waiting(row)
  }
  return null
}
