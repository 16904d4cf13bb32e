// The outbox: the only truth about messages. One method = one atomic step = one round trip.

import type { BreakerNote } from '../rules/breaker.ts'
import type { Channel, MessageClass, Priority, ReportType, Status } from '../rules/status.ts'
import type { Usage } from '../rules/windows.ts'
import type { AuditEntry } from './audit.ts'
import type { ChallengeSend, NewChallenge } from './challenges.ts'
import type { Limited, Take } from './limits.ts'
import type { Attempt } from './message.ts'
import type { HourFigures, ListFilter, MessageRecord, Stats } from './record.ts'
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
  idempotency: { key: string; fingerprint: string; keptMs?: number } | null
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

export type Admitted =
  /** `usage` lists the person's windows first, then the caller's. */
  | { kind: 'admitted'; claimed: Claimed[]; waiting: Waiting[]; usage: Usage[] }
  /** A resend found its row still queued: made due (and claimed, if a lease was given); no new row, no slot taken. */
  | { kind: 'hastened'; id: string; claimed: Claimed[]; waiting: Waiting[]; usage: Usage[] }
  /** The idempotency key was used before with the same fingerprint: what it created. */
  | { kind: 'repeated'; challengeId: string | null; messageIds: string[] }
  | { kind: 'mismatch' }
  | Limited
  /** The challenge named by `resend` is unknown, or no longer open. */
  | { kind: 'missing' }
  | { kind: 'over' }
  /** The bearer's session is over, or all of the person's were ended since the new one's credentials were read. */
  | { kind: 'revoked' }

/** A queued row and the wake it needs. */
export interface Waiting {
  id: string
  generation: number
  dueAt: number
}

export type Unclaimed = { id: string } & (
  | { why: 'leased'; until: number }
  /** Not due yet; or every provider it may use is behind an open breaker until then, and it is this row that will probe. */
  | { why: 'later'; generation: number; dueAt: number }
  /** The same, but another row will probe at `dueAt`: no wake is needed, for what the probe finds out releases it. */
  | { why: 'behind'; dueAt: number }
  | { why: 'ended'; status: Status }
  | { why: 'missing' }
)

/**
 * Whom a worker asks for: the rows that woke it, and whatever else is `due`, by priority, up to its places. A wake is an
 * invitation to work, not a row.
 */
export type Wanted = { ids: string[]; due?: boolean } | { due: true }

export interface Claims {
  claimed: Claimed[]
  /** Where `due` was asked and more is due than this claim had places for: the first of it, to be woken for. */
  next?: Waiting
  /** One entry for every named id not claimed (`later` if `max` was reached, to be woken again); for `due`, rows put off behind open breakers. */
  unclaimed: Unclaimed[]
}

/** Queued until `dueAt`; then the first of `candidates` whose breaker lets it through is called. */
export interface Later {
  kind: 'later'
  candidates: string[]
  dueAt: number
  plan: string
  /** One full round was refused: rows waiting for this one as their earlier stage become due now. */
  release: boolean
}

/** What the row does next, decided by lib/delivery/decide.ts. */
export type Next =
  | { kind: 'end'; status: Status; release: boolean }
  /** The first of `candidates` whose breaker lets it through becomes the intent and the lease is renewed; if none does, `otherwise`. */
  | { kind: 'again'; candidates: string[]; leaseMs: number; plan: string; otherwise: Later }
  | Later

export interface Settlement {
  id: string
  token: string
  /** Number of the attempt this settles (Claimed.attempt, then +1 for each further one). A repeat of the same number under the same token is told the same. */
  attempt: number
  /** null = nothing was sent, the row is given back as `next` says. */
  record: (Attempt & { providerId: string | null }) | null
  breaker: BreakerNote
  /**
   * If the row's challenge is over, or `startBy` has passed, `again` and `later` end the row instead: `cancelled` or
   * `expired`, `unknown` if ambiguous.
   */
  next: Next
  ambiguous: boolean
  now: number
}

/** A provider's outage, told to exactly one caller. */
export interface Alert {
  provider: string
  /** `down` once per outage and then at most hourly; `recovered` once. */
  state: 'down' | 'recovered'
  /** Code of the failure that opened the breaker. */
  code: string | null
}

export type Settled =
  | { kind: 'again'; intent: string; plan: string; leaseUntil: number; alert: Alert | null; released: Waiting[] }
  | { kind: 'queued'; generation: number; dueAt: number; alert: Alert | null; released: Waiting[] }
  | { kind: 'ended'; status: Status; alert: Alert | null; released: Waiting[] }
  /** The lease is no longer ours; nothing was written. */
  | { kind: 'lost' }

/** What a provider told us later about a message it took. */
export interface Report {
  messageId: string
  provider: string
  type: ReportType
  /** Epoch ms by the provider's clock. */
  at: number
  /** The provider's own id of this event: a repeat changes nothing. */
  eventId: string
  now: number
}

export type Cancelled =
  | { kind: 'cancelled' }
  /** A provider took it. */
  | { kind: 'sent'; status: Status }
  /** Ambiguous, unknown or under way (for `reschedule`: tried before): a copy may have left. */
  | { kind: 'maybe' }
  | { kind: 'ended'; status: Status }
  | { kind: 'missing' }

export type Rescheduled = Exclude<Cancelled, { kind: 'cancelled' }> | ({ kind: 'rescheduled' } & Waiting)

export type Replayed =
  | ({ kind: 'replayed' } & Waiting)
  /** Only failed, expired-free ends may be replayed; `unknown` needs `force`. */
  | { kind: 'refused'; status: Status }
  | { kind: 'needs-force' }
  | { kind: 'payload-gone' }
  | { kind: 'missing' }

/**
 * A worker's turn over it: claim, call the provider, settle, until the row has ended or is queued again.
 *
 *     const { claimed } = await outbox.claim({ ids: ['msg_…'] }, 6, { token: 'lease_…', leaseMs: 30_000 }, now)
 *     const settled = await outbox.settle({ id, token, attempt, record, breaker: 'good', next, ambiguous: false, now })
 */
export interface Outbox {
  /**
   * Admits up to 100 groups in one round trip; each is all-or-nothing and has its own result, in order. Groups are
   * applied one after the other: a later one sees what an earlier one took. A repeat (same message ids; without messages,
   * same opened challenge) is told what the first call did, `hastened` included and with nothing new even after the row
   * has ended: same rows, same claims while the lease token is the same.
   */
  admit(groups: Admission[]): Promise<Admitted[]>
  /**
   * Leases rows, at most `max`: the named ones, then whatever is `due` (queued and due, or under a lease that has ended).
   * Of max ≥ 3 places, max(1, max/10) go to the oldest due medium and low each, the rest strictly by priority.
   * A due row past `startBy` or `giveUpAt`, or whose challenge is over, ends here (`expired`, `failed` or `cancelled`;
   * `unknown` if ambiguous, as a row is whose lease has ended).
   * Of the rows behind one open breaker a single one is woken when it may be probed; a success releases two of the others
   * at a time, by priority, and `due` whatever was forgotten.
   * Rows that it puts behind a breaker or ends take no place: it goes on to others, 100 rows at most.
   * Repeating the call (same token and, for `due`, same `now`) answers the same rows while they are under that lease.
   */
  claim(what: Wanted, max: number, lease: Lease, now: number): Promise<Claims>
  /** Writes outcome, breaker, statistics, events, the next intent and a renewed lease, in one step. */
  settle(settlement: Settlement): Promise<Settled>
  /**
   * Counts rows that are due and that nobody is about to take (lower priorities wait for the workers that hold rows now,
   * a minute at most), and names queued rows due within `horizonMs` whose wake nobody armed yet (marks them
   * armed), at most `max` of each; on the way removes what has outlived its retention. `lagMs`: for how long the oldest of
   * what it had to leave has outlived it; 0 = nothing is left.
   */
  due(horizonMs: number, max: number, now: number): Promise<{ overdue: number; upcoming: Waiting[]; lagMs: number }>
  /** Ends a queued, unambiguous row. */
  cancel(id: string, now: number): Promise<Cancelled>
  /** The same for every row of a reference, at most 100 of the newest. */
  cancelBy(reference: string, now: number): Promise<({ id: string } & Cancelled)[]>
  /** Moves a queued row that was never tried. */
  reschedule(id: string, dueAt: number, now: number): Promise<Rescheduled>
  /** Queues a dead row again under a new provider key. */
  replay(id: string, force: boolean, giveUpAt: number, now: number): Promise<Replayed>
  /** Moves the status by rank, never back (delivered < bounced < complained); a repeat changes nothing. False if the message is unknown. */
  report(report: Report): Promise<boolean>
  find(id: string): Promise<MessageRecord | null>
  /** The same for at most 100 ids, in their order. */
  findAll(ids: string[]): Promise<(MessageRecord | null)[]>
  /** Newest first; an unindexed filter walks at most 500 rows, so a page may be short and still carry a cursor. */
  list(filter: ListFilter): Promise<{ messages: MessageRecord[]; cursor: string | null }>
  /** Queued rows due after `now`, soonest first; rows behind an open breaker are not among them. */
  scheduled(now: number, limit: number, cursor?: string): Promise<{ messages: MessageRecord[]; cursor: string | null }>
  stats(now: number): Promise<Stats>
  /** Figures of the last `hours` (at most 90 days), oldest first, one entry for each hour in which something was counted. */
  series(hours: number, now: number): Promise<HourFigures[]>
}
