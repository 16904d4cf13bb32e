// Liveness and readiness.
import * as z from 'zod'
import { answer, type Route, route } from '../http/route.ts'

const healthRoute = route({
  method: 'GET',
  path: '/health',
  who: ['public'],
  tag: 'public',
  summary: 'The Worker runs and its settings are valid',
  answers: { 200: () => z.object({ status: z.literal('ok') }) },
  problems: [],
  handle: async function tellHealth() {
    return answer(200, { status: 'ok' })
  },
})

const readyRoute = route({
  method: 'GET',
  path: '/ready',
  who: ['public'],
  tag: 'public',
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
  problems: [],
  handle: async function tellReady({ deps }) {
    await Promise.all([deps.core.store.ping(), deps.users.ping()])
    return answer(200, { status: 'ready', ...deps.wiring })
  },
})

export const healthRoutes: readonly Route[] = [healthRoute, readyRoute]
