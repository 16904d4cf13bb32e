// The message's states: the only definition of what may follow what, what was taken and what has ended.

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
  'unknown',
] as const
export type Status = (typeof STATUSES)[number]

/** Reports may tell of any row that a provider took it after all, and more. */
const REPORTS: readonly Status[] = ['sent', 'delivered', 'bounced', 'complained']

const FOLLOWS: Record<Status, readonly Status[]> = {
  queued: ['sending', 'failed', 'cancelled', 'expired', 'suppressed', 'unknown', ...REPORTS],
  sending: ['queued', 'failed', 'cancelled', 'expired', 'unknown', ...REPORTS],
  sent: ['delivered', 'bounced', 'complained'],
  delivered: ['bounced', 'complained'],
  bounced: ['complained'],
  complained: [],
  // `queued` by replay.
  failed: ['queued', ...REPORTS],
  unknown: ['queued', ...REPORTS],
  cancelled: REPORTS,
  expired: REPORTS,
  suppressed: [],
}

export const mayFollow = (from: Status, to: Status): boolean => FOLLOWS[from].includes(to)

/** Nothing more happens to it by itself. */
export const hasEnded = (status: Status): boolean => status !== 'queued' && status !== 'sending'

/** A provider is known to have taken it. */
export const wasTaken = (status: Status): boolean => REPORTS.includes(status)
