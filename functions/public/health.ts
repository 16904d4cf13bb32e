// Liveness and readiness.
import * as z from 'zod'
import type { Deps } from '../../lib/wire.ts'
import { answer, type Route, route } from '../http/route.ts'

/** Both are public: whoever asks, the adapters are asked at most this often per isolate. */
const ASKED_EVERY_MS = 1_000

interface Asked {
  at: number
  answer: Promise<unknown>
}
const storeAsked = new WeakMap<Deps, Asked>()
const allAsked = new WeakMap<Deps, Asked>()

/** One question for all who ask while it is under way, and for a second after a good answer; a bad one is not kept. */
function once(asked: WeakMap<Deps, Asked>, deps: Deps, ask: () => Promise<unknown>): Promise<unknown> {
  const now = deps.core.now()
  const known = asked.get(deps)
  if (known && now - known.at < ASKED_EVERY_MS) return known.answer
  const fresh = { at: now, answer: ask() }
  asked.set(deps, fresh)
  fresh.answer.catch(() => asked.get(deps) === fresh && asked.delete(deps))
  return fresh.answer
}

const healthRoute = route({
  method: 'GET',
  path: '/health',
  who: ['public'],
  tag: 'public',
  summary: 'The Worker runs, its settings are valid and its store can be opened; 503 when it cannot',
  answers: { 200: () => z.object({ status: z.literal('ok') }) },
  problems: [],
  handle: async function tellHealth({ deps }) {
    await once(storeAsked, deps, () => deps.core.store.ping())
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
    await once(allAsked, deps, () => Promise.all([deps.core.store.ping(), deps.users.ping()]))
    return answer(200, { status: 'ready', ...deps.wiring })
  },
})

export const healthRoutes: readonly Route[] = [healthRoute, readyRoute]
