// Rolling windows and throttles: what a rule says, and where a caller stands in it.

import { COUNTED_FROM } from './numbers.ts'

/** One rule over a series: at most `max` hits in any `perMs`. `max: 1` is a minimum gap. */
export interface Rule {
  /** Name on the wire (`RateLimit-Policy`), e.g. `codes`. */
  name: string
  max: number
  perMs: number
}

/**
 * A series with a rule of so many places is counted by the second instead of listed: a place leaves the window with its
 * whole second, slots are not remembered and none is given back.
 */
export const isCountedSeries = (rules: Rule[]): boolean => rules.some((rule) => rule.max > COUNTED_FROM)

/** Where one rule stands after the step. */
export interface Usage {
  name: string
  max: number
  perMs: number
  remaining: number
  /** Ms until the oldest hit leaves the window; 0 when the window is empty. */
  resetMs: number
}

/** The first `free` tries follow each other freely; after that the wait doubles with every further one. */
export interface ThrottleRule {
  /** Name on the wire. */
  name: string
  free: number
  /** The first wait. */
  baseMs: number
  /** No wait is longer. */
  maxMs: number
  /** Tries are counted together until this long after the last one, or after the end of its wait. */
  forgetMs: number
}
