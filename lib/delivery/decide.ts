// What happens after an attempt: the next provider, the same one again, a later round, or the end. Pure.

import type { SendOutcome } from '../ports/message.ts'
import type { Later, Next } from '../ports/outbox.ts'
import type { BreakerNote } from '../rules/breaker.ts'
import { BACKOFF, JITTER, LAST_TRY_MS, LEASE_MS, UNKNOWN } from '../rules/numbers.ts'
import { endWord, type MessageClass, type OutcomeKind, type Status } from '../rules/status.ts'
import { NEW_PLAN, noted, type Plan } from './plan.ts'

/** What the decision needs to know of a row. */
export interface DecidedRow {
  class: MessageClass
  providers: string[]
  plan: string
  startBy: number | null
  giveUpAt: number
  /** Somebody waits for it: refused by all in its first round, it ends there. In doubt it goes on as any other. */
  oneRound?: boolean
}

/** What it needs to know of a provider. */
export interface ProviderFacts {
  keyed: boolean
  reports: boolean
}

export interface Decision {
  next: Next
  breaker: BreakerNote
  ambiguous: boolean
}

/** Code of an outcome that nobody saw because the worker died. */
export const LEASE_LOST = 'lease_lost'
/** Codes of failures that are ours: nothing of them says anything about the provider, neither ill nor well. */
export const OURS: readonly string[] = [
  LEASE_LOST,
  // lib/delivery/attempt.ts: before the provider was asked, or in our own code around it.
  'secret_not_held',
  'payload_unreadable',
  'render_failed',
  'send_failed',
  // lib/providers: an SDK or the platform refused before anything left, or the message could not be put into its form.
  'not_sent',
  'invalid_attachment',
]

const BREAKER: Record<OutcomeKind, BreakerNote> = {
  accepted: 'good',
  rejected: 'good',
  throttled: 'none',
  misconfigured: 'held',
  unavailable: 'bad',
  unknown: 'bad',
}

/** What an attempt leads to, by a name each. */
export type Move =
  | 'end-sent'
  | 'end-failed'
  /** To the next provider of this round at once; when there is none, to a later round. */
  | 'fall-back'
  /** To the keyed provider that may hold a copy, with the same key and bytes. */
  | 'same-key'
  /** To whoever is left, once the report of the unkeyed provider has been waited for. */
  | 'one-more'

type Known = 'keyed' | 'unkeyed'
type Column = Record<Known, Record<MessageClass, Move>>

const always = (move: Move): Column => ({
  keyed: { security: move, transactional: move, promotional: move },
  unkeyed: { security: move, transactional: move, promotional: move },
})

/**
 * Outcome × keyed × class. A second copy of a code harms nobody, so codes go on at once; any other message stays with the
 * provider that may hold it.
 */
export const MOVES: Record<OutcomeKind, Column> = {
  accepted: always('end-sent'),
  rejected: always('end-failed'),
  throttled: always('fall-back'),
  misconfigured: always('fall-back'),
  unavailable: always('fall-back'),
  unknown: {
    keyed: { security: 'fall-back', transactional: 'same-key', promotional: 'same-key' },
    unkeyed: { security: 'fall-back', transactional: 'one-more', promotional: 'one-more' },
  },
}

/** The attempt, and all that was noted before and with it. */
interface Situation {
  row: DecidedRow
  provider: string
  outcome: SendOutcome
  facts: ProviderFacts
  before: Plan
  plan: Plan
  clock: Clock
}

interface Clock {
  startedAt: number
  now: number
  /** In [0, 1): spreads retries. */
  fraction: number
}

/** Decides after `outcome` of a call to `provider` that started at `startedAt`; `facts` describes every provider of the row. */
export function decide(
  row: DecidedRow,
  provider: string,
  outcome: SendOutcome,
  facts: (name: string) => ProviderFacts,
  clock: Clock,
): Decision {
  const before: Plan = { ...NEW_PLAN, ...(row.plan === '' ? {} : (JSON.parse(row.plan) as Plan)) }
  const known = facts(provider)
  const plan = noted(before, provider, outcome.kind, known.keyed, clock.startedAt)
  const situation = { row, provider, outcome, facts: known, before, plan, clock }
  const ours = 'code' in outcome && OURS.includes(outcome.code)
  return {
    next: go(situation),
    ambiguous: isAmbiguous(plan),
    breaker: ours ? 'none' : BREAKER[outcome.kind],
  }
}

function go(situation: Situation): Next {
  switch (moveOf(situation)) {
    case 'end-sent':
      return { kind: 'end', status: 'sent', release: false }
    case 'end-failed':
      return ended(situation, 'failed')
    case 'same-key':
      return isLeaseLost(situation) ? sameKeyNow(situation) : sameKeyLater(situation)
    case 'one-more':
      return oneMore(situation)
    case 'fall-back':
      return fallBack(situation)
  }
}

/** The table's move, but for what the row has been through. */
function moveOf(situation: Situation): Move {
  const { outcome, facts, before, provider, plan, row } = situation
  const listed = MOVES[outcome.kind][facts.keyed ? 'keyed' : 'unkeyed'][row.class]
  // The worker died, not the provider: the same key first, so that nobody gets a second copy, not even of a code.
  if (isLeaseLost(situation) && facts.keyed && before.lostAt !== provider) return 'same-key'
  // A keyed provider in doubt that now refuses still may hold the earlier copy.
  const isDoubted = before.doubts.includes(provider) && facts.keyed && row.class !== 'security'
  if (listed === 'fall-back' && isDoubted && outcome.kind !== 'misconfigured') return 'same-key'
  return listed === 'one-more' && plan.last ? 'fall-back' : listed
}

const isLeaseLost = ({ outcome, before, provider, facts }: Situation): boolean =>
  outcome.kind === 'unknown' && outcome.code === LEASE_LOST && facts.keyed && before.lostAt !== provider

const isAmbiguous = (plan: Plan): boolean => plan.doubts.length > 0

const ended = ({ plan }: Situation, word: Status): Next & { kind: 'end' } => ({
  kind: 'end',
  status: endWord(word, isAmbiguous(plan)),
  release: true,
})

function sameKeyNow({ before, plan, provider, clock }: Situation): Next {
  const next = JSON.stringify({ ...plan, tried: before.tried, lostAt: provider })
  const candidates = [provider]
  const dueAt = clock.now + UNKNOWN.keyedWaitsMs[0]
  const otherwise: Later = { kind: 'later', candidates, dueAt, plan: next, release: false }
  return { kind: 'again', candidates, leaseMs: LEASE_MS, plan: next, otherwise }
}

function sameKeyLater(situation: Situation): Next {
  const { plan, provider, clock } = situation
  const unknowns = plan.unknowns + 1
  const waitMs = UNKNOWN.keyedWaitsMs[unknowns - 1]
  if (clock.now - (plan.keyedSince[provider] ?? clock.now) > UNKNOWN.keyedForMs) return ended(situation, 'unknown')
  return waitMs === undefined ? fallBack(situation) : later(situation, [provider], waitMs, { ...plan, unknowns }, false)
}

function oneMore(situation: Situation): Next {
  const { row, plan, provider, facts } = situation
  const rest = row.providers.filter((name) => !plan.tried.includes(name))
  const waitMs = facts.reports ? UNKNOWN.reportWaitMs : 0
  return later(situation, rest.length > 0 ? rest : [provider], waitMs, { ...plan, last: true }, false)
}

function fallBack(situation: Situation): Next {
  const { row, plan, outcome, clock } = situation
  const rest = row.providers.filter((name) => !plan.tried.includes(name))
  const otherwise = plan.last ? ended(situation, 'unknown') : nextRound(situation)
  // The one more try was a doubt again: whoever else is asked could add a third copy.
  if (plan.last && outcome.kind === 'unknown') return otherwise
  if (rest.length === 0) return otherwise
  const next = JSON.stringify({ ...plan, unknowns: 0 })
  // An end cannot be the other branch of a try: with nothing later possible, the try simply comes due at once.
  const after: Later =
    otherwise.kind === 'later'
      ? otherwise
      : { kind: 'later', candidates: rest, dueAt: clock.now, plan: next, release: true }
  return { kind: 'again', candidates: rest, leaseMs: LEASE_MS, plan: next, otherwise: after }
}

function nextRound(situation: Situation): Later | (Next & { kind: 'end' }) {
  const { row, plan, outcome, clock } = situation
  if (row.oneRound && !isAmbiguous(plan)) return ended(situation, 'failed')
  const waits = BACKOFF[row.class]
  const base = waits[Math.min(plan.round, waits.length - 1)] ?? 0
  const jittered = Math.round(base * (1 - JITTER + 2 * JITTER * clock.fraction))
  const asked = outcome.kind === 'throttled' && row.providers.length === 1 ? (outcome.retryAfterMs ?? 0) : 0
  const fresh: Plan = { ...plan, round: plan.round + 1, tried: [], unknowns: 0, lostAt: null }
  return later(situation, row.providers, Math.max(jittered, asked), fresh, true)
}

/** After `waitMs`, unless the row's own end comes first. */
function later(
  situation: Situation,
  candidates: string[],
  waitMs: number,
  next: Plan,
  release: boolean,
): Later | (Next & { kind: 'end' }) {
  const { row, clock } = situation
  const dueAt = clock.now + waitMs
  const plan = JSON.stringify(next)
  if (dueAt > row.giveUpAt) return ended(situation, 'failed')
  if (row.startBy === null || dueAt <= row.startBy) return { kind: 'later', candidates, dueAt, plan, release }
  // A last try at the last instant that still lands, unless that is now.
  if (row.startBy - clock.now < LAST_TRY_MS) return ended(situation, 'expired')
  return { kind: 'later', candidates, dueAt: row.startBy, plan, release }
}
