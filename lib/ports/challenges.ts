// Challenges: proof that a person can read an address. Codes are never stored, only keyed hashes of them.

import type { ChallengeStatus } from '../rules/challenge.ts'
import type { Channel, Status } from '../rules/status.ts'
import type { Usage } from '../rules/windows.ts'
import type { AuditEntry, Origin } from './audit.ts'
import type { Take } from './limits.ts'
import type { Bearer } from './sessions.ts'

/** `account` challenges are invisible on /v1/challenges. */
export type Audience = 'service' | 'account'

/**
 * What the approval of an account's challenge leads to in Users. `reset` also ends the subject's sessions: in the step
 * that approves, and once more when the effect is confirmed, for whoever proved the old password in between.
 */
export type Effect = 'verify' | 'reset'

/** Without macs and messages it is a decoy: same counters, limits and end, and nothing that could be right. */
export interface NewChallenge {
  id: string
  purpose: string
  audience: Audience
  /**
   * Whose budget its guesses and sends use up: `service`, `owner`, `anonymous` or `change` (who asks for a new
   * address, which is not yet theirs).
   */
  opener: string
  /** Keyed hashes of every address it may be sent to: budgets are kept for each. */
  persons: string[]
  /** The user it is about; null = none, or nobody knows whom. */
  subject?: string | null
  /** Until this is confirmed, the same right answer is approved again; null = approval is all. */
  effect?: Effect | null
  /** Addresses, locale and what a resend needs, sealed to this id. */
  sealed: string
  /** HMAC of the code, per channel. */
  macs: Partial<Record<Channel, string>>
  codeExpiresAt: number
  /** The challenge itself ends here, whatever was resent. */
  endsAt: number
  resendAt: number
  createdAt: number
}

/** A resend: extends the code's life to `codeExpiresAt` (the store caps it at the challenge's `endsAt`). */
export interface ChallengeSend {
  id: string
  channel: Channel
  codeExpiresAt: number
  resendAt: number
}

export interface ChallengeView {
  id: string
  purpose: string
  audience: Audience
  opener: string
  persons: string[]
  subject: string | null
  effect: Effect | null
  sealed: string
  status: ChallengeStatus
  codeExpiresAt: number
  endsAt: number
  resendAt: number
  createdAt: number
  /** The newest message of each channel, in the order they were first sent. */
  deliveries: { channel: Channel; messageId: string; status: Status }[]
}

export interface Check {
  id: string
  audience: Audience
  /** What the caller is going to do: a challenge for anything else does not exist for it. */
  effect?: Effect | null
  /** On whose session it is asked: a revoked one is refused before anything is taken. */
  bearer?: Bearer | null
  /** For the audit of a lock. */
  origin?: Origin | null
  /** This call's own random name: a repeat of the call is told the first answer. */
  token: string
  /** Candidate MACs of the typed code (one per live secret), or the channel whose link token was verified. Links ignore locks, and work also after the guesses are used up. */
  proof: { macs: string[] } | { link: Channel }
  /** Per-IP windows of this call, taken before anything is looked at. */
  takes: Take[]
  /** Per-IP window a wrong guess is charged to; when it is full no guess is judged. */
  wrong: Take | null
  now: number
}

export interface Approved {
  kind: 'approved'
  channel: Channel
  /** True when it was approved before and its effect is still to be confirmed. */
  again: boolean
  /** All that the effect needs. */
  purpose: string
  subject: string | null
  sealed: string
}

export type Checked = { usage: Usage[] } & (
  | Approved
  | { kind: 'wrong'; triesLeft: number }
  /** Used, expired, or out of guesses. */
  | { kind: 'over' }
  /** The person's codes of this opener are locked. */
  | { kind: 'locked'; until: number }
  | { kind: 'limited'; name: string; retryAt: number }
  | { kind: 'missing' }
  /** The bearer's session is over. */
  | { kind: 'revoked' }
)

/**
 *     const checked = await challenges.check({ id, audience: 'service', token, proof: { macs }, takes: [], wrong: null, now })
 *     if (checked.kind === 'approved') …
 */
export interface Challenges {
  /**
   * Judges one guess: counts, compares, consumes and locks in one step. Exactly one call is ever told `approved`
   * (without `again`); at most five wrong guesses are judged, those made while an effect is unconfirmed included. Approval cancels the challenge's queued, unambiguous messages.
   */
  check(check: Check): Promise<Checked>
  view(id: string, now: number): Promise<ChallengeView | null>
  /** The newest challenge of a user that a code can still be right for. */
  newest(subject: string, effect: Effect, now: number): Promise<ChallengeView | null>
  /** The effect of an approved challenge is done: it is over for everybody. A repeat changes nothing, and writes no second `audit`. */
  confirm(id: string, now: number, audit?: AuditEntry | null): Promise<void>
}
