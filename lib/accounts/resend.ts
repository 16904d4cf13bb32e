// A code that proves an address is asked for again: by its person, by who holds its challenge, or by anybody.

import type { Address } from '../names/address.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Bearer } from '../ports/sessions.ts'
import type { Channel } from '../rules/status.ts'
import type { Accounts, From } from './accounts.ts'
import { type AnonymousCode, resendAnonymous, resendHeld } from './recover.ts'
import { type Resent, resendOwn } from './resend-own.ts'

export interface ResendRequest {
  email?: Address | undefined
  challengeId?: string | undefined
  channel?: Channel | undefined
}

/** `own` may hear the truth about its mail; what anybody is told is the same always. */
export type ResendAnswer = ({ kind: 'own' } & Resent) | ({ kind: 'anybody' } & AnonymousCode)

/** `tokenSent`: some access token came with it, good or not. */
export async function resend(
  accounts: Accounts,
  asked: ResendRequest,
  from: From & { bearer: Bearer | null; tokenSent: boolean },
): Promise<Result<ResendAnswer>> {
  const { email, challengeId, channel } = asked
  if (from.bearer) {
    const own = await resendOwn(accounts, channel ?? null, { ...from, bearer: from.bearer })
    if (own.ok) return ok({ kind: 'own', ...own.value })
    // A session that has ended is nobody's: what anybody may ask is answered all the same.
    const mayGoOn = own.refusal.code === 'unauthorized' && (email || challengeId)
    if (!mayGoOn) return own
  }
  if (channel !== undefined && channel !== 'email') {
    const params = { values: ['email'], unless: 'signed_in' }
    return refuse({ code: 'invalid_request', errors: [{ path: 'channel', code: 'not_listed', params }] })
  }
  const sent = challengeId
    ? await resendHeld(accounts, challengeId, from)
    : email
      ? await resendAnonymous(accounts, email, from)
      : signedInOnly('email', from.tokenSent)
  return sent.ok ? ok({ kind: 'anybody', ...sent.value }) : sent
}

/** What a signed-in user may leave out: to who sent a token, the token is what is wrong. */
export const signedInOnly = (path: string, tokenSent: boolean) =>
  refuse(
    tokenSent
      ? { code: 'unauthorized' }
      : { code: 'invalid_request', errors: [{ path, code: 'required', params: { unless: 'signed_in' } }] },
  )
