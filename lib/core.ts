// What the use cases are given: ports, keys, settings, clock and randomness. Nothing here reads a global.

import type { Log } from './log.ts'
import type { Random } from './names/ids.ts'
import type { Site } from './names/site.ts'
import type { Alert } from './ports/outbox.ts'
import type { Mailbox, Provider } from './ports/provider.ts'
import type { Locale, Renderer } from './ports/renderer.ts'
import type { Scheduler } from './ports/scheduler.ts'
import type { Store } from './ports/store.ts'
import type { Keys } from './secrets/keys.ts'

/** Settings the use cases decide by. */
export interface Policy {
  codeDigits: number
  /** CODE_MINUTES in ms; null = the default of each channel. */
  codeLifeMs: number | null
  /** false = accept and hold. */
  sending: boolean
  /** What messages end as in the place of a call: nothing of them is ever sent; null = they are sent. */
  instead: 'dropped' | 'shadowed' | null
  /** false lifts limits per IP and per key, never those per person. */
  limits: boolean
  appName: string
  /** Page behind mailed links; null = no links. */
  appUrl: string | null
  from: Mailbox
  replyTo: Mailbox | null
  locale: Locale
  site: Site
}

export interface Core {
  store: Store
  scheduler: Scheduler
  /** In the order they are tried. */
  providers: Provider[]
  renderer: Renderer
  keys: Keys
  policy: Policy
  log: Log
  /** Epoch ms. */
  now: () => number
  random: Random
  sleep: (ms: number) => Promise<void>
  /** Tells the operator of an outage by another way than the dead one, beside the work that noticed it. */
  tellOperator: (alert: Alert) => void
}

/** A number in [0, 1) from the core's randomness. */
export function fraction(random: Random): number {
  const [a = 0, b = 0, c = 0] = random(3)
  return (a * 65_536 + b * 256 + c) / 16_777_216
}
