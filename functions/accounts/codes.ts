// /v1/auth: codes and links of accounts: verify, resend, recover, reset.
import * as z from 'zod'
import { newPasswordErrors, reset } from '../../lib/accounts/new-password.ts'
import { recover, resendAnonymous, resendHeld } from '../../lib/accounts/recover.ts'
import { resendOwn } from '../../lib/accounts/resend-own.ts'
import { type Proof, verify } from '../../lib/accounts/verify.ts'
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import { type Answer, type Call, route } from '../http/route.ts'
import { at, channel, code, email, instant, isObject, text } from '../http/schemas.ts'
import { mailFields, mailOf, missing, signedIn } from './shapes.ts'

const SENT = 'Please check your email for confirmation code.'
const NOT_SENT = 'Email confirmation will be sent shortly.'
const MAYBE_SENT = 'If this address has an account that waits for its confirmation, a code is on its way to it.'
const MAYBE_RECOVERED = 'If this address has an account, a code to choose a new password is on its way to it.'

const challengeId = () => text().max(64)
const token = () => text().min(1, 'is required').max(200)

export const verifyRoute = route({
  method: 'POST',
  path: '/v1/auth/verify',
  who: 'guest',
  summary: 'Proves an address by its code, or by the token of the mailed link',
  body: () =>
    z
      .object({ challenge_id: challengeId().optional(), code: code().optional(), token: token().optional() })
      .refine((body) => (body.code === undefined) !== (body.token === undefined), {
        path: ['code'],
        message: 'is required, or token in its place',
        when: isObject,
      }),
  answers: { 200: () => z.object({ verified: z.literal(true), channel: channel() }) },
  async handle(call, { body }) {
    const { accounts, caller, origin, bearer } = call
    if (!bearer && body.code !== undefined && body.challenge_id === undefined) return missing(call, 'challenge_id')
    const proved = await verify(accounts, proofOf(body), { caller, origin, bearer })
    if (!proved.ok) return proved
    const { usage } = proved.value
    return ok({ status: 200, body: { verified: true, channel: proved.value.channel }, usage })
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

export const resendMailRoute = route({
  method: 'POST',
  path: '/v1/auth/resend',
  who: 'guest',
  summary: 'Sends the code again: the truth to its signed-in user, the same answer always to anybody else',
  body: resending,
  answers: {
    202: () =>
      z.object({
        ...z.object(mailFields()).partial().shape,
        message: z.string(),
        challenge_id: z.string(),
        resend_after: instant(),
      }),
  },
  handle: (call, { body }) => answerResend(call, body),
})

export async function answerResend(
  call: Call,
  body: z.output<ReturnType<typeof resending>>,
): Promise<Result<Answer & { body: object }>> {
  const own = call.bearer ? await resendOwn(call.accounts, body.channel ?? null, signedIn(call)) : null
  // A session that has ended is nobody's: what anybody may ask is answered all the same.
  const isOver = own?.ok === false && own.refusal.code === 'unauthorized' && (body.email || body.challenge_id)
  if (own && !own.ok && !isOver) return own
  if (own?.ok) {
    const { challengeId: id, resendAt, usage } = own.value.sends
    const told = mailOf(own.value.mail, resendAt, SENT, NOT_SENT)
    return ok({ status: 202, body: { ...told, challenge_id: id, resend_after: at(resendAt) }, usage })
  }
  if (body.channel !== undefined && body.channel !== 'email') {
    const message = 'must be email, unless you are signed in'
    return refuse({ code: 'invalid_request', errors: [{ path: 'channel', message }] })
  }
  const asked = await askedAnonymously(call, body)
  if (!asked) return missing(call, 'email')
  if (!asked.ok) return asked
  const { challengeId: id, resendAt, usage } = asked.value
  return ok({ status: 202, body: { message: MAYBE_SENT, challenge_id: id, resend_after: at(resendAt) }, usage })
}

function askedAnonymously(call: Call, body: z.output<ReturnType<typeof resending>>) {
  if (body.challenge_id !== undefined) return resendHeld(call.accounts, body.challenge_id, call)
  return body.email ? resendAnonymous(call.accounts, body.email, call) : null
}

export const recoverRoute = route({
  method: 'POST',
  path: '/v1/auth/recover',
  who: 'public',
  summary: 'Mails a code to choose a new password with; the answer never tells whether there is an account',
  body: () => z.object({ email: email() }),
  answers: { 202: () => z.object({ challenge_id: z.string(), message: z.string(), resend_after: instant() }) },
  async handle(call, { body }) {
    const asked = await recover(call.accounts, body.email, call)
    if (!asked.ok) return asked
    const { challengeId: id, resendAt, usage } = asked.value
    return ok({ status: 202, body: { challenge_id: id, message: MAYBE_RECOVERED, resend_after: at(resendAt) }, usage })
  },
})

export const resetRoute = route({
  method: 'POST',
  path: '/v1/auth/reset',
  who: 'public',
  summary: 'Chooses a new password by the code or link of a recovery; every session ends',
  body: () =>
    z
      .object({
        challenge_id: challengeId().optional(),
        code: code().optional(),
        token: token().optional(),
        new_password: text(),
      })
      .refine((body) => (body.code === undefined) !== (body.token === undefined), {
        path: ['code'],
        message: 'is required, or token in its place',
        when: isObject,
      })
      .refine((body) => body.code === undefined || body.challenge_id !== undefined, {
        path: ['challenge_id'],
        message: 'is required with code',
        when: isObject,
      }),
  objections: (accounts, body) =>
    typeof body.new_password === 'string' ? newPasswordErrors(accounts, body.new_password, null) : [],
  answers: { 204: null },
  async handle(call, { body }) {
    const proof = body.token === undefined ? { code: body.code ?? '' } : { token: body.token }
    const request = {
      challengeId: body.token === undefined ? (body.challenge_id ?? null) : null,
      proof,
      newPassword: body.new_password,
    }
    const done = await reset(call.accounts, request, call)
    return done.ok ? ok({ status: 204, usage: done.value.usage }) : done
  },
})
