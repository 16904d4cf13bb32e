// Reading: one message, pages of them, figures, the feed, and what the sweeper has to do.

import type { AuditEntry } from '../../ports/audit.ts'
import type { Waiting } from '../../ports/outbox.ts'
import type { ListFilter, MessageEvent, MessageRecord, Stats } from '../../ports/record.ts'
import { percentileMs } from '../../rules/histogram.ts'
import { ARM_HORIZON_MS, LIST_WALK_MAX } from '../../rules/numbers.ts'
import { breakers } from './breaker.ts'
import { type EventRow, event, type MessageRow, messageRow, PRIORITIES, record, waiting } from './rows.ts'
import { purge } from './schema.ts'

const DAY_HOURS = 24
const HOUR_MS = 3_600_000

export function find(sql: SqlStorage, id: string): MessageRecord | null {
  const row = messageRow(sql, id)
  return row ? record(sql, row) : null
}

export function list(sql: SqlStorage, f: ListFilter): { messages: MessageRecord[]; cursor: string | null } {
  const where = ['id < ?']
  // Ids sort by time; `~` sorts after every id.
  const values: (string | number)[] = [f.cursor ?? '~']
  if (f.recipient !== undefined) {
    where.push('recipient = ?')
    values.push(f.recipient)
  }
  if (f.dead) where.push("status IN ('failed', 'unknown')")
  if (f.since !== undefined) {
    where.push('created_at >= ?')
    values.push(f.since)
  }
  const walked = sql
    .exec<MessageRow>(
      `SELECT * FROM messages WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ?`,
      ...values,
      LIST_WALK_MAX,
    )
    .toArray()
  const messages: MessageRecord[] = []
  let last: MessageRow | null = null
  for (const row of walked) {
    last = row
    if (
      (f.status === undefined || row.status === f.status) &&
      (f.template === undefined || row.template === f.template) &&
      (f.priority === undefined || PRIORITIES[row.priority] === f.priority) &&
      (f.channel === undefined || row.channel === f.channel)
    ) {
      messages.push(record(sql, row))
    }
    if (messages.length === f.limit) break
  }
  const more = last !== null && (messages.length === f.limit || walked.length === LIST_WALK_MAX)
  return { messages, cursor: more && last ? last.id : null }
}

export function stats(sql: SqlStorage, now: number): Stats {
  const totals = counts(sql, 'hour = 0', [])
  const day = counts(sql, 'hour > ?', [Math.floor(now / HOUR_MS) - DAY_HOURS])
  const sent = day.get('sent') ?? 0
  const part = (prefix: string) =>
    Object.fromEntries(
      [...totals].filter(([name]) => name.startsWith(prefix)).map(([name, n]) => [name.slice(prefix.length), n]),
    )
  const buckets = new Map(
    [...day]
      .filter(([name]) => name.startsWith('bucket:'))
      .map(([name, n]) => [Number(name.slice('bucket:'.length)), n]),
  )
  const one = (query: string) => sql.exec<{ n: number }>(query).one().n
  return {
    totalSent: totals.get('sent') ?? 0,
    totalFailed: totals.get('failed') ?? 0,
    byPriority: part('priority:'),
    byChannel: part('channel:'),
    byProvider: part('provider:'),
    meanDeliveryMs: sent === 0 ? null : Math.round((day.get('ms') ?? 0) / sent),
    p95DeliveryMs: percentileMs(buckets, 0.95),
    queueDepth: one('SELECT count(*) AS n FROM messages WHERE wake_at IS NOT NULL'),
    dead: one("SELECT count(*) AS n FROM messages WHERE status IN ('failed', 'unknown')"),
    breakers: breakers(sql, now),
  }
}

function counts(sql: SqlStorage, where: string, values: number[]): Map<string, number> {
  return new Map(
    sql
      .exec<{ name: string; n: number }>(`SELECT name, sum(n) AS n FROM stats WHERE ${where} GROUP BY name`, ...values)
      .toArray()
      .map((row) => [row.name, row.n]),
  )
}

export function due(
  sql: SqlStorage,
  horizonMs: number,
  max: number,
  now: number,
): { overdue: number; upcoming: Waiting[] } {
  purge(sql, max, now)
  const { n } = sql
    .exec<{ n: number }>('SELECT count(*) AS n FROM (SELECT 1 FROM messages WHERE wake_at <= ? LIMIT ?)', now, max)
    .one()
  const upcoming = sql
    .exec<MessageRow>(
      `UPDATE messages SET armed = 1 WHERE id IN (SELECT id FROM messages WHERE wake_at > ?1 AND wake_at <= ?2
         AND armed = 0 AND status = 'queued' ORDER BY wake_at LIMIT ?3) RETURNING *`,
      now,
      now + Math.min(horizonMs, ARM_HORIZON_MS),
      max,
    )
    .toArray()
  return { overdue: n, upcoming: upcoming.map(waiting) }
}

export function eventsAfter(sql: SqlStorage, seq: number, limit: number): MessageEvent[] {
  return sql.exec<EventRow>('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit).toArray().map(event)
}

export function auditList(sql: SqlStorage, limit: number): AuditEntry[] {
  return sql
    .exec<{
      at: number
      kind: string
      person: string | null
      opener: string | null
      agent: string | null
      ip: string | null
    }>('SELECT at, kind, person, opener, agent, ip FROM audit ORDER BY seq DESC LIMIT ?', limit)
    .toArray()
}
