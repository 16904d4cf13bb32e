// /v1/challenges: codes for any backend, no account needed.
import * as z from 'zod'
import { checkCode } from '../../lib/codes/check.ts'
import { openChallenge } from '../../lib/codes/open.ts'
import { resendCode } from '../../lib/codes/resend.ts'
import { targetsOf } from '../../lib/codes/targets.ts'
import { viewChallenge } from '../../lib/codes/view.ts'
import { ok } from '../../lib/outcome/result.ts'
import { idempotencyOf } from '../http/idempotency.ts'
import { route } from '../http/route.ts'
import { at, channel, code, email, instant, locale, phone, status } from '../http/schemas.ts'
import { codeSends } from './sends.ts'

const id = () => z.object({ id: z.string() })
const delivery = () => z.object({ channel: channel(), message_id: z.string(), status: status() })
const sends = () =>
  z.object({
    challenge_id: z.string(),
    expires_at: instant(),
    resend_after: instant(),
    deliveries: z.array(delivery()),
  })

export const openRoute = route({
  method: 'POST',
  path: '/v1/challenges',
  who: 'service',
  summary: 'Sends a code to an address',
  body: () =>
    z.object({
      to: z
        .object({ email: email().optional(), phone: phone().optional() }, 'must name an email or a phone')
        .refine((to) => to.email !== undefined || to.phone !== undefined, 'must name an email or a phone'),
      purpose: z.string('must be text').regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be a slug such as login'),
      channels: z
        .array(channel(), 'must be a list of channels')
        .min(1, 'must name a channel')
        .max(4, 'must name at most 4 channels')
        .optional(),
      mode: z.enum(['each', 'first'], 'must be each or first').default('first'),
      locale: locale().optional(),
    }),
  answers: { 201: sends },
  async handle(call, { body }) {
    const { core } = call.deps
    const idempotency = await idempotencyOf(call.request, core.keys, call.key?.name ?? '', '/v1/challenges', body)
    if (!idempotency.ok) return idempotency
    const targets = targetsOf(core, body.to, body.channels ?? null)
    if (!targets.ok) return targets
    const opened = await openChallenge(core, {
      targets: targets.value,
      addresses: [body.to.email?.normal, body.to.phone].filter((one) => one !== undefined),
      purpose: body.purpose,
      mode: body.mode,
      locale: body.locale ?? core.policy.locale,
      audience: 'service',
      opener: 'service',
      caller: call.caller,
      idempotency: idempotency.value,
    })
    return opened.ok ? codeSends(call, opened.value, 201) : opened
  },
})

export const checkRoute = route({
  method: 'POST',
  path: '/v1/challenges/:id/check',
  who: 'holder',
  summary: 'Checks the code that was typed, or the token of the mailed link',
  params: id,
  body: () =>
    z.union(
      [z.object({ code: code() }), z.object({ token: z.string().min(1).max(200) })],
      'must be {"code": "6 to 8 digits"} or {"token": "…"}',
    ),
  answers: { 200: () => z.object({ status: z.literal('approved') }) },
  async handle(call, { params, body }) {
    const proof = 'code' in body ? { code: body.code } : { token: body.token }
    const request = { challengeId: params.id, audience: 'service', proof, caller: call.caller } as const
    const checked = await checkCode(call.deps.core, request)
    return checked.ok ? ok({ status: 200, body: { status: 'approved' }, usage: checked.value.usage }) : checked
  },
})

export const resendRoute = route({
  method: 'POST',
  path: '/v1/challenges/:id/resend',
  who: 'holder',
  summary: 'Sends the same code again',
  params: id,
  body: () => z.object({ channel: channel().optional() }),
  answers: { 202: sends },
  async handle(call, { params, body }) {
    const request = {
      challengeId: params.id,
      audience: 'service',
      channel: body.channel ?? null,
      caller: call.caller,
    } as const
    const resent = await resendCode(call.deps.core, request)
    return resent.ok ? codeSends(call, resent.value, 202) : resent
  },
})

export const viewRoute = route({
  method: 'GET',
  path: '/v1/challenges/:id',
  who: 'holder',
  summary: 'Tells where a challenge stands, never its address or code',
  params: id,
  answers: {
    200: () =>
      z.object({
        status: z.enum(['pending', 'approved', 'failed', 'expired']),
        expires_at: instant(),
        resend_after: instant(),
        deliveries: z.array(z.object({ channel: channel(), status: status() })),
      }),
  },
  async handle(call, { params }) {
    const view = await viewChallenge(call.deps.core, params.id, 'service')
    if (!view.ok) return view
    const { codeExpiresAt, resendAt, deliveries } = view.value
    const body = {
      status: view.value.status,
      expires_at: at(codeExpiresAt),
      resend_after: at(resendAt),
      deliveries: deliveries.map((one) => ({ channel: one.channel, status: one.status })),
    }
    return ok({ status: 200, body })
  },
})
