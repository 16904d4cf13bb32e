// A message row and its translations to the port's shapes.

import type { AuditEntry } from '../../ports/audit.ts'
import type { Attempt } from '../../ports/message.ts'
import type { MessageEvent, MessageRecord } from '../../ports/record.ts'
import type { Brief, Claimed, Waiting } from '../../ports/row.ts'
import { countedAs, isCounted } from '../../rules/audit.ts'
import { hourOf } from '../../rules/histogram.ts'
import { AUDIT_COUNTED_MAX, AUDIT_NAMES_MAX, HISTORY_MAX, RETENTION } from '../../rules/numbers.ts'
import { type Channel, type MessageClass, PRIORITIES, STATES, type Status } from '../../rules/status.ts'

export interface MessageRow extends Record<string, SqlStorageValue> {
  id: string
  challenge_id: string | null
  channel: string
  template: string
  class: string
  priority: number
  status: string
  recipient: string
  providers: string
  candidates: string
  due_at: number
  wake_at: number | null
  armed: number
  start_by: number | null
  expires_at: number | null
  give_up_at: number
  created_at: number
  first_due_at: number
  ended_at: number | null
  /** Ids of the rows of earlier stages, a blank between them. */
  after_id: string | null
  slot: string
  slot_series: string
  /** JSON: ids of the other rows of the same send. */
  peers: string
  lease_token: string | null
  lease_until: number | null
  intent: string | null
  lost: number
  attempt: number
  replays: number
  generation: number
  plan: string
  ambiguous: number
  /** A copy of an earlier life, before a replay, may be out. */
  doubted: number
  last_token: string | null
  last_attempt: number | null
  last_answer: string | null
  /** JSON: the attempts, as the record shows them, each with what its provider called it. */
  attempts: string
  /** JSON: Happened[]. */
  history: string
  /** null once the payload's retention has ended. */
  sealed: string | null
  payload_until: number | null
  /** Only of rows that purge does not find by their id: when their payload, and then they themselves, have to go. */
  purge_at: number | null
  /** The provider behind whose open breaker it waits without a wake of its own. */
  behind: string | null
  owner: string | null
  /** JSON, as `people`: the names in `links` that lead to it. */
  refs: string | null
  people: string | null
  facts: string | null
  about: string | null
  event: string | null
  /** 1 = it has had a full round that nobody accepted. */
  refused: number | null
}

/** One line of a row's history. */
type Happened = [seq: number, at: number, type: string, provider: string | null, eventId?: string]

/** Dead letters, as a condition of SQL: the index `messages_dead` has the same one. */
export const DEAD = `status IN (${STATES.dead.map((status) => `'${status}'`).join(', ')})`

export const statusOf = (row: MessageRow): Status => row.status as Status

export const waiting = (row: MessageRow): Waiting => ({ id: row.id, generation: row.generation, dueAt: row.due_at })

export const brief = (row: MessageRow): Brief => ({
  id: row.id,
  channel: row.channel as Channel,
  status: statusOf(row),
  dueAt: row.due_at,
})

export function claimed(row: MessageRow): Claimed {
  return {
    id: row.id,
    challengeId: row.challenge_id,
    channel: row.channel as Channel,
    template: row.template,
    class: row.class as MessageClass,
    priority: PRIORITIES[row.priority] ?? 'medium',
    sealed: row.sealed ?? '',
    about: row.about,
    event: row.event,
    providers: JSON.parse(row.providers) as string[],
    intent: row.intent ?? '',
    lost: row.lost === 1,
    token: row.lease_token ?? '',
    leaseUntil: row.lease_until ?? 0,
    attempt: row.attempt,
    replays: row.replays,
    generation: row.generation,
    plan: row.plan,
    ambiguous: row.ambiguous === 1,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    startBy: row.start_by,
    giveUpAt: row.give_up_at,
  }
}

export interface EventRow extends Record<string, SqlStorageValue> {
  seq: number
  at: number
  message_id: string
  type: string
  provider: string | null
}

export const event = (row: EventRow): MessageEvent => ({
  seq: row.seq,
  at: row.at,
  messageId: row.message_id,
  type: row.type,
  provider: row.provider,
})

export function record(row: MessageRow): MessageRecord {
  return {
    id: row.id,
    challengeId: row.challenge_id,
    channel: row.channel as Channel,
    template: row.template,
    class: row.class as MessageClass,
    priority: PRIORITIES[row.priority] ?? 'medium',
    status: statusOf(row),
    sealed: row.sealed,
    about: row.about,
    event: row.event,
    owner: row.owner,
    facts: row.facts,
    ambiguous: row.ambiguous === 1,
    createdAt: row.created_at,
    dueAt: row.due_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    generation: row.generation,
    replays: row.replays,
    attempts: (JSON.parse(row.attempts) as Attempt[]).map(({ provider, at, outcome, code, durationMs }) => ({
      provider,
      at,
      outcome,
      code,
      durationMs,
    })),
    events: historyOf(row).map(([seq, at, type, provider]) => ({ seq, at, messageId: row.id, type, provider })),
  }
}

const historyOf = (row: MessageRow): Happened[] => JSON.parse(row.history) as Happened[]

/** Whether the provider has told this already. */
export const knows = (row: MessageRow, eventId: string): boolean =>
  historyOf(row).some(([, , , , id]) => id === eventId)

/** Puts it into the feed and into the row's own history, which the feed may outlive or not. */
export function addEvent(
  sql: SqlStorage,
  row: MessageRow,
  type: string,
  provider: string | null,
  at: number,
  eventId?: string,
): void {
  const history = historyOf(row)
  const { seq } = sql
    .exec<{ seq: number }>(
      'INSERT INTO events (at, message_id, type, provider) VALUES (?, ?, ?, ?) RETURNING seq',
      at,
      row.id,
      type,
      provider,
    )
    .one()
  const happened: Happened = [seq, at, type, provider]
  if (eventId !== undefined) happened.push(eventId)
  history.push(happened)
  // Where a provider goes on telling, the beginning and the newest are kept.
  if (history.length > HISTORY_MAX) history.splice(1, 1)
  row.history = JSON.stringify(history)
}

/** `name` tells what it was written with, so that a repeat does not write it again; null = nothing does. */
export function addAudit(sql: SqlStorage, entry: AuditEntry, name: string | null = null): void {
  if (isCounted(entry.kind)) countAudit(sql, entry, name)
  else listAudit(sql, entry, name)
}

function listAudit(sql: SqlStorage, entry: AuditEntry, name: string | null): void {
  sql.exec(
    'INSERT OR IGNORE INTO audit (at, kind, person, opener, agent, ip, name, purge_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    entry.at,
    entry.kind,
    entry.person,
    entry.opener,
    entry.agent,
    entry.ip,
    name,
    entry.at + RETENTION.auditMs,
  )
}

interface Counted extends Record<string, SqlStorageValue> {
  at: number
  names: string
}

const countedEntry = (sql: SqlStorage, entry: AuditEntry): Counted | undefined =>
  sql.exec<Counted>('SELECT at, names FROM audit WHERE counted_as = ?', countedAs(entry)).toArray()[0]

/** One more of a kind that is counted by person and hour; `names` are those who added to it last. */
function countAudit(sql: SqlStorage, asked: AuditEntry, name: string | null): void {
  let [entry, found] = [asked, countedEntry(sql, asked)]
  if (!found && hourIsFull(sql, asked.at)) {
    entry = { ...asked, person: null, opener: null }
    found = countedEntry(sql, entry)
  }
  const before = found ? (JSON.parse(found.names) as string[]) : []
  if (name !== null && before.includes(name)) return
  const names = JSON.stringify(name === null ? before : [...before, name].slice(-AUDIT_NAMES_MAX))
  const key = countedAs(entry)
  const purgeAt = entry.at + RETENTION.auditMs
  if (!found) {
    sql.exec(
      'INSERT INTO audit (at, kind, person, opener, agent, ip, counted_as, names, purge_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[entry.at, entry.kind, entry.person, entry.opener, entry.agent, entry.ip, key, names, purgeAt],
    )
  } else if (entry.at < found.at) {
    sql.exec('UPDATE audit SET count = count + 1, names = ? WHERE counted_as = ?', names, key)
  } else {
    // A new number, because the newest of one ms comes first.
    sql.exec(
      `UPDATE audit SET seq = (SELECT max(seq) + 1 FROM audit), count = count + 1, at = ?, agent = ?, ip = ?, names = ?,
         purge_at = ? WHERE counted_as = ?`,
      ...[entry.at, entry.agent, entry.ip, names, purgeAt, key],
    )
  }
}

function hourIsFull(sql: SqlStorage, at: number): boolean {
  const hour = hourOf(at)
  return (
    sql
      .exec<{ n: number }>(
        'SELECT count(*) AS n FROM (SELECT 1 FROM audit WHERE counted_as > ? AND counted_as < ? LIMIT ?)',
        `${hour} `,
        `${hour}!`,
        AUDIT_COUNTED_MAX,
      )
      .one().n >= AUDIT_COUNTED_MAX
  )
}
