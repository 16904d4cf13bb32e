// A message row and its translations to the port's shapes.

import type { AuditEntry } from '../../ports/audit.ts'
import type { Attempt } from '../../ports/message.ts'
import type { Claimed, Waiting } from '../../ports/outbox.ts'
import type { MessageEvent, MessageRecord } from '../../ports/record.ts'
import { RETENTION } from '../../rules/numbers.ts'
import {
  type Channel,
  type MessageClass,
  type OutcomeKind,
  PRIORITIES,
  STATES,
  type Status,
} from '../../rules/status.ts'

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
  after_id: string | null
  slot: string
  slot_series: string
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
  purge_at: number | null
}

/** Dead letters, as a condition of SQL: the index `messages_dead` has the same one. */
export const DEAD = `status IN (${STATES.dead.map((status) => `'${status}'`).join(', ')})`

export const statusOf = (row: MessageRow): Status => row.status as Status

export function message(sql: SqlStorage, id: string): MessageRow | undefined {
  return sql.exec<MessageRow>('SELECT * FROM messages WHERE id = ?', id).toArray()[0]
}

/** False for rows this object does not hold: they may live in another store. */
export const messageEnded = (sql: SqlStorage, id: string): boolean =>
  sql.exec('SELECT 1 FROM messages WHERE id = ? AND ended_at IS NOT NULL', id).toArray().length > 0

export const waiting = (row: MessageRow): Waiting => ({ id: row.id, generation: row.generation, dueAt: row.due_at })

export function claimed(sql: SqlStorage, row: MessageRow): Claimed {
  const [payload] = sql.exec<{ sealed: string }>('SELECT sealed FROM payloads WHERE id = ?', row.id).toArray()
  return {
    id: row.id,
    challengeId: row.challenge_id,
    channel: row.channel as Channel,
    template: row.template,
    class: row.class as MessageClass,
    priority: PRIORITIES[row.priority] ?? 'medium',
    sealed: payload?.sealed ?? '',
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

interface AttemptRow extends Record<string, SqlStorageValue> {
  provider: string
  at: number
  outcome: string
  code: string | null
  duration_ms: number
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

export function record(sql: SqlStorage, row: MessageRow): MessageRecord {
  const [payload] = sql.exec<{ sealed: string }>('SELECT sealed FROM payloads WHERE id = ?', row.id).toArray()
  const attempts = sql
    .exec<AttemptRow>('SELECT * FROM attempts WHERE message_id = ? ORDER BY n', row.id)
    .toArray()
    .map(
      (one): Attempt => ({
        provider: one.provider,
        at: one.at,
        outcome: one.outcome as OutcomeKind,
        code: one.code,
        durationMs: one.duration_ms,
      }),
    )
  return {
    id: row.id,
    challengeId: row.challenge_id,
    channel: row.channel as Channel,
    template: row.template,
    class: row.class as MessageClass,
    priority: PRIORITIES[row.priority] ?? 'medium',
    status: statusOf(row),
    sealed: payload?.sealed ?? null,
    ambiguous: row.ambiguous === 1,
    createdAt: row.created_at,
    dueAt: row.due_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    generation: row.generation,
    replays: row.replays,
    attempts,
    events: sql.exec<EventRow>('SELECT * FROM events WHERE message_id = ? ORDER BY seq', row.id).toArray().map(event),
  }
}

export function addEvent(
  sql: SqlStorage,
  messageId: string,
  type: string,
  provider: string | null,
  at: number,
  eventId: string | null = null,
): void {
  sql.exec(
    'INSERT INTO events (at, message_id, type, provider, event_id, purge_at) VALUES (?, ?, ?, ?, ?, ?)',
    at,
    messageId,
    type,
    provider,
    eventId,
    at + RETENTION.eventMs,
  )
}

/** `name` tells what it was written with, so that a repeat does not write it again; null = nothing does. */
export function addAudit(sql: SqlStorage, entry: AuditEntry, name: string | null = null): void {
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
