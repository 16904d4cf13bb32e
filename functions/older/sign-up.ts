// Paths of the older systems: their fields, our use cases. No logic of their own.
import * as z from 'zod'
import { me } from '../../lib/accounts/me.ts'
import { answerResend, resending, resent as resentMail } from '../accounts/codes.ts'
import { answerLogin, loggedIn } from '../accounts/login.ts'
import { answerRegistration, asked, registered, registration, registrationObjections } from '../accounts/register.ts'
import { signedIn, userData, userOf } from '../accounts/shapes.ts'
import { answer, type Route, route } from '../http/route.ts'
import { text, typed } from '../http/schemas.ts'

const registroRoute = route({
  method: 'POST',
  path: '/registro',
  who: ['public'],
  tag: 'older',
  summary: 'As /v1/auth/register',
  older: true,
  body: registration,
  objections: registrationObjections,
  answers: {
    201: () => z.object({ ...registered().shape, mensaje: z.string(), usuario: userData() }),
    202: () => z.object({ ...asked().shape, mensaje: z.string() }),
  },
  problems: ['username_taken', 'email_taken', 'too_many_requests', 'too_many_sends'],
  handle: async function registrar(context, { body }) {
    const made = await answerRegistration(context, body)
    if (!made.ok) return made
    const { status, body: told, ...beside } = made.value
    if (status === 202) return answer(202, { ...told, mensaje: told.message }, beside)
    return answer(201, { ...told, mensaje: told.message, usuario: told.user_data }, beside)
  },
})

const olderLoginRoute = route({
  method: 'POST',
  path: '/login',
  who: ['public'],
  tag: 'older',
  summary: 'As /v1/auth/login',
  older: true,
  body: () => z.object({ username: typed(), password: text() }),
  answers: { 200: () => z.object({ ...loggedIn().shape, token: z.string(), usuario: userData() }) },
  problems: ['invalid_credentials', 'too_many_requests'],
  handle: async function logInOlder(context, { body }) {
    const entered = await answerLogin(context, body.username, body.password)
    if (!entered.ok) return entered
    const { body: told, ...beside } = entered.value
    return answer(200, { ...told, token: told.access_token, usuario: told.user_data }, beside)
  },
})

const perfilRoute = route({
  method: 'GET',
  path: '/perfil',
  who: ['user'],
  tag: 'older',
  summary: 'As /v1/auth/me',
  older: true,
  answers: { 200: () => z.object({ usuario: userData() }) },
  problems: [],
  handle: async function mostrarPerfil(context) {
    const found = await me(context.accounts, signedIn(context).bearer)
    return found.ok ? answer(200, { usuario: userOf(found.value) }) : found
  },
})

const olderRegisterRoute = route({
  method: 'POST',
  path: '/api/v1/usr/register',
  who: ['public'],
  tag: 'older',
  summary: 'As /v1/auth/register',
  older: true,
  body: registration,
  objections: registrationObjections,
  answers: { 201: registered, 202: asked },
  problems: ['username_taken', 'email_taken', 'too_many_requests', 'too_many_sends'],
  handle: async function registerOlder(context, { body }) {
    return answerRegistration(context, body)
  },
})

const olderResendRoute = route({
  method: 'POST',
  path: '/api/v1/usr/email/resend',
  who: ['user', 'public'],
  tag: 'older',
  summary: 'As /v1/auth/resend',
  older: true,
  body: resending,
  answers: {
    202: () => z.object({ ...resentMail().shape, email_confirmation_sent: z.boolean() }),
  },
  problems: ['already_verified', 'too_many_sends', 'too_many_requests', 'challenge_over'],
  handle: async function resendOlder(context, { body }) {
    const resent = await answerResend(context, body)
    if (!resent.ok) return resent
    const { body: told, ...beside } = resent.value
    // Their frontends read the field always; to a stranger nothing may be confirmed.
    return answer(202, { email_confirmation_sent: false, ...told }, beside)
  },
})

export const olderRoutes: readonly Route[] = [
  registroRoute,
  olderLoginRoute,
  perfilRoute,
  olderRegisterRoute,
  olderResendRoute,
]
