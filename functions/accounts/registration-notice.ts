// POST /v1/users/notify-registration: welcome and operator's notice for an account made here or at Supabase.
import * as z from 'zod'
import { me } from '../../lib/accounts/me.ts'
import { notifyRegistration, type Person } from '../../lib/accounts/notify-registration.ts'
import { parseEmail } from '../../lib/names/address.ts'
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import { type Answer, type Call, route } from '../http/route.ts'
import { at, channel, instant, status } from '../http/schemas.ts'

const notified = () =>
  z.object({
    messages: z.array(z.object({ id: z.string(), channel: channel(), status: status(), due_at: instant() })),
  })

export const notifyRoute = route({
  method: 'POST',
  path: '/v1/users/notify-registration',
  who: 'person',
  summary: 'Welcomes a new user and tells the operators, once per user',
  body: () => z.object({}),
  answers: { 202: notified },
  handle: (call) => answerNotice(call),
})

export const olderNotifyRoute = route({
  method: 'POST',
  path: '/users/notify-registration',
  who: 'person',
  summary: 'As /v1/users/notify-registration',
  body: () => z.object({}),
  older: true,
  answers: { 202: notified },
  handle: (call) => answerNotice(call),
})

async function answerNotice(call: Call): Promise<Result<Answer>> {
  const person = await personOf(call)
  if (!person.ok) return person
  const told = await notifyRegistration(call.accounts, person.value, call.bearer)
  if (!told.ok) return told
  const { messages, repeated } = told.value
  return ok({
    status: 202,
    body: {
      messages: messages.map((one) => ({
        id: one.id,
        channel: one.channel,
        status: one.status,
        due_at: at(one.dueAt),
      })),
    },
    headers: repeated ? { 'Idempotency-Replayed': 'true' } : {},
  })
}

async function personOf({ accounts, bearer, supabase }: Call): Promise<Result<Person>> {
  if (supabase) {
    const { subject, email, name, locale } = supabase
    return ok({ subject: `supabase:${subject}`, email: email ? parseEmail(email) : null, name, locale })
  }
  if (!bearer) return refuse({ code: 'unauthorized' })
  const found = await me(accounts, bearer)
  if (!found.ok) return found
  const { id, email, username, locale } = found.value
  return ok({ subject: `posta:${id}`, email, name: username.typed, locale })
}
