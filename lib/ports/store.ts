// The Store port: everything that must be atomic, behind one interface with two adapters (sqlite, redis).
//
// Every method is one round trip. `now` is the caller's clock in epoch ms, so tests own time. Methods throw
// `Fault('store')` when the store cannot answer; all of them may be called again with the same arguments after that.
import type { Challenges } from './challenges.ts'
import type { Limits } from './limits.ts'
import type { Outbox } from './outbox.ts'
import type { MessageEvent } from './record.ts'
import type { Origin, Sessions } from './sessions.ts'

/** What happened to whom, without naming anybody. */
export interface AuditEntry extends Origin {
  at: number
  /** e.g. `code_locked`, `login_failed`. */
  kind: string
  /** Keyed hash of the person's address, or of the login that was typed. */
  person: string | null
  opener: string | null
}

export interface Audit {
  append(entry: AuditEntry): Promise<void>
  /** Newest first. */
  list(limit: number): Promise<AuditEntry[]>
}

export interface Events {
  /** Events with seq > after, oldest first. */
  after(seq: number, limit: number): Promise<MessageEvent[]>
}

export interface Store {
  outbox: Outbox
  challenges: Challenges
  limits: Limits
  sessions: Sessions
  audit: Audit
  events: Events
  /** Resolves when the store can answer; for /ready. */
  ping(): Promise<void>
}
