// /v1/challenges: codes for any backend, no account needed.
import * as z from 'zod'
import { checkCode } from '../../lib/codes/check.ts'
import { openChallenge } from '../../lib/codes/open.ts'
import { resendCode } from '../../lib/codes/resend.ts'
import { viewChallenge } from '../../lib/codes/view.ts'
import { targetsOf } from '../../lib/delivery/targets.ts'
import { CHALLENGE_STATUSES } from '../../lib/rules/challenge.ts'
import { idempotencyOf } from '../http/idempotency.ts'
import { answer, type Route, route } from '../http/route.ts'
import {
  at,
  channel,
  code,
  email,
  idInPath,
  instant,
  locale,
  missing,
  phone,
  sentBy,
  status,
  text,
  token,
  wrong,
} from '../http/schemas.ts'
import { codeSends, sends } from './sends.ts'

const openRoute = route({
  method: 'POST',
  path: '/v1/challenges',
  who: ['service'],
  tag: 'codes',
  summary: 'Sends a code to an address',
  body: () =>
    z.object({
      to: z
        .object({ email: email().optional(), phone: phone().optional() })
        .refine((to) => to.email !== undefined || to.phone !== undefined, {
          message: wrong('required'),
          params: { one_of: ['email', 'phone'] },
        }),
      purpose: text().regex(/^[a-z][a-z0-9_-]{0,31}$/, wrong('not_slug')),
      channels: z.array(channel()).min(1).max(4).optional(),
      mode: z.enum(['each', 'first']).default('first'),
      locale: locale().optional(),
    }),
  answers: { 201: sends },
  problems: ['invalid_idempotency_key', 'idempotency_mismatch', 'too_many_sends', 'too_many_requests'],
  handle: async function openCode(context, { body }) {
    const { core } = context.deps
    const idempotency = await idempotencyOf(context, '/v1/challenges', body)
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
      caller: context.caller,
      idempotency: idempotency.value,
    })
    return opened.ok ? codeSends(context, opened.value, 201) : opened
  },
})

const checkRoute = route({
  method: 'POST',
  path: '/v1/challenges/:id/check',
  who: ['holder'],
  tag: 'codes',
  summary: 'Checks the code that was typed, or the token of the mailed link',
  params: idInPath,
  body: () =>
    z
      .object({ code: code().optional(), token: token().optional() })
      .refine((body) => (body.code === undefined) !== (body.token === undefined), missing('code', { or: 'token' })),
  answers: { 200: () => z.object({ status: z.literal('approved') }) },
  problems: ['code_invalid', 'challenge_over', 'code_locked', 'too_many_requests'],
  handle: async function checkTyped(context, { params, body }) {
    const proof = body.token === undefined ? { code: body.code ?? '' } : { token: body.token }
    const request = { challengeId: params.id, audience: 'service', proof, caller: context.caller } as const
    const checked = await checkCode(context.deps.core, request)
    return checked.ok ? answer(200, { status: 'approved' }, { usage: checked.value.usage }) : checked
  },
})

const checkLinkRoute = route({
  method: 'POST',
  path: '/v1/challenges/check',
  who: ['holder'],
  tag: 'codes',
  summary: 'Checks the token of a mailed link, which names its challenge',
  body: () => z.object({ token: token() }),
  answers: { 200: () => z.object({ status: z.literal('approved') }) },
  problems: ['code_invalid', 'challenge_over', 'too_many_requests'],
  handle: async function checkLink(context, { body }) {
    const request = { challengeId: null, audience: 'service', proof: body, caller: context.caller } as const
    const checked = await checkCode(context.deps.core, request)
    return checked.ok ? answer(200, { status: 'approved' }, { usage: checked.value.usage }) : checked
  },
})

const resendRoute = route({
  method: 'POST',
  path: '/v1/challenges/:id/resend',
  who: ['holder'],
  tag: 'codes',
  summary: 'Sends the same code again',
  params: idInPath,
  body: () => z.object({ channel: channel().optional() }),
  answers: { 202: sends },
  problems: ['challenge_over', 'too_many_sends', 'too_many_requests'],
  handle: async function resendToHolder(context, { params, body }) {
    const request = {
      challengeId: params.id,
      audience: 'service',
      channel: body.channel ?? null,
      caller: context.caller,
    } as const
    const resent = await resendCode(context.deps.core, request)
    return resent.ok ? codeSends(context, resent.value, 202) : resent
  },
})

const viewRoute = route({
  method: 'GET',
  path: '/v1/challenges/:id',
  who: ['holder'],
  tag: 'codes',
  summary: 'Tells where a challenge stands, never its address or code',
  params: idInPath,
  answers: {
    200: () =>
      z.object({
        status: z.enum(CHALLENGE_STATUSES),
        expires_at: instant(),
        resend_after: instant(),
        deliveries: z.array(z.object({ channel: sentBy(), status: status() })),
      }),
  },
  problems: [],
  handle: async function showChallenge(context, { params }) {
    const view = await viewChallenge(context.deps.core, params.id, 'service')
    if (!view.ok) return view
    const { codeExpiresAt, resendAt, deliveries } = view.value
    const body = {
      status: view.value.status,
      expires_at: at(codeExpiresAt),
      resend_after: at(resendAt),
      deliveries: deliveries.map((one) => ({ channel: one.channel, status: one.status })),
    }
    return answer(200, body)
  },
})

export const challengeRoutes: readonly Route[] = [openRoute, checkRoute, checkLinkRoute, resendRoute, viewRoute]
