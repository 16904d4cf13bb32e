// What is read of messages: records, events, pages and figures.
import type { BreakerStateName } from '../rules/breaker.ts'
import type { Channel, MessageClass, Priority, Status } from '../rules/status.ts'
import type { Attempt } from './message.ts'

export interface MessageEvent {
  /** Grows with each event of the store, not always by one; the cursor of `events.after`. */
  seq: number
  at: number
  messageId: string
  /** A status the message took, or a report's type. */
  type: string
  provider: string | null
}

/** The whole record of a message, still sealed. */
export interface MessageRecord {
  id: string
  challengeId: string | null
  channel: Channel
  template: string
  class: MessageClass
  priority: Priority
  status: Status
  /** null once the payload's retention has ended, and for a row that never had one. */
  sealed: string | null
  about: string | null
  event: string | null
  owner: string | null
  /** Sealed; kept as long as the record. */
  facts: string | null
  ambiguous: boolean
  createdAt: number
  dueAt: number
  expiresAt: number | null
  endedAt: number | null
  generation: number
  replays: number
  attempts: Attempt[]
  events: MessageEvent[]
}

export interface ListFilter {
  status?: Status
  template?: string
  priority?: Priority
  channel?: Channel
  /** One of its attempts was at this provider … */
  provider?: string
  /** … and one of them ended with this code. */
  code?: string
  owner?: string
  recipient?: string
  /** Keyed hash of what its caller calls it. */
  reference?: string
  /** Keyed hash of somebody it tells of, beside its recipient. */
  person?: string
  /** `true` = dead letters: failed or unknown. */
  dead?: boolean
  /** Epoch ms; rows created at or after it. */
  since?: number
  /** Epoch ms; rows created before it. */
  until?: number
  cursor?: string
  /** 1–100. */
  limit: number
}

export interface Stats {
  totalSent: number
  totalFailed: number
  byPriority: Record<string, number>
  byChannel: Record<string, number>
  byProvider: Record<string, number>
  /** Sent of all that ended sent, failed or unknown, of the last day: 0–1, null when none did. */
  successRate: number | null
  meanDeliveryMs: number | null
  /** From a 40-bucket histogram: the upper edge of the bucket that holds the 95th percentile. */
  p95DeliveryMs: number | null
  queueDepth: number
  dead: number
  breakers: BreakerState[]
  /** When the sweeper last looked for what is due, epoch ms; null = never, as far as is known. */
  sweptAt: number | null
}

/** What was counted in one hour. */
export interface HourFigures {
  /** Its start, epoch ms. */
  at: number
  sent: number
  failed: number
  byProvider: Record<string, number>
  meanDeliveryMs: number | null
  p50DeliveryMs: number | null
  p95DeliveryMs: number | null
}

export interface BreakerState {
  provider: string
  state: BreakerStateName
  failures: number
  openUntil: number | null
  /** Of the failure that opened it. */
  code: string | null
}
