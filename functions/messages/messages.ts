// /v1/messages: the record of a message.
import * as z from 'zod'
import { readMessage } from '../../lib/delivery/read.ts'
import { OUTCOMES } from '../../lib/rules/status.ts'
import { answer, type Route, route } from '../http/route.ts'
import { at, idInPath, instant, priority, sentBy, status } from '../http/schemas.ts'

const attempt = () =>
  z.object({
    provider: z.string(),
    at: instant(),
    outcome: z.enum(OUTCOMES),
    code: z.string().nullable(),
    duration_ms: z.number(),
  })

const messageRoute = route({
  method: 'GET',
  path: '/v1/messages/:id',
  who: ['service', 'admin'],
  tag: 'messages',
  summary: 'The record of a message: status, attempts and events, never address or body',
  params: idInPath,
  answers: {
    200: () =>
      z.object({
        id: z.string(),
        template: z.string(),
        channel: sentBy(),
        priority: priority(),
        status: status(),
        due_at: instant(),
        to_masked: z.string().nullable(),
        ambiguous: z.boolean(),
        attempts: z.array(attempt()),
        events: z.array(z.object({ at: instant(), type: z.string(), provider: z.string().nullable() })),
      }),
  },
  problems: [],
  handle: async function showMessage(context, { params }) {
    const found = await readMessage(context.deps.core, params.id)
    if (!found.ok) return found
    const { record, toMasked } = found.value
    const body = {
      id: record.id,
      template: record.template,
      channel: record.channel,
      priority: record.priority,
      status: record.status,
      due_at: at(record.dueAt),
      to_masked: toMasked,
      ambiguous: record.ambiguous,
      attempts: record.attempts.map(({ durationMs, ...one }) => ({ ...one, at: at(one.at), duration_ms: durationMs })),
      events: record.events.map((one) => ({ at: at(one.at), type: one.type, provider: one.provider })),
    }
    return answer(200, body)
  },
})

export const messageRoutes: readonly Route[] = [messageRoute]
