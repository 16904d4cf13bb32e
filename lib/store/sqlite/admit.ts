// Accepting: idempotency key, limits, challenge and messages, all of a group or nothing of it.

import type { Admission, Admitted, NewMessage } from '../../ports/admission.ts'
import type { ChallengeSend, NewChallenge } from '../../ports/challenges.ts'
import type { Cancelled } from '../../ports/row.ts'
import { admissionName } from '../../rules/admission-name.ts'
import { ARM_HORIZON_MS, RETENTION } from '../../rules/numbers.ts'
import { PRIORITIES } from '../../rules/status.ts'
import type { Usage } from '../../rules/windows.ts'
import { cancelLinked } from './cancel-by.ts'
import { queue } from './change.ts'
import { take, usageOf } from './limits.ts'
import { link } from './links.ts'
import type { MessageRow } from './rows.ts'
import { addAudit, addEvent, brief, statusOf } from './rows.ts'
import { insertSession, revoked, sessionOf, stale } from './sessions.ts'
import { startFirst } from './start.ts'
import { type Work, work } from './work.ts'

export const admit = (sql: SqlStorage, groups: Admission[]): Admitted[] =>
  work(sql, (rows) => {
    const answers = groups.map((group) => admitOne(rows, group))
    startFirst(rows, groups, answers)
    return answers
  })

function admitOne(rows: Work, group: Admission): Admitted {
  const { sql } = rows
  const ids = group.messages.map((message) => message.id)
  const repeat = repeated(rows, group, ids)
  if (repeat) return repeat
  if (group.bearer && revoked(sql, group.bearer, group.now)) return { kind: 'revoked' }
  if (group.session && stale(sql, group.session)) return { kind: 'revoked' }
  const before = known(rows, group)
  if (before) return before
  if (group.challenge && 'resend' in group.challenge) {
    const answer = again(rows, group, group.challenge.resend)
    if (answer) return answer
  }
  const taken = take(sql, [...group.sends, ...group.takes], group.now)
  if (taken.kind === 'limited') return taken
  if (group.challenge && 'open' in group.challenge) open(rows, group.challenge.open)
  if (group.challenge && 'resend' in group.challenge) extend(rows, group.challenge.resend)
  if (group.session) insertSession(sql, group.session, group.now)
  const cancelled = cancelAll(rows, group)
  for (const message of group.messages) insert(rows, message, group)
  remember(sql, group, ids)
  return admitted(taken.usage, cancelled)
}

/** The caller names the ids: finding them means that this is a repeat after a lost answer, told what the first was. */
function repeated(rows: Work, group: Admission, ids: string[]): Admitted | null {
  const { sql } = rows
  const [first] = ids
  const used = () => usageOf(sql, [...group.sends, ...group.takes], group.now)
  if (group.session && sessionOf(sql, group.session.id)) return admitted(used())
  if (first === undefined) {
    const opens = group.challenge && 'open' in group.challenge ? group.challenge.open.id : null
    return opens !== null && rows.challenge(opens) ? admitted(used()) : null
  }
  if (rows.message(first)) return admitted(used())
  const [instead] = sql.exec<{ row_id: string }>('SELECT row_id FROM hastened WHERE id = ?', first).toArray()
  return instead ? hastened(rows, group, instead.row_id) : null
}

/** What was made under the same idempotency key; null when the key is new, or there is none. */
function known(rows: Work, { idempotency, now }: Admission): Admitted | null {
  if (!idempotency) return null
  const [found] = rows.sql
    .exec<{ fingerprint: string; challenge_id: string | null; message_ids: string }>(
      'SELECT * FROM idempotency WHERE key = ? AND purge_at > ?',
      idempotency.key,
      now,
    )
    .toArray()
  if (!found) return null
  if (found.fingerprint !== idempotency.fingerprint) return { kind: 'mismatch' }
  const messageIds = JSON.parse(found.message_ids) as string[]
  const messages = messageIds.flatMap((id) => rows.message(id) ?? []).map(brief)
  return { kind: 'repeated', challengeId: found.challenge_id, messageIds, messages }
}

/** A resend that needs no new row: refused, or the row that is still queued is due now. */
function again(rows: Work, group: Admission, resend: ChallengeSend): Admitted | null {
  const challenge = rows.challenge(resend.id)
  if (!challenge) return { kind: 'missing' }
  if (challenge.status !== 'pending' || group.now >= challenge.ends_at) return { kind: 'over' }
  const sends = (JSON.parse(challenge.sends) as string[]).flatMap((id) => rows.message(id) ?? [])
  const row = sends.findLast((one) => one.channel === resend.channel && statusOf(one) === 'queued')
  if (!row) return null
  const taken = take(rows.sql, group.takes, group.now)
  if (taken.kind === 'limited') return taken
  extend(rows, resend)
  const [message] = group.messages
  if (message) {
    row.expires_at = message.expiresAt ?? row.expires_at
    row.start_by = message.startBy ?? row.start_by
    row.give_up_at = message.giveUpAt
  }
  // A row behind open breakers stays where it is: making it due would only turn it round.
  if (row.due_at > group.now) queue(row, group.now, group.now)
  remember(rows.sql, group, [row.id])
  if (message) {
    rows.sql.exec(
      'INSERT OR REPLACE INTO hastened (id, row_id, purge_at) VALUES (?, ?, ?)',
      message.id,
      row.id,
      group.now + RETENTION.answerMs,
    )
  }
  return hastened(rows, group, row.id)
}

function hastened(rows: Work, group: Admission, id: string): Admitted {
  const used = usageOf(rows.sql, [...group.sends, ...group.takes], group.now)
  return { kind: 'hastened', id, claimed: [], waiting: [], usage: used }
}

/** Which of its rows start at once is decided when all groups are in. */
const admitted = (usage: Usage[], cancelled: ({ id: string } & Cancelled)[] = []): Admitted => ({
  ...{ kind: 'admitted', claimed: [], waiting: [], usage },
  ...(cancelled.length > 0 ? { cancelled } : {}),
})

/** What of its references was still to leave, or has left: what ended otherwise is nobody's concern. */
const cancelAll = (rows: Work, group: Admission): ({ id: string } & Cancelled)[] =>
  (group.cancels ?? [])
    .flatMap((reference) => cancelLinked(rows, reference, group.now))
    .filter(({ kind }) => kind !== 'ended')

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
    JSON.stringify(group.idempotency.names ?? ids),
    group.now + (group.idempotency.keptMs ?? RETENTION.idempotencyMs),
  )
}

function open(rows: Work, c: NewChallenge): void {
  rows.open({
    id: c.id,
    purpose: c.purpose,
    audience: c.audience,
    opener: c.opener,
    persons: JSON.stringify(c.persons),
    subject: c.subject ?? null,
    effect: c.effect ?? null,
    confirmed_at: null,
    sealed: c.sealed,
    macs: JSON.stringify(c.macs),
    status: 'pending',
    failures: 0,
    code_expires_at: c.codeExpiresAt,
    ends_at: c.endsAt,
    resend_at: c.resendAt,
    created_at: c.createdAt,
    sends: '[]',
    answers: '[]',
  })
}

function extend(rows: Work, resend: ChallengeSend): void {
  const challenge = rows.challenge(resend.id)
  if (!challenge) return
  const life = Math.max(challenge.code_expires_at, resend.codeExpiresAt)
  challenge.code_expires_at = Math.min(challenge.ends_at, life)
  challenge.resend_at = resend.resendAt
}

function insert(rows: Work, m: NewMessage, { messages, now }: Admission): void {
  const peers = messages.filter((other) => other.slot === m.slot && other.id !== m.id)
  const providers = JSON.stringify(m.providers)
  const row: MessageRow = {
    id: m.id,
    challenge_id: m.challengeId,
    channel: m.channel,
    template: m.template,
    class: m.class,
    priority: PRIORITIES.indexOf(m.priority),
    status: 'queued',
    recipient: m.recipient,
    providers,
    candidates: providers,
    due_at: m.dueAt,
    wake_at: m.dueAt,
    armed: m.dueAt - now <= ARM_HORIZON_MS ? 1 : 0,
    start_by: m.startBy,
    expires_at: m.expiresAt,
    give_up_at: m.giveUpAt,
    created_at: now,
    first_due_at: m.dueAt,
    ended_at: null,
    after_id: m.after.length > 0 ? m.after.join(' ') : null,
    slot: m.slot,
    slot_series: JSON.stringify(m.slotSeries),
    peers: JSON.stringify(peers.map((peer) => peer.id)),
    lease_token: null,
    lease_until: null,
    intent: null,
    lost: 0,
    attempt: 0,
    replays: 0,
    generation: 0,
    plan: '',
    ambiguous: 0,
    doubted: 0,
    last_token: null,
    last_attempt: null,
    last_answer: null,
    attempts: '[]',
    history: '[]',
    sealed: m.sealed,
    payload_until: null,
    purge_at: null,
    behind: null,
    owner: m.owner ?? null,
    refs: m.references?.length ? JSON.stringify(m.references) : null,
    people: m.people?.length ? JSON.stringify(m.people) : null,
    facts: m.facts ?? null,
    about: m.about ?? null,
    event: m.event ?? null,
    refused: null,
  }
  rows.add(row)
  link(rows.sql, row)
  const challenge = m.challengeId === null ? undefined : rows.challenge(m.challengeId)
  if (challenge) challenge.sends = JSON.stringify([...(JSON.parse(challenge.sends) as string[]), m.id].sort())
  addEvent(rows.sql, row, 'queued', null, now)
}
