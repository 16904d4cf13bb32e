// Rolling windows: exact under any concurrency, several at once, all or none.
import type { Rule, ThrottleRule, Usage } from '../rules/windows.ts'
import type { Bearer } from './sessions.ts'

/** Asks one place in every rule of one series of hits. */
export interface Take {
  /** Series key; carries no address in clear. */
  series: string
  /** Who takes the place: a repeat with the same slot takes nothing more; ending a send returns it by this name. */
  slot: string
  rules: Rule[]
}

export interface Limited {
  kind: 'limited'
  /** Name of the rule that said no (the one that lasts longest). */
  name: string
  /** Epoch ms from which the same call may pass. */
  retryAt: number
  usage: Usage[]
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

/**
 *     const rule = { name: 'sends', max: 10, perMs: 3_600_000 }
 *     const taken = await limits.take([{ series: 'ip:sends:…', slot: 'req_…', rules: [rule] }], now)
 *     if (taken.kind === 'limited') return refuse({ code: 'too_many_requests', retryAfterMs: taken.retryAt - now })
 */
export interface Limits {
  /**
   * Takes one place in every rule, or none at all. Atomic; one round trip. A hit at `t` counts for instants in
   * `[t, t + perMs)`. Repeating the call with the same slots takes nothing more and answers the same way; a series with a
   * rule of more than 100 places is counted by the second, and by each call anew (lib/rules/windows.ts). Asked on a
   * session that is over, it is refused and nothing is taken.
   */
  take(
    takes: Take[],
    now: number,
    bearer?: Bearer | null,
  ): Promise<{ kind: 'taken'; usage: Usage[] } | Limited | { kind: 'revoked'; usage: [] }>
  /** Whether this try may be judged now. A refused one is not counted: its wait stays as it was. */
  throttle(throttle: Throttle): Promise<{ kind: 'taken'; usage: Usage[] } | Limited>
  /** Forgets the tries of a series of `throttle`: the last one was right. */
  forget(series: string): Promise<void>
}
