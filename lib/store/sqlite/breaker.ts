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

/**
 * Picks the first candidate whose breaker lets row `id` through, marking the single probe of one that is due for it.
 * Otherwise the instant at which the first of them may be probed.
 */
export function pick(
  sql: SqlStorage,
  candidates: string[],
  id: string,
  lease: { token: string; until: number },
  now: number,
): { provider: string } | { openAt: number } {
  let openAt = Number.POSITIVE_INFINITY
  for (const provider of candidates) {
    const row = read(sql, provider)
    const free = row ? freeAt({ openUntil: row.open_until, probeUntil: row.probe_until }) : 0
    if (free === 0) return { provider }
    if (free <= now) {
      const probe = probeOf(lease.token, id)
      sql.exec('UPDATE breakers SET probe = ?, probe_until = ? WHERE provider = ?', probe, lease.until, provider)
      return { provider }
    }
    openAt = Math.min(openAt, free)
  }
  return { openAt }
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
    sql.exec('DELETE FROM breakers WHERE provider = ?', provider)
    return row.alerted_at === null ? null : { provider, state: 'recovered', code: row.code }
  }
  if (word === 'none') {
    endProbe(sql, provider, id, token)
    return null
  }
  const { failures, opens, openUntil, alerts } = afterFailure(row ? ruled(row) : null, word, probing, now)
  sql.exec(
    `INSERT OR REPLACE INTO breakers
       (provider, failures, failed_at, opened_at, open_until, probe, probe_until, alerted_at, code)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
  )
  return alerts ? { provider, state: 'down', code: attempt.code } : null
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
    }))
}
