// /v1/admin/stats: what was sent, how well and how fast, and what waits.
import * as z from 'zod'
import { BREAKER_STATES } from '../../lib/rules/breaker.ts'
import { answer, type Route, route } from '../http/route.ts'
import { at, instant } from '../http/schemas.ts'

const counts = () => z.record(z.string(), z.number())

const statsRoute = route({
  method: 'GET',
  path: '/v1/admin/stats',
  who: ['admin'],
  tag: 'operators',
  summary: 'Figures: counts from the beginning, rates and times of the last 24 hours',
  answers: {
    200: () =>
      z.object({
        total_sent: z.number(),
        by_priority: counts(),
        by_channel: counts(),
        by_provider: counts(),
        success_rate: z.number().min(0).max(1).nullable(),
        mean_delivery_ms: z.number().nullable(),
        p95_delivery_ms: z.number().nullable(),
        queue_depth: z.number(),
        dead: z.number(),
        breakers: z.array(
          z.object({
            provider: z.string(),
            state: z.enum(BREAKER_STATES),
            failures: z.number(),
            open_until: instant().nullable(),
            code: z.string().nullable(),
          }),
        ),
        updated_at: instant(),
      }),
  },
  problems: [],
  handle: async function showStats({ deps: { core } }) {
    const now = core.now()
    const stats = await core.store.outbox.stats(now)
    return answer(200, {
      total_sent: stats.totalSent,
      by_priority: stats.byPriority,
      by_channel: stats.byChannel,
      by_provider: stats.byProvider,
      success_rate: stats.successRate,
      mean_delivery_ms: stats.meanDeliveryMs,
      p95_delivery_ms: stats.p95DeliveryMs,
      queue_depth: stats.queueDepth,
      dead: stats.dead,
      breakers: stats.breakers.map(({ openUntil, ...one }) => ({
        ...one,
        open_until: openUntil === null ? null : at(openUntil),
      })),
      updated_at: at(now),
    })
  },
})

export const statsRoutes: readonly Route[] = [statsRoute]
