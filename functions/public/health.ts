// Liveness and readiness.
import * as z from 'zod'
import type { BreakerState } from '../../lib/ports/record.ts'
import { BREAKER_STATES } from '../../lib/rules/breaker.ts'
import { FAILURES, failureOf } from '../../lib/rules/failure.ts'
import type { Deps, Left } from '../../lib/wire.ts'
import { answer, type Route, route } from '../http/route.ts'
import { at, instant } from '../http/schemas.ts'
import { helpFor } from '../operators/help.ts'

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
        /** degraded: a provider is not asked at the moment; `providers` says which, why and what helps. */
        status: z.enum(['ready', 'degraded']),
        providers: z
          .array(
            z.object({
              name: z.string(),
              state: z.enum(BREAKER_STATES),
              code: z.string().nullable(),
              failure: z.enum(FAILURES).nullable(),
              until: instant().nullable(),
              what: z.string(),
            }),
          )
          .optional(),
        store: z.string(),
        users: z.string(),
        scheduler: z.string(),
        email: z.array(z.string()),
        /** What is still in the object, where other stores have its place; null = nothing. */
        moving: z.object({ messages: z.int(), challenges: z.int(), sessions: z.int(), accounts: z.int() }).nullable(),
      }),
  },
  problems: [],
  handle: async function tellReady({ deps }) {
    const { core } = deps
    const [breakers, moving] = (await once(allAsked, deps, () =>
      Promise.all([core.store.outbox.breakers(core.now()), deps.moving.left(), deps.users.ping()]),
    )) as [BreakerState[], Left | null, unknown]
    const rest = { ...deps.wiring, moving }
    const providers = breakers
      .filter(({ provider, state }) => state !== 'closed' && deps.wiring.email.includes(provider))
      .map(({ provider: name, state, code, openUntil }) => {
        const failure = code === null ? null : failureOf(code)
        const until = openUntil === null ? null : at(openUntil)
        return { name, state, code, failure, until, what: helpFor(failure) ?? AGAIN }
      })
    if (providers.length === 0) return answer(200, { status: 'ready', ...rest })
    return answer(200, { status: 'degraded', providers, ...rest })
  },
})

const AGAIN =
  'It failed several times in a row and is tried again by itself; messages leave through the others, or wait.'

export const healthRoutes: readonly Route[] = [healthRoute, readyRoute]
