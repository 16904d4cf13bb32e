// A message's row as other parts see it: under lease, waiting, or called back.

import type { Channel, MessageClass, Priority, Status } from '../rules/status.ts'

/** `token` is the caller's own random name for the lease; the lease ends at `now + leaseMs` of the step that takes or renews it. */
export interface Lease {
  token: string
  leaseMs: number
}

/** A row under lease, with all an attempt needs. */
export interface Claimed {
  id: string
  challengeId: string | null
  channel: Channel
  template: string
  class: MessageClass
  priority: Priority
  /** `''` = none. */
  sealed: string
  about: string | null
  event: string | null
  providers: string[]
  /** The provider this lease may call: written before the first byte leaves. */
  intent: string
  /** True when an earlier lease ended with this intent set: its outcome is unknown and must be settled as such before any call. */
  lost: boolean
  token: string
  leaseUntil: number
  /** How many attempts are on record: the number of the next one. */
  attempt: number
  /** How often it was replayed: part of the provider's idempotency key. */
  replays: number
  generation: number
  /** Notes of lib/delivery/decide.ts between attempts; opaque to stores. `''` on a new row. */
  plan: string
  ambiguous: boolean
  createdAt: number
  expiresAt: number | null
  startBy: number | null
  giveUpAt: number
}

/** A queued row and the wake it needs. */
export interface Waiting {
  id: string
  generation: number
  dueAt: number
}

/** Where a row stands now. */
export interface Brief {
  id: string
  channel: Channel
  status: Status
  dueAt: number
}

export type Cancelled =
  | { kind: 'cancelled' }
  /** A provider took it. */
  | { kind: 'sent'; status: Status }
  /** Ambiguous, unknown or under way (for `reschedule`: tried before): a copy may have left. */
  | { kind: 'maybe' }
  | { kind: 'ended'; status: Status }
  | { kind: 'missing' }
