// /v1/auth/me: the account as its person sees and changes it.
import * as z from 'zod'
import { changeErrors, changeMe, me } from '../../lib/accounts/me.ts'
import { changePassword } from '../../lib/accounts/new-password.ts'
import { answer, type Route, route } from '../http/route.ts'
import { at, instant, locale, phone, text } from '../http/schemas.ts'
import { mailFields, mailOf, signedIn, userData, userOf } from './shapes.ts'

const SENT = 'Please check the new address for a confirmation code. It takes effect once it is confirmed.'
const NOT_SENT = 'The confirmation code of the new address will be sent shortly. It takes effect once it is confirmed.'

const meRoute = route({
  method: 'GET',
  path: '/v1/auth/me',
  who: ['user'],
  tag: 'accounts',
  summary: 'The signed-in user',
  answers: { 200: () => z.object({ user_data: userData() }) },
  problems: [],
  handle: async function showMe(context) {
    const found = await me(context.accounts, signedIn(context).bearer)
    return found.ok ? answer(200, { user_data: userOf(found.value) }) : found
  },
})

const changeMeRoute = route({
  method: 'PATCH',
  path: '/v1/auth/me',
  who: ['user'],
  tag: 'accounts',
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
  problems: ['username_taken', 'email_taken', 'invalid_credentials', 'too_many_requests', 'too_many_sends'],
  handle: async function changeAccount(context, { body }) {
    const { current_password: currentPassword, ...fields } = body
    const changed = await changeMe(context.accounts, { ...fields, currentPassword }, signedIn(context))
    if (!changed.ok) return changed
    const { user, pending } = changed.value
    const told = { user_data: userOf(user) }
    if (!pending) return answer(200, told)
    const { mail, sends } = pending
    const about = { challenge_id: sends.challengeId, resend_after: at(mail.resendAt) }
    const { usage } = sends
    return answer(200, { ...told, ...mailOf(mail, context.locale, SENT, NOT_SENT), ...about }, { usage })
  },
})

const passwordRoute = route({
  method: 'POST',
  path: '/v1/auth/password',
  who: ['user'],
  tag: 'accounts',
  summary: 'Changes the password; every other session ends',
  body: () => z.object({ current_password: text(), new_password: text() }),
  answers: { 204: null },
  problems: ['invalid_credentials', 'too_many_requests'],
  handle: async function choosePassword(context, { body }) {
    const change = { currentPassword: body.current_password, newPassword: body.new_password }
    const changed = await changePassword(context.accounts, change, signedIn(context))
    return changed.ok ? answer(204, undefined, { usage: changed.value.usage }) : changed
  },
})

export const accountRoutes: readonly Route[] = [meRoute, changeMeRoute, passwordRoute]
