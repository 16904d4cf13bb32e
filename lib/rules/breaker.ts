// A provider's breaker: when it opens, for how long, who may try it then, and when an alert is due.
import { BREAKER } from './numbers.ts'

/** `probing`: one call at a time may try whether the provider is well again. */
export const BREAKER_STATES = ['closed', 'open', 'probing'] as const
export type BreakerStateName = (typeof BREAKER_STATES)[number]

/** How an attempt went for the breaker. `none` = says nothing about the provider's health, but gives a probe back. */
export type BreakerNote = 'good' | 'bad' | 'held' | 'none'

/** A breaker that has something to remember; instants are null for what never was. */
export interface Breaker {
  failures: number
  failedAt: number
  openedAt: number | null
  openUntil: number | null
  alertedAt: number | null
}

export const breakerState = (openUntil: number | null, now: number): BreakerStateName =>
  openUntil === null ? 'closed' : openUntil > now ? 'open' : 'probing'

/**
 * From when on a call may go through: 0 = any time; a probe under way is waited for. `urgent`: a code that no other
 * provider can take does not wait for as long as the breaker is open, or the code's life would end before that.
 */
export function freeAt(
  { openUntil, probeUntil, failedAt }: { openUntil: number | null; probeUntil: number | null; failedAt: number },
  urgent: boolean,
): number {
  if (openUntil === null) return 0
  const from = urgent ? Math.min(openUntil, failedAt + BREAKER.urgentMs) : openUntil
  return Math.max(from, probeUntil ?? 0)
}

/** True when a success closes it: a call that started before it opened says nothing about the provider now. */
export const closesBy = (before: Breaker, isProbe: boolean, startedAt: number): boolean =>
  before.openUntil === null || isProbe || startedAt >= (before.openedAt ?? 0)

/** What a failure makes of it; `opens` and `alerts` tell what is to be noted with it. */
export function afterFailure(
  before: Breaker | null,
  note: 'bad' | 'held',
  isProbe: boolean,
  now: number,
): { failures: number; opens: boolean; openUntil: number | null; alerts: boolean } {
  const failures = before && now - before.failedAt < BREAKER.forgetMs ? before.failures + 1 : 1
  const { openUntil = null, alertedAt = null } = before ?? {}
  const opens = note === 'held' || isProbe || (openUntil === null && failures >= BREAKER.failuresMax)
  if (!opens) return { failures, opens, openUntil, alerts: false }
  const openMs = note === 'held' ? BREAKER.heldMs : BREAKER.openMs
  const alerts = alertedAt === null || now - alertedAt >= BREAKER.alertEveryMs
  return { failures, opens, openUntil: Math.max(openUntil ?? 0, now + openMs), alerts }
}
