// The providers' breakers, shared by every isolate: five failures in a row open one, one probe at a time closes it.

import type { Attempt } from '../../ports/message.ts'
import type { Alert, BreakerNote } from '../../ports/outbox.ts'
import type { BreakerState } from '../../ports/record.ts'
import { BREAKER } from '../../rules/numbers.ts'

interface BreakerRow extends Record<string, SqlStorageValue> {
  provider: string
  failures: number
  failed_at: number
  opened_at: number | null
  open_until: number | null
  probe_token: string | null
  probe_until: number | null
  alerted_at: number | null
  code: string | null
}

const read = (sql: SqlStorage, provider: string): BreakerRow | undefined =>
  sql.exec<BreakerRow>('SELECT * FROM breakers WHERE provider = ?', provider).toArray()[0]

/**
 * Picks the first candidate whose breaker lets a call through, marking the single probe of one that is due for it.
 * Otherwise the instant at which the first of them may be probed.
 */
export function pick(
  sql: SqlStorage,
  candidates: string[],
  lease: { token: string; until: number },
  now: number,
): { provider: string } | { openAt: number } {
  let openAt = Number.POSITIVE_INFINITY
  for (const provider of candidates) {
    const row = read(sql, provider)
    if (!row || row.open_until === null) return { provider }
    const busyUntil = Math.max(row.open_until, row.probe_until ?? 0)
    if (busyUntil <= now) {
      sql.exec(
        'UPDATE breakers SET probe_token = ?, probe_until = ? WHERE provider = ?',
        lease.token,
        lease.until,
        provider,
      )
      return { provider }
    }
    openAt = Math.min(openAt, busyUntil)
  }
  return { openAt }
}

/** Notes how an attempt went; answers the alert that this caller, and no other, has to give. */
export function note(sql: SqlStorage, attempt: Attempt, word: BreakerNote, token: string, now: number): Alert | null {
  const { provider } = attempt
  const row = read(sql, provider)
  const probing = row?.probe_token === token
  if (word === 'good') {
    // A call that started before the breaker opened says nothing about the provider now.
    if (!row || (row.open_until !== null && !probing && attempt.at < (row.opened_at ?? 0))) return null
    sql.exec('DELETE FROM breakers WHERE provider = ?', provider)
    return row.alerted_at === null ? null : { provider, state: 'recovered', code: row.code }
  }
  if (word === 'none') {
    endProbe(sql, provider, token)
    return null
  }
  const inRow = row && now - row.failed_at < BREAKER.forgetMs ? row.failures + 1 : 1
  const wasOpen = row?.open_until !== null && row?.open_until !== undefined
  const opens = word === 'held' || probing || (!wasOpen && inRow >= BREAKER.failuresMax)
  const openUntil = opens
    ? Math.max(row?.open_until ?? 0, now + (word === 'held' ? BREAKER.heldMs : BREAKER.openMs))
    : (row?.open_until ?? null)
  const alerts = opens && (row?.alerted_at == null || now - row.alerted_at >= BREAKER.alertEveryMs)
  sql.exec(
    `INSERT OR REPLACE INTO breakers
       (provider, failures, failed_at, opened_at, open_until, probe_token, probe_until, alerted_at, code)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    provider,
    inRow,
    now,
    opens ? now : (row?.opened_at ?? null),
    openUntil,
    probing ? null : (row?.probe_token ?? null),
    probing ? null : (row?.probe_until ?? null),
    alerts ? now : (row?.alerted_at ?? null),
    // Who recovers is told why it opened, not what stragglers said.
    opens ? attempt.code : (row?.code ?? null),
  )
  return alerts ? { provider, state: 'down', code: attempt.code } : null
}

/** Gives back a probe that told nothing: another call may be it. */
export function endProbe(sql: SqlStorage, provider: string, token: string): void {
  sql.exec(
    'UPDATE breakers SET probe_token = NULL, probe_until = NULL WHERE provider = ? AND probe_token = ?',
    provider,
    token,
  )
}

export function breakers(sql: SqlStorage, now: number): BreakerState[] {
  return sql
    .exec<BreakerRow>('SELECT * FROM breakers ORDER BY provider')
    .toArray()
    .map((row) => ({
      provider: row.provider,
      state: row.open_until === null ? 'closed' : row.open_until > now ? 'open' : 'probing',
      failures: row.failures,
      openUntil: row.open_until,
    }))
}
