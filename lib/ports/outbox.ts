// The outbox: the only truth about messages. One method = one atomic step = one round trip.

import type { BreakerNote } from '../rules/breaker.ts'
import type { ReportType, Status } from '../rules/status.ts'
import type { Admission, Admitted } from './admission.ts'
import type { Attempt } from './message.ts'
import type { BreakerState, HourFigures, ListFilter, MessageRecord, Stats } from './record.ts'
import type { Cancelled, Claimed, Lease, Waiting } from './row.ts'

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

export type Rescheduled = Exclude<Cancelled, { kind: 'cancelled' }> | ({ kind: 'rescheduled' } & Waiting)

export type Replayed =
  | ({ kind: 'replayed' } & Waiting)
  /** Only failed, expired-free ends may be replayed; `unknown` needs `force`. */
  | { kind: 'refused'; status: Status }
  | { kind: 'needs-force' }
  | { kind: 'payload-gone' }
  /** Its own end has passed, or its code is over: nobody needs it any more. */
  | { kind: 'expired' }
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
   * what it had to leave has outlived it; 0 = nothing is left. With a horizon it is the sweeper who asks: `stats`
   * tells when that was.
   */
  due(horizonMs: number, max: number, now: number): Promise<{ overdue: number; upcoming: Waiting[]; lagMs: number }>
  /** Ends a queued, unambiguous row. */
  cancel(id: string, now: number): Promise<Cancelled>
  /** The same for every row of a reference, at most 100 of the newest. */
  cancelBy(reference: string, now: number): Promise<({ id: string } & Cancelled)[]>
  /** Moves a queued row that was never tried. */
  reschedule(id: string, dueAt: number, now: number): Promise<Rescheduled>
  /** Queues a dead row again under a new provider key. The end it has stays its end. */
  replay(id: string, force: boolean, giveUpAt: number, now: number): Promise<Replayed>
  /** The same for at most 100 rows, in their order. */
  replayAll(
    rows: { id: string; giveUpAt: number }[],
    force: boolean,
    now: number,
  ): Promise<({ id: string } & Replayed)[]>
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
  /** Providers whose breaker remembers something, by name. */
  breakers(now: number): Promise<BreakerState[]>
  /** An operator says that a provider is well: its breaker closes, and the first that wait behind it are due. False = it was closed. */
  closeBreaker(provider: string, now: number): Promise<{ closed: boolean; released: Waiting[] }>
  /** Figures of the last `hours` (at most 90 days), oldest first, one entry for each hour in which something was counted. */
  series(hours: number, now: number): Promise<HourFigures[]>
}
