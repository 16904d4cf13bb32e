// Counters per hour, one row each; what is older than a day is summed up in the row of hour 0.

import { bucketOf, hourOf } from '../../rules/histogram.ts'
import { FIGURES_HOURS } from '../../rules/numbers.ts'
import { PRIORITIES } from '../../rules/status.ts'
import type { MessageRow } from './rows.ts'

export type Counts = Record<string, number>

/** Of all hours before `through`, and that one. */
interface Archive {
  through: number
  counts: Counts
}

const ARCHIVE = 0

export function count(sql: SqlStorage, more: Counts, now: number): void {
  const hour = hourOf(now)
  write(sql, hour, added(countsOf(sql, hour), more))
  // An hour that has been summed up: a clock that is behind.
  const archive = archiveOf(sql)
  if (hour <= archive.through) write(sql, ARCHIVE, { ...archive, counts: added(archive.counts, more) })
}

/** Counts a message that a provider took, once: by the settlement or by the report that came before it. */
export function countSent(sql: SqlStorage, row: MessageRow, provider: string, now: number): void {
  const ms = Math.max(0, now - row.first_due_at)
  const more = {
    sent: 1,
    [`priority:${PRIORITIES[row.priority]}`]: 1,
    [`channel:${row.channel}`]: 1,
    [`provider:${provider}`]: 1,
    [`bucket:${bucketOf(ms)}`]: 1,
    ms,
  }
  count(sql, more, now)
}

/** Of all time, and of the last hours. */
export function counted(sql: SqlStorage, now: number): { totals: Counts; recent: Counts } {
  const archive = archiveOf(sql)
  const hours = sql
    .exec<{ hour: number; counts: string }>('SELECT hour, counts FROM stats WHERE hour > ?', archive.through)
    .toArray()
    .map(({ hour, counts }) => ({ hour, counts: JSON.parse(counts) as Counts }))
  const recent = hours.filter(({ hour }) => hour > hourOf(now) - FIGURES_HOURS)
  return {
    totals: hours.reduce((sum, { counts }) => added(sum, counts), archive.counts),
    recent: recent.reduce((sum, { counts }) => added(sum, counts), {} as Counts),
  }
}

/** Adds the hours that no recent figure asks for to the archive, so that totals stay a matter of a few rows. */
export function archive(sql: SqlStorage, now: number): void {
  const before = archiveOf(sql)
  const through = hourOf(now) - FIGURES_HOURS - 1
  const hours = sql
    .exec<{ counts: string }>('SELECT counts FROM stats WHERE hour > ? AND hour <= ?', before.through, through)
    .toArray()
  if (hours.length === 0) return
  const counts = hours.reduce((sum, hour) => added(sum, JSON.parse(hour.counts) as Counts), before.counts)
  write(sql, ARCHIVE, { through, counts })
}

const archiveOf = (sql: SqlStorage): Archive => {
  const [row] = sql.exec<{ counts: string }>('SELECT counts FROM stats WHERE hour = ?', ARCHIVE).toArray()
  return row ? (JSON.parse(row.counts) as Archive) : { through: ARCHIVE, counts: {} }
}

function countsOf(sql: SqlStorage, hour: number): Counts {
  const [row] = sql.exec<{ counts: string }>('SELECT counts FROM stats WHERE hour = ?', hour).toArray()
  return row ? (JSON.parse(row.counts) as Counts) : {}
}

function added(to: Counts, more: Counts): Counts {
  const sum = { ...to }
  for (const [name, n] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + n
  return sum
}

function write(sql: SqlStorage, hour: number, counts: Counts | Archive): void {
  sql.exec(
    'INSERT INTO stats (hour, counts) VALUES (?, ?) ON CONFLICT (hour) DO UPDATE SET counts = excluded.counts',
    hour,
    JSON.stringify(counts),
  )
}

/** Counters of one kind, without the word before their names. */
export const named = (counts: Counts, prefix: string): Counts =>
  Object.fromEntries(
    Object.entries(counts)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, n]) => [name.slice(prefix.length), n]),
  )
