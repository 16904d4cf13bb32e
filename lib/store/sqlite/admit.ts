// Accepting: idempotency key, limits, challenge and messages, all of a group or nothing of it.

import type { ChallengeSend, NewChallenge } from '../../ports/challenges.ts'
import type { Admission, Admitted, Claimed, NewMessage, Waiting } from '../../ports/outbox.ts'
import { admissionName } from '../../rules/admission-name.ts'
import { ARM_HORIZON_MS, RETENTION } from '../../rules/numbers.ts'
import { PRIORITIES } from '../../rules/status.ts'
import type { Usage } from '../../rules/windows.ts'
import { queue } from './change.ts'
import { claimOne } from './lease.ts'
import { take, usageOf } from './limits.ts'
import type { MessageRow } from './rows.ts'
import { addAudit, addEvent, claimed, message, waiting } from './rows.ts'
import { insertSession, revoked, sessionOf, stale } from './sessions.ts'

export const admit = (sql: SqlStorage, groups: Admission[]): Admitted[] => groups.map((group) => admitOne(sql, group))

function admitOne(sql: SqlStorage, group: Admission): Admitted {
  const ids = group.messages.map((message) => message.id)
  const repeat = repeated(sql, group, ids)
  if (repeat) return repeat
  if (group.bearer && revoked(sql, group.bearer, group.now)) return { kind: 'revoked' }
  if (group.session && stale(sql, group.session)) return { kind: 'revoked' }
  const before = known(sql, group)
  if (before) return before
  if (group.challenge && 'resend' in group.challenge) {
    const answer = again(sql, group, group.challenge.resend)
    if (answer) return answer
  }
  const taken = take(sql, [...group.sends, ...group.takes], group.now)
  if (taken.kind === 'limited') return taken
  if (group.challenge && 'open' in group.challenge) open(sql, group.challenge.open)
  if (group.challenge && 'resend' in group.challenge) extend(sql, group.challenge.resend)
  if (group.session) insertSession(sql, group.session, group.now)
  for (const message of group.messages) insert(sql, message, group.now)
  remember(sql, group, ids)
  return admitted(sql, group, ids, taken.usage)
}

/** The caller names the ids: finding them means that this is a repeat after a lost answer, told what the first was. */
function repeated(sql: SqlStorage, group: Admission, ids: string[]): Admitted | null {
  const [first] = ids
  const used = () => usageOf(sql, [...group.sends, ...group.takes], group.now)
  if (group.session && sessionOf(sql, group.session.id)) return admitted(sql, group, ids, used())
  if (first === undefined) {
    const opens = group.challenge && 'open' in group.challenge ? group.challenge.open.id : null
    const known = sql.exec('SELECT 1 FROM challenges WHERE id = ?', opens).toArray().length > 0
    return known ? admitted(sql, group, ids, used()) : null
  }
  if (message(sql, first)) return admitted(sql, group, ids, used())
  const [instead] = sql.exec<{ row_id: string }>('SELECT row_id FROM hastened WHERE id = ?', first).toArray()
  return instead ? hastened(sql, group, instead.row_id) : null
}

/** What was made under the same idempotency key; null when the key is new, or there is none. */
function known(sql: SqlStorage, { idempotency, now }: Admission): Admitted | null {
  if (!idempotency) return null
  const [found] = sql
    .exec<{ fingerprint: string; challenge_id: string | null; message_ids: string }>(
      'SELECT * FROM idempotency WHERE key = ? AND purge_at > ?',
      idempotency.key,
      now,
    )
    .toArray()
  if (!found) return null
  if (found.fingerprint !== idempotency.fingerprint) return { kind: 'mismatch' }
  return { kind: 'repeated', challengeId: found.challenge_id, messageIds: JSON.parse(found.message_ids) as string[] }
}

/** A resend that needs no new row: refused, or the row that is still queued is due now. */
function again(sql: SqlStorage, group: Admission, resend: ChallengeSend): Admitted | null {
  const [challenge] = sql
    .exec<{ status: string; ends_at: number }>('SELECT status, ends_at FROM challenges WHERE id = ?', resend.id)
    .toArray()
  if (!challenge) return { kind: 'missing' }
  if (challenge.status !== 'pending' || group.now >= challenge.ends_at) return { kind: 'over' }
  const [row] = sql
    .exec<MessageRow>(
      `SELECT * FROM messages WHERE challenge_id = ? AND channel = ? AND status = 'queued' ORDER BY id DESC LIMIT 1`,
      resend.id,
      resend.channel,
    )
    .toArray()
  if (!row) return null
  const taken = take(sql, group.takes, group.now)
  if (taken.kind === 'limited') return taken
  extend(sql, resend)
  const [message] = group.messages
  sql.exec(
    'UPDATE messages SET expires_at = ?, start_by = ?, give_up_at = ? WHERE id = ?',
    message?.expiresAt ?? row.expires_at,
    message?.startBy ?? row.start_by,
    message?.giveUpAt ?? row.give_up_at,
    row.id,
  )
  // A row behind open breakers stays where it is: making it due would only turn it round.
  if (row.due_at > group.now) queue(sql, row.id, group.now, group.now)
  remember(sql, group, [row.id])
  if (message) {
    sql.exec(
      'INSERT OR REPLACE INTO hastened (id, row_id, purge_at) VALUES (?, ?, ?)',
      message.id,
      row.id,
      group.now + RETENTION.answerMs,
    )
  }
  return hastened(sql, group, row.id)
}

function hastened(sql: SqlStorage, group: Admission, id: string): Admitted {
  const used = usageOf(sql, [...group.sends, ...group.takes], group.now)
  return { kind: 'hastened', id, ...held(sql, group, [id], () => true), usage: used }
}

function admitted(sql: SqlStorage, group: Admission, ids: string[], used: Usage[]): Admitted {
  return { kind: 'admitted', ...held(sql, group, ids, (row) => row.after_id === null), usage: used }
}

/** Claims what is due and may start where a lease was given; the rest waits for its wake. */
function held(
  sql: SqlStorage,
  group: Admission,
  ids: string[],
  mayStart: (row: MessageRow) => boolean,
): { claimed: Claimed[]; waiting: Waiting[] } {
  const answer = { claimed: [] as Claimed[], waiting: [] as Waiting[] }
  for (const id of ids) {
    const row = message(sql, id)
    if (!row || row.wake_at === null) continue
    if (group.claim && row.lease_token === group.claim.token) {
      answer.claimed.push(claimed(sql, row))
      continue
    }
    if (!group.claim || row.status !== 'queued' || row.due_at > group.now || !mayStart(row)) {
      answer.waiting.push(waiting(row))
      continue
    }
    const lease = { token: group.claim.token, until: group.now + group.claim.leaseMs }
    const one = claimOne(sql, id, lease, group.now)
    if ('row' in one) answer.claimed.push(claimed(sql, one.row))
    else if (one.why === 'later') answer.waiting.push({ id, generation: one.generation, dueAt: one.dueAt })
  }
  return answer
}

/** What is kept of the call beside its rows. */
function remember(sql: SqlStorage, group: Admission, ids: string[]): void {
  if (group.audit) addAudit(sql, group.audit, admissionName(group))
  if (!group.idempotency) return
  const challenge = group.challenge
  sql.exec(
    'INSERT OR REPLACE INTO idempotency (key, fingerprint, challenge_id, message_ids, purge_at) VALUES (?, ?, ?, ?, ?)',
    group.idempotency.key,
    group.idempotency.fingerprint,
    challenge === null ? null : 'open' in challenge ? challenge.open.id : challenge.resend.id,
    JSON.stringify(ids),
    group.now + (group.idempotency.keptMs ?? RETENTION.idempotencyMs),
  )
}

function open(sql: SqlStorage, c: NewChallenge): void {
  sql.exec(
    `INSERT INTO challenges (id, purpose, audience, opener, persons, subject, effect, sealed, macs, status,
       code_expires_at, ends_at, resend_at, created_at, purge_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?)`,
    c.id,
    c.purpose,
    c.audience,
    c.opener,
    JSON.stringify(c.persons),
    c.subject ?? null,
    c.effect ?? null,
    c.sealed,
    JSON.stringify(c.macs),
    c.codeExpiresAt,
    c.endsAt,
    c.resendAt,
    c.createdAt,
    c.endsAt + RETENTION.payloadMs,
  )
}

function extend(sql: SqlStorage, resend: ChallengeSend): void {
  sql.exec(
    'UPDATE challenges SET code_expires_at = min(ends_at, max(code_expires_at, ?)), resend_at = ? WHERE id = ?',
    resend.codeExpiresAt,
    resend.resendAt,
    resend.id,
  )
}

function insert(sql: SqlStorage, m: NewMessage, now: number): void {
  sql.exec(
    `INSERT INTO messages (id, challenge_id, channel, template, class, priority, status, recipient, providers, candidates,
       due_at, wake_at, armed, start_by, expires_at, give_up_at, created_at, first_due_at, after_id, slot, slot_series)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?8, ?8, ?9, ?9, ?17, ?10, ?11, ?12, ?13, ?9, ?14, ?15, ?16)`,
    m.id,
    m.challengeId,
    m.channel,
    m.template,
    m.class,
    PRIORITIES.indexOf(m.priority),
    m.recipient,
    JSON.stringify(m.providers),
    m.dueAt,
    m.startBy,
    m.expiresAt,
    m.giveUpAt,
    now,
    m.after,
    m.slot,
    JSON.stringify(m.slotSeries),
    m.dueAt - now <= ARM_HORIZON_MS ? 1 : 0,
  )
  sql.exec('INSERT INTO payloads (id, sealed) VALUES (?, ?)', m.id, m.sealed)
  addEvent(sql, m.id, 'queued', null, now)
}
