// Liveness and readiness.
import * as z from 'zod'
import { ok } from '../../lib/outcome/result.ts'
import { route } from '../http/route.ts'

export const healthRoute = route({
  method: 'GET',
  path: '/health',
  who: 'public',
  summary: 'The Worker runs and its settings are valid',
  answers: { 200: () => z.object({ status: z.literal('ok') }) },
  handle: async () => ok({ status: 200, body: { status: 'ok' } }),
})

export const readyRoute = route({
  method: 'GET',
  path: '/ready',
  who: 'public',
  summary: 'Store and accounts answer; 503 when one does not',
  answers: {
    200: () =>
      z.object({
        status: z.literal('ready'),
        store: z.string(),
        users: z.string(),
        scheduler: z.string(),
        email: z.array(z.string()),
      }),
  },
  async handle({ deps }) {
    await Promise.all([deps.core.store.ping(), deps.users.ping()])
    return ok({ status: 200, body: { status: 'ready', ...deps.wiring } })
  },
})
