// The Store port: everything that must be atomic, behind one interface with two adapters (sqlite, redis).
//
// Every method is one round trip. `now` is the caller's clock in epoch ms, so tests own time. Methods throw
// `Fault('store')` when the store cannot answer; all of them may be called again with the same arguments after that.
import type { Home } from '../names/homes.ts'
import type { Audit } from './audit.ts'
import type { Challenges } from './challenges.ts'
import type { Limits } from './limits.ts'
import type { Outbox } from './outbox.ts'
import type { MessageEvent } from './record.ts'
import type { Sessions } from './sessions.ts'

export interface Feed {
  events: MessageEvent[]
  /**
   * The reader fell behind: the feed has let go of events after `seq`. A store that cannot tell may say so as soon as
   * the event `seq` itself is gone. Whoever starts at 0 asks for what there is, and is never behind.
   */
  behind: boolean
}

export interface Events {
  /**
   * Events with seq > after, oldest first. The feed keeps the newest 250,000, at most 30 days: a message's own history
   * is in its record, as long as that is kept.
   *
   *     const { events, behind } = await store.events.after(cursor, 1_000)
   *     if (behind) await startOver()
   */
  after(seq: number, limit: number): Promise<Feed>
}

/**
 *     const store = redisStore({ url, token })
 *     const record = await store.outbox.find('msg_…')
 */
export interface Store {
  /** Where what is new is made: the ids of its messages, challenges and sessions say so. */
  home: Home
  outbox: Outbox
  challenges: Challenges
  limits: Limits
  sessions: Sessions
  audit: Audit
  events: Events
  /** Resolves when the store can answer; for /ready. */
  ping(): Promise<void>
}
