// Rows behind a provider's open breaker: one of them is woken to probe, the others wait for what it finds out.
import type { Waiting } from '../../ports/row.ts'
import { freeAt } from '../../rules/breaker.ts'
import { BREAKER } from '../../rules/numbers.ts'
import { isUrgent, opensAt } from './breaker.ts'
import { queue, waitBehind } from './change.ts'
import type { MessageRow } from './rows.ts'
import { statusOf } from './rows.ts'
import type { Work } from './work.ts'

/** The row's own end, which must not pass unnoticed. */
const endOf = (row: MessageRow): number => Math.min(row.start_by ?? Number.POSITIVE_INFINITY, row.give_up_at) + 1

/** `dueAt`, or when the first of the candidates may be called again: before that, a wake would be for nothing. */
export const notBefore = (sql: SqlStorage, row: MessageRow, candidates: string[], dueAt: number): number =>
  Math.max(dueAt, Math.min(opensAt(sql, candidates, isUrgent(row)), endOf(row)))

/** Puts the row behind the breaker; answers its wake when it is the one that will probe. */
export function putBehind(
  rows: Work,
  row: MessageRow,
  { behind, openAt }: { behind: string; openAt: number },
  now: number,
): Waiting | null {
  const endAt = endOf(row)
  const { sql } = rows
  const prober = proberOf(rows, behind, openAt)
  if (prober !== null && prober !== row.id) {
    sql.exec('UPDATE breakers SET waiting = 1 WHERE provider = ? AND waiting = 0', behind)
    waitBehind(row, behind, Math.min(openAt, endAt), endAt)
    return null
  }
  sql.exec('UPDATE breakers SET prober = ? WHERE provider = ? AND prober IS NOT ?', row.id, behind, row.id)
  return queue(row, Math.min(openAt, endAt), now)
}

/** The row that will probe, while it is alive, not behind another breaker itself, and woken soon after `at`. */
function proberOf(rows: Work, provider: string, at: number): string | null {
  const [found] = rows.sql
    .exec<{ prober: string | null }>('SELECT prober FROM breakers WHERE provider = ?', provider)
    .toArray()
  const row = found?.prober ? rows.message(found.prober) : undefined
  if (!row || row.wake_at === null || row.behind !== null) return null
  return row.wake_at <= at + BREAKER.proberLateMs ? row.id : null
}

/** After a success of the provider: the next few rows behind its breaker, if that is closed, are due now. */
export function releaseBehind(rows: Work, provider: string, now: number, max = BREAKER.releasedAtOnce): Waiting[] {
  const { sql } = rows
  const [breaker] = sql
    .exec<{ waiting: number; open_until: number | null }>(
      'SELECT waiting, open_until FROM breakers WHERE provider = ?',
      provider,
    )
    .toArray()
  if (!breaker || breaker.waiting === 0 || breaker.open_until !== null) return []
  const first = firstBehind(rows, provider, max + 1)
  if (first.length <= max) sql.exec('UPDATE breakers SET waiting = 0 WHERE provider = ?', provider)
  return first.slice(0, max).map((row) => queue(row, now, now))
}

function firstBehind(rows: Work, provider: string, max: number): MessageRow[] {
  return rows.sql
    .exec<{ id: string }>('SELECT id FROM messages WHERE behind = ? ORDER BY priority, id LIMIT ?', provider, max)
    .toArray()
    .flatMap(({ id }) => rows.message(id) ?? [])
    .filter((row) => row.behind === provider && statusOf(row) === 'queued')
}

/**
 * What nobody else sets going is due now: rows behind a breaker that has closed and, where the one that should have probed
 * is gone, another one for it.
 */
export function goOnBehind(rows: Work, now: number, max: number): void {
  const breakers = rows.sql
    .exec<{ provider: string; open_until: number | null; probe_until: number | null; failed_at: number }>(
      'SELECT provider, open_until, probe_until, failed_at FROM breakers WHERE waiting = 1',
    )
    .toArray()
  for (const { provider, open_until, probe_until, failed_at } of breakers) {
    const [first] = firstBehind(rows, provider, 1)
    const breaker = { openUntil: open_until, probeUntil: probe_until, failedAt: failed_at }
    const freeFrom = freeAt(breaker, first !== undefined && isUrgent(first))
    if (open_until === null) releaseBehind(rows, provider, now, max)
    else if (freeFrom <= now && proberOf(rows, provider, now) === null) probeNext(rows, provider, now)
  }
}

function probeNext(rows: Work, provider: string, now: number): void {
  const [next] = firstBehind(rows, provider, 1)
  const waiting = next ? 1 : 0
  rows.sql.exec('UPDATE breakers SET prober = ?, waiting = ? WHERE provider = ?', next?.id ?? null, waiting, provider)
  if (next) queue(next, now, now)
}
