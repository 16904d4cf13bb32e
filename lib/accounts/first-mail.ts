// The truth about a code's mail, as far as it is known when the answer has to leave.

import type { ChallengeSends } from '../codes/open.ts'
import { ACCOUNT_ANSWER_MS, FIRST_ATTEMPT_WAIT_MS } from '../rules/numbers.ts'
import { hasArrived, type Status } from '../rules/status.ts'
import type { Usage } from '../rules/windows.ts'
import type { Accounts } from './accounts.ts'

/** Why a mail has not left. */
export const MAIL_TROUBLES = ['timeout', 'unavailable', 'rejected', 'suppressed', 'held', 'limited'] as const
export type MailTrouble = (typeof MAIL_TROUBLES)[number]

/** `status`: of its message; `queued` also when it could not be written down. */
export type FirstMail =
  | { sent: true; status: Status; resendAt: number }
  | {
      sent: false
      status: Status
      trouble: MailTrouble
      /** Whether asking again would send something, at this moment or ever … */
      mayResend: boolean
      /** … and from when on: the past when it is now. */
      resendAt: number
    }

/** Waits for the first attempt, at most 3 s, and 3.5 s after the request came; it is never cut off. */
export async function firstMail(accounts: Accounts, sends: ChallengeSends, startedAt: number): Promise<FirstMail> {
  const { core } = accounts
  accounts.background(sends.first)
  const admittedAt = core.now()
  const leftMs = Math.max(0, startedAt + ACCOUNT_ANSWER_MS - admittedAt)
  const waitMs = Math.min(FIRST_ATTEMPT_WAIT_MS, leftMs)
  const message = sends.deliveries.find((one) => one.channel === 'email') ?? sends.deliveries[0]
  const ends = await Promise.race([sends.first, accounts.sleep(waitMs).then(() => null)])
  const end = ends?.find((one) => one.id === message?.messageId) ?? null
  const status = end?.status ?? message?.status ?? 'queued'
  const roomAt = admittedAt + waitOf(sends.usage)
  if (hasArrived(status)) return { sent: true, status, resendAt: roomAt }
  const trouble = troubleOf(accounts, status, ends === null ? 'timeout' : (end?.code ?? null))
  const now = core.now()
  // A mail that waits is hastened, whatever was sent before; one that has ended unsent gave its place back.
  const resendAt = status === 'sending' || status === 'unknown' ? roomAt : Math.min(now, roomAt)
  return { sent: false, status, trouble, mayResend: trouble !== 'held' && resendAt <= now, resendAt }
}

/** Ms until every window of the person has room for another send. */
const waitOf = (usage: Usage[]): number =>
  Math.max(0, ...usage.filter((one) => one.remaining === 0).map((one) => one.resetMs))

/** When the ledger could not be reached after the account was made: nothing was sent, and nothing will be by itself. */
export const noMail = (now: number): FirstMail => ({
  sent: false,
  status: 'failed',
  trouble: 'unavailable',
  mayResend: true,
  resendAt: now,
})

/** The person has had their codes until `resendAt`; the account is there all the same. */
export const enoughMail = (resendAt: number): FirstMail => ({
  sent: false,
  status: 'failed',
  trouble: 'limited',
  mayResend: false,
  resendAt,
})

function troubleOf({ core }: Accounts, status: Status, code: string | null): MailTrouble {
  if (!core.policy.sending || status === 'dropped' || status === 'shadowed') return 'held'
  if (status === 'failed') return 'rejected'
  if (status === 'suppressed') return 'suppressed'
  return code === 'timeout' ? 'timeout' : 'unavailable'
}
