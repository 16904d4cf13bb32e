// What the scripts answer, and its translation to the port's shapes. Absent = null; an empty list may arrive as {}.

import type { Admitted } from '../../ports/admission.ts'
import type { Audience, ChallengeView, Checked, Effect } from '../../ports/challenges.ts'
import type { Limited } from '../../ports/limits.ts'
import type { Attempt } from '../../ports/message.ts'
import type { Claims, Settled, Unclaimed } from '../../ports/outbox.ts'
import type { MessageEvent, MessageRecord } from '../../ports/record.ts'
import type { Brief, Claimed, Waiting } from '../../ports/row.ts'
import { type ChallengeStatus, challengeStatus } from '../../rules/challenge.ts'
import type { Channel, MessageClass, Priority, Status } from '../../rules/status.ts'
import type { Usage } from '../../rules/windows.ts'

/** A message's value. What is null or zero may be absent. */
export interface Row {
  id: string
  challengeId?: string
  channel: Channel
  template: string
  class: MessageClass
  priority: Priority
  status: Status
  /** JSON. */
  providers: string
  dueAt: number
  startBy?: number
  expiresAt?: number
  giveUpAt: number
  createdAt: number
  endedAt?: number
  leaseToken?: string
  leaseUntil?: number
  intent?: string
  lost: number
  attempt: number
  replays: number
  generation: number
  plan: string
  ambiguous: number
  owner?: string
  facts?: string
  about?: string
  event?: string
}

/** cjson writes an empty table as {}. */
export type List<T> = T[] | Record<string, never>
export const list = <T>(value: List<T>): T[] => (Array.isArray(value) ? value : [])

export interface RawClaimed {
  row: Row
  sealed: string
}

const claimed = ({ row, sealed }: RawClaimed): Claimed => ({
  id: row.id,
  challengeId: row.challengeId ?? null,
  channel: row.channel,
  template: row.template,
  class: row.class,
  priority: row.priority,
  sealed,
  about: row.about ?? null,
  event: row.event ?? null,
  providers: JSON.parse(row.providers) as string[],
  intent: row.intent ?? '',
  lost: row.lost === 1,
  token: row.leaseToken ?? '',
  leaseUntil: row.leaseUntil ?? 0,
  attempt: row.attempt,
  replays: row.replays,
  generation: row.generation,
  plan: row.plan,
  ambiguous: row.ambiguous === 1,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt ?? null,
  startBy: row.startBy ?? null,
  giveUpAt: row.giveUpAt,
})

export interface RawClaims {
  claimed: List<RawClaimed>
  unclaimed: List<Unclaimed>
  next?: Waiting
}

export const claims = (raw: RawClaims): Claims => ({
  claimed: list(raw.claimed).map(claimed),
  unclaimed: list(raw.unclaimed),
  ...(raw.next ? { next: raw.next } : {}),
})

interface RawHeld {
  claimed: List<RawClaimed>
  waiting: List<Waiting>
  usage: List<Usage>
}

export type RawAdmitted =
  | ({ kind: 'admitted' } & RawHeld)
  | ({ kind: 'hastened'; id: string } & RawHeld)
  | { kind: 'repeated'; challengeId: string | null; messageIds: List<string>; messages: List<Brief> }
  | Limited
  | { kind: 'mismatch' | 'missing' | 'over' | 'revoked' }

export function admitted(raw: RawAdmitted): Admitted {
  switch (raw.kind) {
    case 'admitted':
    case 'hastened':
      return {
        ...raw,
        claimed: list(raw.claimed).map(claimed),
        waiting: list(raw.waiting),
        usage: list(raw.usage),
      }
    case 'repeated':
      return { ...raw, messageIds: list(raw.messageIds), messages: list(raw.messages) }
    default:
      return raw
  }
}

export const settled = (raw: Settled): Settled =>
  raw.kind === 'lost' ? raw : { ...raw, released: list<Waiting>(raw.released) }

export const checked = (raw: Checked): Checked => ({ ...raw, usage: list<Usage>(raw.usage) })

export interface RawRecord {
  row: Row & {
    attempts?: List<Attempt>
    /** `seq` as text: it has more digits than a script would write of a number. */
    events?: List<{ seq: string; at: number; type: string; provider?: string }>
  }
  sealed: string | null
}

const attempt = ({ provider, at, outcome, code, durationMs }: Attempt): Attempt => ({
  provider,
  at,
  outcome,
  code: code ?? null,
  durationMs,
})

export function record(raw: RawRecord): MessageRecord {
  const { row } = raw
  return {
    id: row.id,
    challengeId: row.challengeId ?? null,
    channel: row.channel,
    template: row.template,
    class: row.class,
    priority: row.priority,
    status: row.status,
    sealed: raw.sealed,
    about: row.about ?? null,
    event: row.event ?? null,
    owner: row.owner ?? null,
    facts: row.facts ?? null,
    ambiguous: row.ambiguous === 1,
    createdAt: row.createdAt,
    dueAt: row.dueAt,
    expiresAt: row.expiresAt ?? null,
    endedAt: row.endedAt ?? null,
    generation: row.generation,
    replays: row.replays,
    attempts: list(row.attempts ?? []).map(attempt),
    events: list(row.events ?? []).map(
      ({ seq, at, type, provider }): MessageEvent => ({
        seq: Number(seq),
        at,
        messageId: row.id,
        type,
        provider: provider ?? null,
      }),
    ),
  }
}

/** An entry of the stream: its id, then field, value, field, value … */
export type RawFeedEvent = [id: string, fields: string[]]

export interface RawFeed {
  entries: List<RawFeedEvent>
  behind: boolean
}

export function feedEvent([id, fields]: RawFeedEvent): MessageEvent {
  const field = (name: string): string | null => fields[fields.indexOf(name) + 1] ?? null
  return {
    seq: Number.parseInt(id, 10),
    at: Number(field('at')),
    messageId: field('message') ?? '',
    type: field('type') ?? '',
    provider: field('provider') || null,
  }
}

export interface RawView {
  challenge: {
    id: string
    purpose: string
    audience: Audience
    opener: string
    /** JSON. */
    persons: string
    subject?: string
    effect?: Effect
    sealed: string
    status: ChallengeStatus
    codeExpiresAt: number
    endsAt: number
    resendAt: number
    createdAt: number
  }
  /** Every row, oldest first. */
  deliveries: List<ChallengeView['deliveries'][number]>
}

export function view({ challenge, deliveries }: RawView, now: number): ChallengeView {
  const newest = new Map(list(deliveries).map((one) => [one.channel, one]))
  return {
    id: challenge.id,
    purpose: challenge.purpose,
    audience: challenge.audience,
    opener: challenge.opener,
    persons: JSON.parse(challenge.persons) as string[],
    subject: challenge.subject ?? null,
    effect: challenge.effect ?? null,
    sealed: challenge.sealed,
    status: challengeStatus(challenge.status, challenge, now),
    codeExpiresAt: challenge.codeExpiresAt,
    endsAt: challenge.endsAt,
    resendAt: challenge.resendAt,
    createdAt: challenge.createdAt,
    deliveries: [...newest.values()],
  }
}
