// A code asked for by whoever knows an address: whether it has an account is not to be told, by nothing.

import { type AccountChallenge, type Mails, openChallenge } from '../codes/open.ts'
import { resendCode } from '../codes/resend.ts'
import { CODE_TEMPLATE, RECOVERY_TEMPLATE } from '../codes/send.ts'
import type { Core } from '../core.ts'
import { type Caller, callerUsage } from '../delivery/caller.ts'
import type { Address } from '../names/address.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { User } from '../ports/users.ts'
import { CHALLENGE } from '../rules/numbers.ts'
import type { Usage } from '../rules/windows.ts'
import { type Accounts, auditEntry, type From, pageOf } from './accounts.ts'
import { evenly } from './even-answer.ts'
import { REGISTER_PURPOSE } from './own-code.ts'

/** For who has no account, or none that waits. */
const DECOY: Mails = { kind: 'decoy', charged: true }

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
        mails: user ? { kind: 'code', leadsTo: { kind: 'reset', userId: user.id } } : DECOY,
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
        mails: user ? { kind: 'code', leadsTo: { kind: 'verify', userId: user.id } } : DECOY,
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
  const audit = await auditEntry(core, plan.kind, email.normal, from.origin, 'anonymous')
  const request = {
    // To where the account reads its mail, whatever spelling of it was typed.
    targets: [{ channel: 'email' as const, ...(user?.email ?? email) }],
    addresses: [email.normal],
    purpose: plan.purpose,
    mode: 'first' as const,
    locale: user?.locale ?? core.policy.locale,
    audience: 'account' as const,
    opener: 'anonymous' as const,
    caller: from.caller,
    idempotency: await sameAsker(core, plan.kind, email, from.caller),
    account: { ...plan.challenge(user), audit },
  }
  const opened = await openChallenge(core, request)
  const isFull = !opened.ok && opened.refusal.code === 'too_many_sends'
  // Strangers may have used the budget up: the answer stays the same, and nothing is sent.
  const answered = isFull
    ? await openChallenge(core, {
        ...request,
        idempotency: null,
        account: { ...plan.challenge(null), audit, mails: { kind: 'decoy', charged: false } },
      })
    : opened
  if (!answered.ok) return answered
  accounts.background(answered.value.first)
  const { challengeId, expiresAt, resendAt, usage } = answered.value
  return ok({ challengeId, expiresAt, resendAt, usage: callerUsage(usage) })
}

/** Who asks twice in a moment is told of the challenge they hold, whose mail is on its way. */
async function sameAsker(core: Core, kind: string, email: Address, caller: Caller) {
  const key = await core.keys.hash('idempotency', `${kind} ${email.normal} ${caller.ip ?? caller.keyName ?? ''}`)
  return { key, fingerprint: key, keptMs: CHALLENGE.resendGapMs }
}

/** The holder of a challenge asks for its mail again: also of a sign-up that has no account yet. */
export const resendHeld = (accounts: Accounts, challengeId: string, from: From): Promise<Result<AnonymousCode>> =>
  evenly(accounts, async () => {
    const { core } = accounts
    const request = { challengeId, audience: 'account', channel: null, caller: from.caller } as const
    const resent = await resendCode(core, request)
    if (!resent.ok) return resent.refusal.code === 'not_found' ? refuse({ code: 'challenge_over' }) : resent
    accounts.background(resent.value.first)
    const { expiresAt, resendAt, usage } = resent.value
    return ok({ challengeId, expiresAt, resendAt, usage: callerUsage(usage) })
  })
