// The truth about a code's mail, as far as it is known when the answer has to leave.

import type { ChallengeSends } from '../codes/open.ts'
import { ACCOUNT_ANSWER_MS, FIRST_ATTEMPT_WAIT_MS } from '../rules/numbers.ts'
import { hasArrived, type Status } from '../rules/status.ts'
import type { Accounts } from './accounts.ts'

/** `status`: of its message; `queued` also when it could not be written down. `error`: a plain sentence. */
export type FirstMail = { sent: true; status: Status } | { sent: false; status: Status; error: string }

/** Waits for the first attempt, at most 3 s, and 3.5 s after the request came; it is never cut off. */
export async function firstMail(accounts: Accounts, sends: ChallengeSends, startedAt: number): Promise<FirstMail> {
  accounts.background(sends.first)
  const leftMs = Math.max(0, startedAt + ACCOUNT_ANSWER_MS - accounts.core.now())
  const waitMs = Math.min(FIRST_ATTEMPT_WAIT_MS, leftMs)
  const message = sends.deliveries.find((one) => one.channel === 'email') ?? sends.deliveries[0]
  const ends = await Promise.race([sends.first, accounts.sleep(waitMs).then(() => null)])
  const end = ends?.find((one) => one.id === message?.messageId) ?? null
  const status = end?.status ?? message?.status ?? 'queued'
  if (hasArrived(status)) return { sent: true, status }
  return { sent: false, status, error: sentence(accounts, status, ends === null ? 'timeout' : (end?.code ?? null)) }
}

/** When the ledger could not be reached after the account was made: nothing was sent, and nothing will be by itself. */
export const NO_MAIL: FirstMail = {
  sent: false,
  status: 'failed',
  error: 'The email could not be scheduled. Please ask for it again.',
}

/** The person has had their codes for now; the account is there all the same. */
export const ENOUGH_MAIL: FirstMail = {
  sent: false,
  status: 'failed',
  error: 'This address was sent enough emails for now. Please ask for the code later.',
}

function sentence({ core }: Accounts, status: Status, code: string | null): string {
  if (!core.policy.sending) return 'Sending is switched off at the moment. The email will leave later.'
  if (status === 'failed') return 'The email could not be sent to this address. Please check it, or try again later.'
  if (code === 'timeout') return 'Email service did not answer in time. Please try again later.'
  return 'Email service is not available at the moment. Please try again later.'
}
