// Rolling windows: exact under any concurrency, several at once, all or none.

/** One rule over a series: at most `max` hits in any `perMs`. `max: 1` is a minimum gap. */
export interface Rule {
  /** Name on the wire (`RateLimit-Policy`), e.g. `codes`. */
  name: string
  max: number
  perMs: number
}

/** Asks one place in every rule of one series of hits. */
export interface Take {
  /** Series key; carries no address in clear. */
  series: string
  /** Who takes the place: a repeat with the same slot takes nothing more; ending a send returns it by this name. */
  slot: string
  rules: Rule[]
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

export interface Limited {
  kind: 'limited'
  /** Name of the rule that said no (the one that lasts longest). */
  name: string
  /** Epoch ms from which the same call may pass. */
  retryAt: number
  usage: Usage[]
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

/** One try, counted as a wrong one before it is judged, so that no number of parallel ones gets past the rule. */
export interface Throttle {
  /** Carries nothing typed in clear. A success forgets it: see `forget` and `sessions.open`. */
  series: string
  rule: ThrottleRule
  /** This call's own random name: a repeat of the call is told the first answer. */
  token: string
  /** Windows of this call, taken first and kept also if it has to wait. */
  takes: Take[]
  now: number
}

export interface Limits {
  /**
   * Takes one place in every rule, or none at all. Atomic; one round trip. A hit at `t` counts for instants in
   * `[t, t + perMs)`. Repeating the call with the same slots takes nothing more and answers the same way.
   */
  take(takes: Take[], now: number): Promise<{ kind: 'taken'; usage: Usage[] } | Limited>
  /** Whether this try may be judged now. A refused one is not counted: its wait stays as it was. */
  throttle(throttle: Throttle): Promise<{ kind: 'taken'; usage: Usage[] } | Limited>
  /** Forgets the tries of a series of `throttle`: the last one was right. */
  forget(series: string): Promise<void>
}
