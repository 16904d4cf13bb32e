// /v1/auth: codes and links of accounts: verify, resend, recover, reset.
import * as z from 'zod'
import { newPasswordErrors, reset } from '../../lib/accounts/new-password.ts'
import { recover } from '../../lib/accounts/recover.ts'
import { resend, signedInOnly } from '../../lib/accounts/resend.ts'
import { type Proof, verify } from '../../lib/accounts/verify.ts'
import { answer, type Context, type Read, type Route, route } from '../http/route.ts'
import { at, channel, code, email, instant, missing, pasted, sentBy, text, token } from '../http/schemas.ts'
import { mailFields, mailOf } from './shapes.ts'

const SENT = 'Please check your email for confirmation code.'
const NOT_SENT = 'Email confirmation will be sent shortly.'
const MAYBE_SENT = 'If this address has an account that waits for its confirmation, a code is on its way to it.'
const MAYBE_RECOVERED = 'If this address has an account, a code to choose a new password is on its way to it.'

const challengeId = () => pasted().max(64)

const verifyRoute = route({
  method: 'POST',
  path: '/v1/auth/verify',
  who: ['user', 'public'],
  tag: 'accounts',
  summary: 'Proves an address by its code, or by the token of the mailed link',
  body: () =>
    z
      .object({ challenge_id: challengeId().optional(), code: code().optional(), token: token().optional() })
      .refine((body) => (body.code === undefined) !== (body.token === undefined), missing('code', { or: 'token' })),
  answers: { 200: () => z.object({ verified: z.literal(true), channel: sentBy() }) },
  problems: ['code_invalid', 'challenge_over', 'code_locked', 'too_many_requests', 'email_taken', 'username_taken'],
  handle: async function verifyAddress(context, { body }) {
    if (!context.bearer && body.code !== undefined && body.challenge_id === undefined) {
      return signedInOnly('challenge_id', context.tokenSent)
    }
    const proved = await verify(context.accounts, proofOf(body), context)
    if (!proved.ok) return proved
    const { channel, usage } = proved.value
    return answer(200, { verified: true, channel }, { usage })
  },
})

interface Typed {
  challenge_id?: string | undefined
  code?: string | undefined
  token?: string | undefined
}

function proofOf(body: Typed): Proof {
  if (body.token !== undefined) return { token: body.token }
  const typed = { code: body.code ?? '' }
  return body.challenge_id === undefined ? typed : { ...typed, challengeId: body.challenge_id }
}

export const resending = () =>
  z.object({ email: email().optional(), challenge_id: challengeId().optional(), channel: channel().optional() })

/** To its person the truth about the mail, to anybody else the same always. */
export const resent = () =>
  z.object({
    ...z.object(mailFields()).partial().shape,
    message: z.string(),
    challenge_id: z.string(),
    resend_after: instant(),
  })

const resendMailRoute = route({
  method: 'POST',
  path: '/v1/auth/resend',
  who: ['user', 'public'],
  tag: 'accounts',
  summary: 'Sends the code again: the truth to its signed-in user, the same answer always to anybody else',
  body: resending,
  answers: { 202: resent },
  problems: ['already_verified', 'too_many_sends', 'too_many_requests', 'challenge_over'],
  handle: async function resendMail(context, { body }) {
    return answerResend(context, body)
  },
})

/** Also for the older path. */
export async function answerResend(context: Context, body: Read<typeof resending>) {
  const asked = { email: body.email, challengeId: body.challenge_id, channel: body.channel }
  const sent = await resend(context.accounts, asked, context)
  if (!sent.ok) return sent
  if (sent.value.kind === 'anybody') {
    const { challengeId: id, resendAt, usage } = sent.value
    return answer(202, { message: MAYBE_SENT, challenge_id: id, resend_after: at(resendAt) }, { usage })
  }
  const { mail, sends } = sent.value
  const told = mailOf(mail, context.locale, SENT, NOT_SENT)
  const about = { challenge_id: sends.challengeId, resend_after: at(mail.resendAt) }
  return answer(202, { ...told, ...about }, { usage: sends.usage })
}

const recoverRoute = route({
  method: 'POST',
  path: '/v1/auth/recover',
  who: ['public'],
  tag: 'accounts',
  summary: 'Mails a code to choose a new password with; the answer never tells whether there is an account',
  body: () => z.object({ email: email() }),
  answers: { 202: () => z.object({ challenge_id: z.string(), message: z.string(), resend_after: instant() }) },
  problems: ['too_many_requests'],
  handle: async function recoverAccount(context, { body }) {
    const asked = await recover(context.accounts, body.email, context)
    if (!asked.ok) return asked
    const { challengeId: id, resendAt, usage } = asked.value
    return answer(202, { challenge_id: id, message: MAYBE_RECOVERED, resend_after: at(resendAt) }, { usage })
  },
})

const resetRoute = route({
  method: 'POST',
  path: '/v1/auth/reset',
  who: ['public'],
  tag: 'accounts',
  summary: 'Chooses a new password by the code or link of a recovery; every session ends',
  body: () =>
    z
      .object({
        challenge_id: challengeId().optional(),
        code: code().optional(),
        token: token().optional(),
        new_password: text(),
      })
      .refine((body) => (body.code === undefined) !== (body.token === undefined), missing('code', { or: 'token' }))
      .refine(
        (body) => body.code === undefined || body.challenge_id !== undefined,
        missing('challenge_id', { with: 'code' }),
      ),
  objections: (accounts, body) =>
    typeof body.new_password === 'string' ? newPasswordErrors(accounts, body.new_password, null) : [],
  answers: { 204: null },
  problems: ['code_invalid', 'challenge_over', 'code_locked', 'too_many_requests'],
  handle: async function resetPassword(context, { body }) {
    const proof = body.token === undefined ? { code: body.code ?? '' } : { token: body.token }
    const request = {
      challengeId: body.token === undefined ? (body.challenge_id ?? null) : null,
      proof,
      newPassword: body.new_password,
    }
    const chosen = await reset(context.accounts, request, context)
    return chosen.ok ? answer(204, undefined, { usage: chosen.value.usage }) : chosen
  },
})

export const codeRoutes: readonly Route[] = [verifyRoute, resendMailRoute, recoverRoute, resetRoute]
