// What one call to a provider came to, shared by the ports and by everything that implements them.
import type { OutcomeKind } from '../rules/status.ts'

/** What one call to a provider came to. `unknown` = bytes left, no answer seen. */
export type SendOutcome =
  | { kind: 'accepted'; providerId: string | null }
  /** This recipient or this content will never pass, anywhere. */
  | { kind: 'rejected'; code: string }
  | { kind: 'throttled'; code: string; retryAfterMs: number | null }
  /** Our key, our sender or our quota. */
  | { kind: 'misconfigured'; code: string }
  | { kind: 'unavailable'; code: string }
  | { kind: 'unknown'; code: string }

/** One try at one provider, as the record keeps it: no address, no body, no vendor text. */
export interface Attempt {
  provider: string
  /** Epoch ms at which the call started. */
  at: number
  outcome: OutcomeKind
  /** A stable word of ours or the vendor's own error code; null when accepted. */
  code: string | null
  durationMs: number
}
