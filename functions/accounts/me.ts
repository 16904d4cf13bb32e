// /v1/auth/me: the account as its person sees and changes it.
import * as z from 'zod'
import { changeErrors, changeMe, me } from '../../lib/accounts/me.ts'
import { changePassword } from '../../lib/accounts/new-password.ts'
import { ok } from '../../lib/outcome/result.ts'
import { route } from '../http/route.ts'
import { at, instant, locale, phone, text } from '../http/schemas.ts'
import { mailFields, mailOf, signedIn, userData, userOf } from './shapes.ts'

const SENT = 'Please check the new address for a confirmation code. It takes effect once it is confirmed.'
const NOT_SENT = 'The confirmation code of the new address will be sent shortly. It takes effect once it is confirmed.'

export const meRoute = route({
  method: 'GET',
  path: '/v1/auth/me',
  who: 'user',
  summary: 'The signed-in user',
  answers: { 200: () => z.object({ user_data: userData() }) },
  async handle(call) {
    const found = await me(call.accounts, signedIn(call).bearer)
    return found.ok ? ok({ status: 200, body: { user_data: userOf(found.value) } }) : found
  },
})

export const changeMeRoute = route({
  method: 'PATCH',
  path: '/v1/auth/me',
  who: 'user',
  summary: 'Changes locale and user name at once; an address, with the password, once the new one is verified',
  body: () =>
    z.object({
      locale: locale().optional(),
      username: text().optional(),
      email: text().optional(),
      phone: phone().optional(),
      current_password: text().optional(),
    }),
  objections: (accounts, { current_password: currentPassword, ...fields }) =>
    changeErrors(accounts, { ...fields, currentPassword }),
  answers: {
    200: () =>
      z.object({
        user_data: userData(),
        ...z.object(mailFields()).partial().shape,
        challenge_id: z.string().optional(),
        resend_after: instant().optional(),
      }),
  },
  async handle(call, { body }) {
    const { current_password: currentPassword, ...fields } = body
    const changed = await changeMe(call.accounts, { ...fields, currentPassword }, signedIn(call))
    if (!changed.ok) return changed
    const { user, pending } = changed.value
    const answer = { user_data: userOf(user) }
    if (!pending) return ok({ status: 200, body: answer })
    const { challengeId, resendAt, usage } = pending.sends
    const about = { challenge_id: challengeId, resend_after: at(resendAt) }
    return ok({ status: 200, body: { ...answer, ...mailOf(pending.mail, resendAt, SENT, NOT_SENT), ...about }, usage })
  },
})

export const passwordRoute = route({
  method: 'POST',
  path: '/v1/auth/password',
  who: 'user',
  summary: 'Changes the password; every other session ends',
  body: () => z.object({ current_password: text(), new_password: text() }),
  answers: { 204: null },
  async handle(call, { body }) {
    const change = { currentPassword: body.current_password, newPassword: body.new_password }
    const changed = await changePassword(call.accounts, change, signedIn(call))
    return changed.ok ? ok({ status: 204, usage: changed.value.usage }) : changed
  },
})
