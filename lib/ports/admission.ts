// Accepting: what `admit` is given, and what it answers.

import type { Channel, MessageClass, Priority } from '../rules/status.ts'
import type { Usage } from '../rules/windows.ts'
import type { AuditEntry } from './audit.ts'
import type { ChallengeSend, NewChallenge } from './challenges.ts'
import type { Limited, Take } from './limits.ts'
import type { Brief, Cancelled, Claimed, Lease, Waiting } from './row.ts'
import type { Bearer, NewSession } from './sessions.ts'

/** A row as `admit` receives it. All instants are epoch ms; ids are named by the caller. */
export interface NewMessage {
  id: string
  challengeId: string | null
  channel: Channel
  template: string
  class: MessageClass
  priority: Priority
  /** Keyed hash of the recipient's normalised address. */
  recipient: string
  /** Address and render inputs, sealed to this id; null = its body is made of `about` and `event` when it is sent. */
  sealed: string | null
  /** What a row without payload tells of: an id of ours, and the event's name. */
  about?: string | null
  event?: string | null
  /** The user it is sent for; null = none. */
  owner?: string | null
  /** Keyed hashes of what its caller calls it, at most two: it can be found and cancelled by them. */
  references?: string[]
  /** Keyed hashes of people it tells of, beside its recipient: erasure finds it by them. */
  people?: string[]
  /** What the record keeps as long as itself (metadata, reference, masked address), sealed to this id. */
  facts?: string | null
  /** Providers in the order they are tried. */
  providers: string[]
  dueAt: number
  /** Hard end, null = none. */
  expiresAt: number | null
  /** Last instant at which an attempt may start so that it still lands before `expiresAt`; null = none. */
  startBy: number | null
  /** No round starts after this instant: the row ends `failed` (`unknown` if ambiguous). */
  giveUpAt: number
  /**
   * Rows of earlier stages: once each of them has had a full round that nobody accepted, this row is due; the acceptance of
   * any cancels it and every stage after it. [] = it waits for none.
   */
  after: string[]
  /** The limiter slot this row shares with the rows of the same send, and the series that hold it. */
  slot: string
  slotSeries: string[]
}

/** Accepts one request: all of it or nothing. */
export interface Admission {
  /** `key` is already bound to caller and route; `fingerprint` to the body. Kept 24 h unless `keptMs` says otherwise. */
  idempotency: {
    key: string
    fingerprint: string
    keptMs?: number
    /** Kept in the place of this group's own ids: those of a whole batch. */
    names?: string[]
  } | null
  /** References whose queued, unambiguous rows this admission cancels, in its own step; see `cancelBy`. */
  cancels?: string[]
  /** The caller's own windows (IP, API key). */
  takes: Take[]
  /** The person's windows; not asked when a resend finds its row still queued. */
  sends: Take[]
  /** Opens a challenge with its first send, or sends an open one again; null for messages without a code. */
  challenge: { open: NewChallenge } | { resend: ChallengeSend } | null
  messages: NewMessage[]
  /** Opened together with all the rest; not by a resend. */
  session?: NewSession | null
  /** On whose session it is asked: a revoked one is refused, and nothing is charged. */
  bearer?: Bearer | null
  /** Written with the rest, by a repeat not again; a repeat is known by whatever the caller named: message, session, challenge, key, slot, bearer. */
  audit?: AuditEntry | null
  /**
   * Rows due now and without an earlier stage are admitted already claimed under this lease, over all groups of the call
   * no more than a worker can start at once, by priority; null = none.
   */
  claim: Lease | null
  now: number
}

export type Admitted =
  /** `usage` lists the person's windows first, then the caller's. */
  | {
      kind: 'admitted'
      claimed: Claimed[]
      waiting: Waiting[]
      usage: Usage[]
      /** What `cancels` led to; absent when it named nothing that was still to leave, or has left. */
      cancelled?: ({ id: string } & Cancelled)[]
    }
  /** A resend found its row still queued: made due (and claimed, if a lease was given); no new row, no slot taken. */
  | { kind: 'hastened'; id: string; claimed: Claimed[]; waiting: Waiting[]; usage: Usage[] }
  /** The idempotency key was used before with the same fingerprint: what it created. */
  | { kind: 'repeated'; challengeId: string | null; messageIds: string[]; messages: Brief[] }
  | { kind: 'mismatch' }
  | Limited
  /** The challenge named by `resend` is unknown, or no longer open. */
  | { kind: 'missing' }
  | { kind: 'over' }
  /** The bearer's session is over, or all of the person's were ended since the new one's credentials were read. */
  | { kind: 'revoked' }
