// The message's state machine: the only definition of what may follow what. Both stores are checked against it.
import type { Status } from '../ports/message.ts'

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
