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

export interface Limits {
  /**
   * Takes one place in every rule, or none at all. Atomic; one round trip. A hit at `t` counts for instants in
   * `[t, t + perMs)`. Repeating the call with the same slots takes nothing more and answers the same way.
   */
  take(takes: Take[], now: number): Promise<{ kind: 'taken'; usage: Usage[] } | Limited>
}
