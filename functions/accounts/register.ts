// POST /v1/auth/register: an account, its tokens, and the truth about its mail.
import * as z from 'zod'
import { register } from '../../lib/accounts/register.ts'
import { type RegistrationFields, registrationErrors } from '../../lib/accounts/registration.ts'
import { signUp } from '../../lib/accounts/sign-up.ts'
import { ok, type Result } from '../../lib/outcome/result.ts'
import { type Answer, type Call, route } from '../http/route.ts'
import { channel, locale, phone, text } from '../http/schemas.ts'
import { mailFields, mailOf, tokenFields, tokensOf, userData, userOf } from './shapes.ts'

const SENT = 'Registration successful! Please check your email for confirmation code.'
const NOT_SENT = 'Registration successful! Email confirmation will be sent shortly.'
const ASKED = 'If this address can be used, a confirmation code is on its way to it.'

export const registration = () =>
  z.object({
    username: text(),
    email: text(),
    password: text(),
    password_confirmation: text().optional(),
    phone: phone().optional(),
    locale: locale().optional(),
    channels: z.array(channel(), 'must be a list of channels').min(1, 'must name a channel').max(4).optional(),
    referral_code: text().optional(),
  })

export const registered = () =>
  z.object({
    ...tokenFields(),
    user_data: userData(),
    ...mailFields(),
    challenge_id: z.string().nullable(),
  })

export const registerRoute = route({
  method: 'POST',
  path: '/v1/auth/register',
  who: 'public',
  summary: 'Makes an account, whatever the mail does; with REGISTRATION=verified once its address is proved',
  body: registration,
  objections: registrationObjections,
  answers: { 201: registered, 202: () => z.object({ challenge_id: z.string(), message: z.string() }) },
  handle: (call, { body }) => answerRegistration(call, body),
})

/** Also for the older paths. */
export function registrationObjections(accounts: Call['accounts'], body: Record<string, unknown>) {
  const { password_confirmation: passwordConfirmation, referral_code: referralCode, ...fields } = body
  return registrationErrors(accounts, { ...fields, passwordConfirmation, referralCode })
}

export async function answerRegistration(
  call: Call,
  body: z.output<ReturnType<typeof registration>>,
): Promise<Result<Answer & { body: object }>> {
  const { password_confirmation: passwordConfirmation, referral_code: referralCode, ...rest } = body
  const fields: RegistrationFields = { ...rest, passwordConfirmation, referralCode }
  if (call.accounts.policy.registration === 'verified') {
    const asked = await signUp(call.accounts, fields, call)
    if (!asked.ok) return asked
    const { challengeId, usage } = asked.value
    return ok({ status: 202, body: { challenge_id: challengeId, message: ASKED }, usage })
  }
  const made = await register(call.accounts, fields, call)
  if (!made.ok) return made
  const { user, tokens, mail, challengeId, resendAt, usage } = made.value
  const answer = {
    ...tokensOf(tokens),
    user_data: userOf(user),
    ...mailOf(mail, resendAt, SENT, NOT_SENT),
    challenge_id: challengeId,
  }
  return ok({ status: 201, body: answer, usage })
}
