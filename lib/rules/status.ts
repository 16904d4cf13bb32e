// The message's states: the only definition of what may follow what, of what was taken and what outranks what.
// SQLite imports it, the scripts get STATES as POLICY, and the enums of the wire are made from its lists.

export const CHANNELS = ['email', 'whatsapp', 'sms', 'push', 'webhook'] as const
export type Channel = (typeof CHANNELS)[number]

/** security = codes; promotional = may be unsubscribed from. */
export const CLASSES = ['security', 'transactional', 'promotional'] as const
export type MessageClass = (typeof CLASSES)[number]

/** In the order they leave. */
export const PRIORITIES = ['high', 'medium', 'low'] as const
export type Priority = (typeof PRIORITIES)[number]

/** `queued → sending → sent → delivered`; the rest are ends. */
export const STATUSES = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'bounced',
  'complained',
  'failed',
  'cancelled',
  'expired',
  'suppressed',
  'dropped',
  'shadowed',
  'unknown',
] as const
export type Status = (typeof STATUSES)[number]

/** What one call to a provider came to. */
export const OUTCOMES = ['accepted', 'rejected', 'throttled', 'misconfigured', 'unavailable', 'unknown'] as const
export type OutcomeKind = (typeof OUTCOMES)[number]

/** What a provider tells us later. */
export const REPORT_TYPES = ['sent', 'delayed', 'delivered', 'bounced', 'complained', 'failed'] as const
/** `failed` counts as `bounced`. */
export type ReportType = (typeof REPORT_TYPES)[number]

/** A provider is known to have taken it. Reports may say so of any row that one was asked to send, whatever it ended as. */
const TAKEN: readonly Status[] = ['sent', 'delivered', 'bounced', 'complained']

export const STATES = {
  /** What may follow what; staying is not following. */
  follows: {
    queued: ['sending', 'failed', 'cancelled', 'expired', 'suppressed', 'dropped', 'shadowed', 'unknown', ...TAKEN],
    sending: ['queued', 'failed', 'cancelled', 'expired', 'suppressed', 'dropped', 'shadowed', 'unknown', ...TAKEN],
    sent: ['delivered', 'bounced', 'complained'],
    delivered: ['bounced', 'complained'],
    bounced: ['complained'],
    complained: [],
    // `queued` by replay.
    failed: ['queued', ...TAKEN],
    unknown: ['queued', ...TAKEN],
    cancelled: TAKEN,
    expired: TAKEN,
    suppressed: [],
    // No provider was asked, by setting.
    dropped: [],
    shadowed: [],
  } as Record<Status, readonly Status[]>,
  /** Something is still to be done for it. */
  open: ['queued', 'sending'] as readonly Status[],
  taken: TAKEN,
  /** A provider took it, or may have: the row keeps its places in the limits. */
  maybeTaken: [...TAKEN, 'unknown'] as readonly Status[],
  /** Nobody waits for these any more, but an operator may: dead letters. */
  dead: ['failed', 'unknown'] as readonly Status[],
  /** No provider was asked, by setting: no attempt may end so. */
  neverAsked: ['dropped', 'shadowed'] as readonly Status[],
  /** What they said is kept longer: it may be sent again, or compared. */
  keptLonger: ['failed', 'unknown', 'shadowed'] as readonly Status[],
  /** Later stages are not needed once the row is one of these. */
  arrived: ['sent', 'delivered'] as readonly Status[],
  /** Higher outranks lower; what is not here ranks below everything a report can say. */
  rank: { sent: 1, delivered: 2, bounced: 3, complained: 4 } as Partial<Record<Status, number>>,
  /** What a report says of the row's status; `delayed` says nothing. */
  reported: {
    sent: 'sent',
    delivered: 'delivered',
    bounced: 'bounced',
    complained: 'complained',
    failed: 'bounced',
  } as Partial<Record<ReportType, Status>>,
}

export const mayFollow = (from: Status, to: Status): boolean => STATES.follows[from].includes(to)

/** Throws for a step that would break the state machine: its transaction then changes nothing. */
export function mustFollow(from: Status, to: Status): void {
  if (from !== to && !mayFollow(from, to)) throw new Error(`status: ${to} may not follow ${from}`)
}

/** The same for a step that ends a row; `asked`: after an attempt. */
export function mustEnd(from: Status, to: Status, asked = false): void {
  if (!hasEnded(to)) throw new Error(`status: ${to} is no end`)
  if (asked && STATES.neverAsked.includes(to)) throw new Error(`status: ${to} is no end of an attempt`)
  mustFollow(from, to)
}

/** Nothing more happens to it by itself. */
export const hasEnded = (status: Status): boolean => !STATES.open.includes(status)

export const wasTaken = (status: Status): boolean => STATES.taken.includes(status)
export const maybeTaken = (status: Status): boolean => STATES.maybeTaken.includes(status)
/** It ended, and no provider has it. */
export const wasNeverTaken = (status: Status): boolean => hasEnded(status) && !maybeTaken(status)
export const isKeptLonger = (status: Status): boolean => STATES.keptLonger.includes(status)
export const isDead = (status: Status): boolean => STATES.dead.includes(status)
export const hasArrived = (status: Status): boolean => STATES.arrived.includes(status)
export const rankOf = (status: Status): number => STATES.rank[status] ?? 0

/** The word for an end: where a provider may have it, no word may say that none has. */
export const endWord = (word: Status, isAmbiguous: boolean): Status =>
  isAmbiguous && !wasTaken(word) ? 'unknown' : word

/** Why a row can no longer be called back; null while nothing of it can have left. */
export function recallOf(status: Status, isAmbiguous: boolean): 'sent' | 'maybe' | 'ended' | null {
  if (wasTaken(status)) return 'sent'
  if (wasNeverTaken(status)) return 'ended'
  return status === 'queued' && !isAmbiguous ? null : 'maybe'
}
