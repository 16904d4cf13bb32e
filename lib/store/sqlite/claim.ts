// Taking rows under lease: by id, or whatever is due.
import type { Claims, Lease, Unclaimed } from '../../ports/outbox.ts'
import { fairShare } from '../../rules/fair-share.ts'
import { PRIORITIES } from '../../rules/status.ts'
import { claimOne, obstacle } from './lease.ts'
import type { MessageRow } from './rows.ts'
import { claimed, message } from './rows.ts'

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

/** A named row for which this claim had no place: its caller wakes it again. */
function left(sql: SqlStorage, id: string, now: number): Unclaimed {
  const row = message(sql, id)
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
