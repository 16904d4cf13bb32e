// Calls out of one invocation: what a turn over due rows may cost, and has cost. The platform stops an invocation that makes
// more than its plan allows, so that whoever works rows off stops before.
import { CLAIM_MAX, SUBREQUESTS_MAX } from '../rules/numbers.ts'
import type { Attempted } from './attempt.ts'

/** The claim of a turn and the wake of what it put off. */
export const PER_TURN = 2
/**
 * What one row may cost: the call of a provider, its settlement and a wake. What it costs beyond that, by falling back, is
 * counted when it is known.
 */
const PER_ROW = 3
/** A settlement and the call of the next provider. */
const PER_FALLBACK = 2

/** How many rows the next turn may take after `spent` calls; below 1 the invocation has done what it can. */
export const rowsLeft = (spent: number): number =>
  Math.min(CLAIM_MAX, Math.floor((SUBREQUESTS_MAX - spent - PER_TURN) / PER_ROW))

/** Calls that a turn has made. */
export const callsOf = (attempted: Attempted[]): number =>
  PER_TURN + attempted.reduce((sum, one) => sum + PER_ROW + PER_FALLBACK * Math.max(0, one.tries - 1), 0)
