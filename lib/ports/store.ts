// The Store port: everything that must be atomic, behind one interface with two adapters (sqlite, redis).
//
// Every method is one round trip. `now` is the caller's clock in epoch ms, so tests own time. Methods throw
// `Fault('store')` when the store cannot answer; all of them may be called again with the same arguments after that.
import type { Audit } from './audit.ts'
import type { Challenges } from './challenges.ts'
import type { Limits } from './limits.ts'
import type { Outbox } from './outbox.ts'
import type { MessageEvent } from './record.ts'
import type { Sessions } from './sessions.ts'

export interface Events {
  /** Events with seq > after, oldest first. */
  after(seq: number, limit: number): Promise<MessageEvent[]>
}

/**
 *     const store = redisStore({ url, token })
 *     const record = await store.outbox.find('msg_…')
 */
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
