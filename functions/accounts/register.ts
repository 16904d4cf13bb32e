// POST /v1/auth/register: an account, its tokens, and the truth about its mail.
import * as z from 'zod'
import { join } from '../../lib/accounts/join.ts'
import { registrationErrors } from '../../lib/accounts/registration.ts'
import { answer, type Context, type Read, type Route, route } from '../http/route.ts'
import { channel, locale, phone, text } from '../http/schemas.ts'
import { mailFields, mailOf, tokenFields, toldTokens, userData, userOf } from './shapes.ts'

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
    channels: z.array(channel()).min(1).max(4).optional(),
    referral_code: text().optional(),
  })

export const registered = () =>
  z.object({
    ...tokenFields(),
    user_data: userData(),
    ...mailFields(),
    challenge_id: z.string().nullable(),
  })

/** With REGISTRATION=verified, for a free address and for a taken one. */
export const asked = () => z.object({ challenge_id: z.string(), message: z.string() })

const registerRoute = route({
  method: 'POST',
  path: '/v1/auth/register',
  who: ['public'],
  tag: 'accounts',
  summary: 'Makes an account, whatever the mail does; with REGISTRATION=verified once its address is proved',
  body: registration,
  objections: registrationObjections,
  answers: { 201: registered, 202: asked },
  problems: ['username_taken', 'email_taken', 'too_many_requests', 'too_many_sends'],
  handle: async function registerAccount(context, { body }) {
    return answerRegistration(context, body)
  },
})

/** Also for the older paths. */
export function registrationObjections(accounts: Context['accounts'], body: Record<string, unknown>) {
  const { password_confirmation: passwordConfirmation, referral_code: referralCode, ...fields } = body
  return registrationErrors(accounts, { ...fields, passwordConfirmation, referralCode })
}

/** Also for the older paths. */
export async function answerRegistration(context: Context, body: Read<typeof registration>) {
  const { password_confirmation: passwordConfirmation, referral_code: referralCode, ...rest } = body
  const joined = await join(context.accounts, { ...rest, passwordConfirmation, referralCode }, context)
  if (!joined.ok) return joined
  const { usage } = joined.value
  if (joined.value.kind === 'asked') {
    return answer(202, { challenge_id: joined.value.challengeId, message: ASKED }, { usage })
  }
  const { user, tokens, mail, challengeId } = joined.value
  const told = {
    ...toldTokens(tokens),
    user_data: userOf(user),
    ...mailOf(mail, context.locale, SENT, NOT_SENT),
    challenge_id: challengeId,
  }
  return answer(201, told, { usage })
}

export const registerRoutes: readonly Route[] = [registerRoute]
