// POST /v1/users/notify-registration: welcome and operator's notice for an account made here or at Supabase.
import * as z from 'zod'
import { notifyFor } from '../../lib/accounts/notify-registration.ts'
import { replayed } from '../http/idempotency.ts'
import { answer, type Context, type Route, route } from '../http/route.ts'
import { at, instant, sentBy, status } from '../http/schemas.ts'

const notified = () =>
  z.object({
    messages: z.array(z.object({ id: z.string(), channel: sentBy(), status: status(), due_at: instant() })),
  })

const notifyRoute = route({
  method: 'POST',
  path: '/v1/users/notify-registration',
  who: ['user', 'supabase'],
  tag: 'accounts',
  summary: 'Welcomes a new user and tells the operators, once per user',
  body: () => z.object({}),
  answers: { 202: notified },
  problems: ['too_many_requests', 'too_many_sends', 'idempotency_mismatch'],
  handle: answerNotice,
})

const olderNotifyRoute = route({
  method: 'POST',
  path: '/users/notify-registration',
  who: ['user', 'supabase'],
  tag: 'accounts',
  summary: 'As /v1/users/notify-registration',
  body: () => z.object({}),
  older: true,
  answers: { 202: notified },
  problems: ['too_many_requests', 'too_many_sends', 'idempotency_mismatch'],
  handle: answerNotice,
})

/** Also for the older path. */
async function answerNotice(context: Context) {
  const asked = await notifyFor(context.accounts, context)
  if (!asked.ok) return asked
  const { messages, repeated } = asked.value
  const rows = messages.map(({ id, channel, status, dueAt }) => ({ id, channel, status, due_at: at(dueAt) }))
  return answer(202, { messages: rows }, { headers: replayed(repeated) })
}

export const noticeRoutes: readonly Route[] = [notifyRoute, olderNotifyRoute]
