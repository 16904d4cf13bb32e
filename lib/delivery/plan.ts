// The notes of a row between its attempts: kept as text in the row, opaque to the stores.
import type { OutcomeKind } from '../rules/status.ts'

export interface Plan {
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

export const NEW_PLAN: Plan = {
  round: 0,
  tried: [],
  doubts: [],
  unknowns: 0,
  keyedSince: {},
  last: false,
  lostAt: null,
}

/** The same with one more attempt in it: `provider` came to `outcome`. */
export function noted(plan: Plan, provider: string, outcome: OutcomeKind, keyed: boolean, startedAt: number): Plan {
  return {
    ...plan,
    doubts: doubtsAfter(plan, provider, outcome, keyed),
    tried: [...new Set([...plan.tried, provider])],
    keyedSince: keyed ? { [provider]: startedAt, ...plan.keyedSince } : plan.keyedSince,
  }
}

function doubtsAfter(plan: Plan, provider: string, outcome: OutcomeKind, keyed: boolean): string[] {
  if (outcome === 'unknown') return [...new Set([...plan.doubts, provider])]
  // The same key was answered: whatever the earlier tries did, there is one copy.
  return outcome === 'accepted' && keyed ? plan.doubts.filter((name) => name !== provider) : plan.doubts
}
