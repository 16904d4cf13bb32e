// A code asked for by whoever knows an address: whether it has an account is not to be told, by nothing.
import type { Address } from '../address.ts'
import type { Usage } from '../ports/limits.ts'
import type { User } from '../ports/users.ts'
import { ok, type Result } from '../result.ts'
import { type Accounts, auditEntry, type From, pageOf } from './accounts.ts'
import { CODE_TEMPLATE, RECOVERY_TEMPLATE } from './code-send.ts'
import { evenly } from './even-answer.ts'
import { type AccountChallenge, openChallenge } from './open-challenge.ts'
import { REGISTER_PURPOSE } from './register.ts'

export interface AnonymousCode {
  challengeId: string
  expiresAt: number
  resendAt: number
  usage: Usage[]
}

/** Sends a code to choose a new password with, if the address has an account. */
export const recover = (accounts: Accounts, email: Address, from: From): Promise<Result<AnonymousCode>> =>
  evenly(accounts, () =>
    send(accounts, email, from, {
      kind: 'recovery_asked',
      purpose: 'recovery',
      isFor: () => true,
      challenge: (user) => ({
        template: RECOVERY_TEMPLATE,
        page: pageOf(accounts.core, 'reset'),
        effect: 'reset',
        leadsTo: user && { kind: 'reset', userId: user.id },
        // The step that approves it ends this user's sessions.
        subject: user?.id ?? null,
      }),
    }),
  )

/** Sends the code that proves the address, if it has an account that waits for it. */
export const resendAnonymous = (accounts: Accounts, email: Address, from: From): Promise<Result<AnonymousCode>> =>
  evenly(accounts, () =>
    send(accounts, email, from, {
      kind: 'resend_asked',
      purpose: REGISTER_PURPOSE,
      isFor: (user) => !user.emailVerified,
      challenge: (user) => ({
        template: CODE_TEMPLATE,
        page: pageOf(accounts.core, 'verify'),
        effect: 'verify',
        leadsTo: user && { kind: 'verify', userId: user.id },
        // A stranger's challenge must not become the newest one of the person's own.
        subject: null,
      }),
    }),
  )

interface Plan {
  kind: string
  purpose: string
  isFor: (user: User) => boolean
  challenge: (user: User | null) => AccountChallenge
}

async function send(accounts: Accounts, email: Address, from: From, plan: Plan): Promise<Result<AnonymousCode>> {
  const { core, users } = accounts
  const found = await users.byLogin({ email: email.normal })
  const user = found && plan.isFor(found) ? found : null
  const opened = await openChallenge(core, {
    // To where the account reads its mail, whatever spelling of it was typed.
    targets: [{ channel: 'email', ...(user?.email ?? email) }],
    addresses: [email.normal],
    purpose: plan.purpose,
    mode: 'first',
    locale: user?.locale ?? core.policy.locale,
    audience: 'account',
    opener: 'anonymous',
    caller: from.caller,
    idempotency: null,
    account: {
      ...plan.challenge(user),
      audit: await auditEntry(core, plan.kind, email.normal, from.origin, 'anonymous'),
    },
  })
  if (!opened.ok) return opened
  accounts.background(opened.value.first)
  const { challengeId, expiresAt, resendAt, usage } = opened.value
  return ok({ challengeId, expiresAt, resendAt, usage })
}
