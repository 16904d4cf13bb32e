// Rolling windows and throttles: what a rule says, and where a caller stands in it.

/** One rule over a series: at most `max` hits in any `perMs`. `max: 1` is a minimum gap. */
export interface Rule {
  /** Name on the wire (`RateLimit-Policy`), e.g. `codes`. */
  name: string
  max: number
  perMs: number
}

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
