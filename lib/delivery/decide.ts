// What happens after an attempt: the next provider, the same one again, a later round, or the end. Pure.

import type { SendOutcome } from '../ports/message.ts'
import type { BreakerNote, Later, Next } from '../ports/outbox.ts'
import { BACKOFF, JITTER, LEASE_MS, UNKNOWN } from '../rules/numbers.ts'
import type { MessageClass, Status } from '../rules/status.ts'

/** What the rule needs to know of a row. */
export interface RouteRow {
  class: MessageClass
  providers: string[]
  plan: string
  startBy: number | null
  giveUpAt: number
}

/** What it needs to know of a provider. */
export interface RouteProvider {
  keyed: boolean
  reports: boolean
}

export interface Decision {
  next: Next
  breaker: BreakerNote
  ambiguous: boolean
}

/** Notes between attempts, kept in the row. */
interface Plan {
  /** Full rounds refused so far. */
  round: number
  /** Providers tried in this round. */
  tried: string[]
  /** Providers that may hold a copy. */
  doubts: string[]
  /** Tries in a row at a keyed provider in doubt. */
  unknowns: number
  /** When each keyed provider first saw its key. */
  keyedSince: Record<string, number>
  /** An unkeyed provider is in doubt: what is tried now is the one more try. */
  last: boolean
  /** A lease ended with this provider's outcome unseen. */
  lostAt: string | null
}

const NEW_PLAN: Plan = { round: 0, tried: [], doubts: [], unknowns: 0, keyedSince: {}, last: false, lostAt: null }

const BREAKER: Record<SendOutcome['kind'], BreakerNote> = {
  accepted: 'good',
  rejected: 'good',
  throttled: 'none',
  misconfigured: 'held',
  unavailable: 'bad',
  unknown: 'bad',
}

/** Code of an outcome that nobody saw because the worker died. */
export const LEASE_LOST = 'lease_lost'
/** Codes of failures that are ours and say nothing about the provider. */
const OURS = [LEASE_LOST, 'render_failed']

/**
 * Decides after `outcome` of a call to `provider` that started at `startedAt`.
 * `fraction` in [0, 1) spreads retries; `facts` describes every provider of the row.
 */
export function decide(
  row: RouteRow,
  provider: string,
  outcome: SendOutcome,
  facts: (name: string) => RouteProvider,
  clock: { startedAt: number; now: number; fraction: number },
): Decision {
  const { now } = clock
  const plan: Plan = { ...NEW_PLAN, ...(row.plan === '' ? {} : (JSON.parse(row.plan) as Plan)) }
  const { keyed, reports } = facts(provider)
  const inDoubt = plan.doubts.includes(provider)
  const doubts = (): string[] => {
    if (outcome.kind === 'unknown') return [...new Set([...plan.doubts, provider])]
    // The same key was answered: whatever the earlier tries did, there is one copy.
    return outcome.kind === 'accepted' && keyed ? plan.doubts.filter((name) => name !== provider) : plan.doubts
  }
  const noted: Plan = {
    ...plan,
    doubts: doubts(),
    tried: [...new Set([...plan.tried, provider])],
    keyedSince: keyed ? { [provider]: clock.startedAt, ...plan.keyedSince } : plan.keyedSince,
  }
  const ambiguous = noted.doubts.length > 0
  const ours = 'code' in outcome && OURS.includes(outcome.code)
  const decision = (next: Next): Decision => ({ next, ambiguous, breaker: ours ? 'none' : BREAKER[outcome.kind] })
  const finish = (word: Status, release: boolean): Next => ({
    kind: 'end',
    status: ambiguous ? 'unknown' : word,
    release,
  })

  const later = (
    candidates: string[],
    waitMs: number,
    next: Plan,
    release: boolean,
  ): Later | (Next & { kind: 'end' }) => {
    const dueAt = now + waitMs
    if (dueAt > row.giveUpAt) return { kind: 'end', status: ambiguous ? 'unknown' : 'failed', release: true }
    if (row.startBy !== null && dueAt > row.startBy) {
      // A last try at the last instant that still lands, unless that is now.
      if (row.startBy - now < 1_000) return { kind: 'end', status: ambiguous ? 'unknown' : 'expired', release: true }
      return { kind: 'later', candidates, dueAt: row.startBy, plan: JSON.stringify(next), release }
    }
    return { kind: 'later', candidates, dueAt, plan: JSON.stringify(next), release }
  }
  const nextRound = (): Later | (Next & { kind: 'end' }) => {
    const waits = BACKOFF[row.class]
    const base = waits[Math.min(noted.round, waits.length - 1)] ?? 0
    const jittered = Math.round(base * (1 - JITTER + 2 * JITTER * clock.fraction))
    const asked = outcome.kind === 'throttled' && row.providers.length === 1 ? (outcome.retryAfterMs ?? 0) : 0
    const fresh: Plan = { ...noted, round: noted.round + 1, tried: [], unknowns: 0, lostAt: null }
    return later(row.providers, Math.max(jittered, asked), fresh, true)
  }
  const fallBack = (): Next => {
    const rest = row.providers.filter((name) => !noted.tried.includes(name))
    const otherwise = noted.last ? finish('unknown', true) : nextRound()
    // The one more try was a doubt again: whoever else is asked could add a third copy.
    if (noted.last && outcome.kind === 'unknown') return otherwise
    if (rest.length === 0) return otherwise
    const next = JSON.stringify({ ...noted, unknowns: 0 })
    // An end cannot be the other branch of a try: with nothing later possible, the try simply comes due at once.
    const after: Later =
      otherwise.kind === 'later'
        ? otherwise
        : { kind: 'later', candidates: rest, dueAt: now, plan: next, release: true }
    return { kind: 'again', candidates: rest, leaseMs: LEASE_MS, plan: next, otherwise: after }
  }

  if (outcome.kind === 'accepted') return decision({ kind: 'end', status: 'sent', release: false })
  if (outcome.kind === 'rejected') return decision(finish('failed', true))
  if (outcome.kind === 'unknown' && outcome.code === LEASE_LOST && keyed && plan.lostAt !== provider) {
    // The worker died, not the provider: the same key first, so that nobody gets a second copy.
    const next = JSON.stringify({ ...noted, tried: plan.tried, lostAt: provider })
    const candidates = [provider]
    const otherwise: Later = {
      kind: 'later',
      candidates,
      dueAt: now + UNKNOWN.keyedWaitsMs[0],
      plan: next,
      release: false,
    }
    return decision({ kind: 'again', candidates, leaseMs: LEASE_MS, plan: next, otherwise })
  }
  if (row.class === 'security' || outcome.kind === 'misconfigured') return decision(fallBack())
  if (keyed && (outcome.kind === 'unknown' || inDoubt)) {
    const unknowns = noted.unknowns + 1
    const waitMs = UNKNOWN.keyedWaitsMs[unknowns - 1]
    if (now - (noted.keyedSince[provider] ?? now) > UNKNOWN.keyedForMs) return decision(finish('unknown', true))
    return decision(waitMs === undefined ? fallBack() : later([provider], waitMs, { ...noted, unknowns }, false))
  }
  if (outcome.kind === 'unknown' && !noted.last) {
    const rest = row.providers.filter((name) => !noted.tried.includes(name))
    const more = { ...noted, last: true }
    return decision(later(rest.length > 0 ? rest : [provider], reports ? UNKNOWN.reportWaitMs : 0, more, false))
  }
  return decision(fallBack())
}
