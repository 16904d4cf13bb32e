// The providers' breakers, shared by every isolate: five failures in a row open one, one probe at a time closes it.

import type { Attempt } from '../../ports/message.ts'
import type { Alert } from '../../ports/outbox.ts'
import type { BreakerState } from '../../ports/record.ts'
import { afterFailure, type Breaker, type BreakerNote, breakerState, closesBy, freeAt } from '../../rules/breaker.ts'

interface BreakerRow extends Record<string, SqlStorageValue> {
  provider: string
  failures: number
  failed_at: number
  opened_at: number | null
  open_until: number | null
  /** Lease token and message id of the probe under way. */
  probe: string | null
  probe_until: number | null
  alerted_at: number | null
  code: string | null
  /** The row that is woken to probe. */
  prober: string | null
  /** 1 = rows wait behind it, or did when this was last looked at. */
  waiting: number
}

const ruled = (row: BreakerRow): Breaker => ({
  failures: row.failures,
  failedAt: row.failed_at,
  openedAt: row.opened_at,
  openUntil: row.open_until,
  alertedAt: row.alerted_at,
})

const read = (sql: SqlStorage, provider: string): BreakerRow | undefined =>
  sql.exec<BreakerRow>('SELECT * FROM breakers WHERE provider = ?', provider).toArray()[0]

/** Rows of one claim share its token: a probe is one of them. */
const probeOf = (token: string, id: string): string => `${token} ${id}`

/** A code, which is worth nothing after some minutes. */
export const isUrgent = ({ class: messageClass }: { class: string }): boolean => messageClass === 'security'

const freeFrom = (row: BreakerRow | undefined, urgent: boolean): number =>
  row ? freeAt({ openUntil: row.open_until, probeUntil: row.probe_until, failedAt: row.failed_at }, urgent) : 0

/**
 * Picks the first candidate whose breaker lets the row through, marking the single probe of one that is due for it.
 * Otherwise the one that may be probed first, and when. An urgent row asks for what it may only when all others are closed to it.
 */
export function pick(
  sql: SqlStorage,
  candidates: string[],
  row: { id: string; class: string },
  lease: { token: string; until: number },
  now: number,
): { provider: string } | { behind: string; openAt: number } {
  const picked = pickAs(sql, candidates, row.id, lease, now, false)
  return 'provider' in picked || !isUrgent(row) ? picked : pickAs(sql, candidates, row.id, lease, now, true)
}

function pickAs(
  sql: SqlStorage,
  candidates: string[],
  id: string,
  lease: { token: string; until: number },
  now: number,
  urgent: boolean,
): { provider: string } | { behind: string; openAt: number } {
  let first = { behind: '', openAt: Number.POSITIVE_INFINITY }
  for (const provider of candidates) {
    const free = freeFrom(read(sql, provider), urgent)
    if (free === 0) return { provider }
    if (free <= now) {
      const probe = probeOf(lease.token, id)
      sql.exec(
        'UPDATE breakers SET probe = ?, probe_until = ?, prober = ? WHERE provider = ?',
        probe,
        lease.until,
        id,
        provider,
      )
      return { provider }
    }
    if (free < first.openAt) first = { behind: provider, openAt: free }
  }
  return first
}

/** From when on one of the candidates may be called: 0 = any time. */
export function opensAt(sql: SqlStorage, candidates: string[], urgent: boolean): number {
  const free = candidates.map((provider) => freeFrom(read(sql, provider), urgent))
  return free.length === 0 ? 0 : Math.min(...free)
}

/** Notes how an attempt of row `id` went; answers the alert that this caller, and no other, has to give. */
export function note(
  sql: SqlStorage,
  attempt: Attempt,
  word: BreakerNote,
  id: string,
  token: string,
  now: number,
): Alert | null {
  const { provider } = attempt
  const row = read(sql, provider)
  const probing = row?.probe === probeOf(token, id)
  if (word === 'good') {
    if (!row || !closesBy(ruled(row), probing, attempt.at)) return null
    close(sql, row)
    return row.alerted_at === null ? null : { provider, state: 'recovered', code: row.code }
  }
  if (word === 'none') {
    endProbe(sql, provider, id, token)
    return null
  }
  const { failures, opens, openUntil, alerts } = afterFailure(row ? ruled(row) : null, word, probing, now)
  sql.exec(
    `INSERT OR REPLACE INTO breakers
       (provider, failures, failed_at, opened_at, open_until, probe, probe_until, alerted_at, code, prober, waiting)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    provider,
    failures,
    now,
    opens ? now : (row?.opened_at ?? null),
    openUntil,
    probing ? null : (row?.probe ?? null),
    probing ? null : (row?.probe_until ?? null),
    alerts ? now : (row?.alerted_at ?? null),
    // Who recovers is told why it opened, not what stragglers said.
    opens ? attempt.code : (row?.code ?? null),
    row?.prober ?? null,
    row?.waiting ?? 0,
  )
  return alerts ? { provider, state: 'down', code: attempt.code } : null
}

/** Nothing is remembered of a closed breaker but that rows still wait behind it. */
function close(sql: SqlStorage, { provider, waiting }: BreakerRow): void {
  sql.exec('DELETE FROM breakers WHERE provider = ?', provider)
  if (waiting === 0) return
  sql.exec('INSERT INTO breakers (provider, failures, failed_at, waiting) VALUES (?, 0, 0, 1)', provider)
}

/** Closes an open breaker by an operator's word, and names the row that was to probe; null when it is closed. */
export function closeBreakerOf(sql: SqlStorage, provider: string): { prober: string | null } | null {
  const row = read(sql, provider)
  if (!row || row.open_until === null) return null
  close(sql, row)
  return { prober: row.prober }
}

/** Gives back a probe that told nothing: another call may be it. */
export function endProbe(sql: SqlStorage, provider: string, id: string, token: string): void {
  sql.exec(
    'UPDATE breakers SET probe = NULL, probe_until = NULL WHERE provider = ? AND probe = ?',
    provider,
    probeOf(token, id),
  )
}

export function breakers(sql: SqlStorage, now: number): BreakerState[] {
  return sql
    .exec<BreakerRow>('SELECT * FROM breakers ORDER BY provider')
    .toArray()
    .map((row) => ({
      provider: row.provider,
      state: breakerState(row.open_until, now),
      failures: row.failures,
      openUntil: row.open_until,
      code: row.open_until === null ? null : row.code,
    }))
}
