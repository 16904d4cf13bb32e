// Paths of the older systems: their fields, our use cases. No logic of their own.
import * as z from 'zod'
import { me } from '../../lib/accounts/me.ts'
import { ok } from '../../lib/outcome/result.ts'
import { answerResend, resending } from '../accounts/codes.ts'
import { answerLogin, loggedIn } from '../accounts/login.ts'
import { answerRegistration, registered, registration, registrationObjections } from '../accounts/register.ts'
import { signedIn, userData, userOf } from '../accounts/shapes.ts'
import { route } from '../http/route.ts'
import { text } from '../http/schemas.ts'

export const registroRoute = route({
  method: 'POST',
  path: '/registro',
  who: 'public',
  summary: 'As /v1/auth/register',
  older: true,
  body: registration,
  objections: registrationObjections,
  answers: {
    201: () => z.object({ ...registered().shape, mensaje: z.string(), usuario: userData() }),
    202: () => z.object({ mensaje: z.string(), challenge_id: z.string() }),
  },
  async handle(call, { body }) {
    const made = await answerRegistration(call, body)
    if (!made.ok) return made
    const answer = made.value.body as { message: string; user_data?: unknown }
    const { message, user_data: usuario } = answer
    return ok({ ...made.value, body: { ...answer, mensaje: message, ...(usuario ? { usuario } : {}) } })
  },
})

export const olderLoginRoute = route({
  method: 'POST',
  path: '/login',
  who: 'public',
  summary: 'As /v1/auth/login',
  older: true,
  body: () => z.object({ username: text(), password: text() }),
  answers: { 200: () => z.object({ ...loggedIn().shape, token: z.string(), usuario: userData() }) },
  async handle(call, { body }) {
    const done = await answerLogin(call, body.username.trim(), body.password)
    if (!done.ok) return done
    const { access_token: token, user_data: usuario } = done.value.body
    return ok({ ...done.value, body: { ...done.value.body, token, usuario } })
  },
})

export const perfilRoute = route({
  method: 'GET',
  path: '/perfil',
  who: 'user',
  summary: 'As /v1/auth/me',
  older: true,
  answers: { 200: () => z.object({ usuario: userData() }) },
  async handle(call) {
    const found = await me(call.accounts, signedIn(call).bearer)
    return found.ok ? ok({ status: 200, body: { usuario: userOf(found.value) } }) : found
  },
})

export const olderRegisterRoute = route({
  method: 'POST',
  path: '/api/v1/usr/register',
  who: 'public',
  summary: 'As /v1/auth/register',
  older: true,
  body: registration,
  objections: registrationObjections,
  answers: { 201: registered, 202: () => z.object({ challenge_id: z.string(), message: z.string() }) },
  handle: (call, { body }) => answerRegistration(call, body),
})

export const olderResendRoute = route({
  method: 'POST',
  path: '/api/v1/usr/email/resend',
  who: 'guest',
  summary: 'As /v1/auth/resend',
  older: true,
  body: resending,
  answers: {
    202: () => z.object({ email_confirmation_sent: z.boolean(), message: z.string(), challenge_id: z.string() }),
  },
  async handle(call, { body }) {
    const resent = await answerResend(call, body)
    if (!resent.ok) return resent
    // Their frontends read the field always; to a stranger nothing may be confirmed.
    return ok({ ...resent.value, body: { email_confirmation_sent: false, ...resent.value.body } })
  },
})
