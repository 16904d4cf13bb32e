// The cinema system's own cron and figures, under its own names.
import * as z from 'zod'
import { workQueue } from '../../lib/delivery/queue.ts'
import { answer, type Route, route } from '../http/route.ts'
import { at } from '../http/schemas.ts'
import { batchSize } from '../operators/queue.ts'

const olderProcessRoute = route({
  method: 'POST',
  path: '/api/v1/transacciones/procesar-correos',
  who: ['admin'],
  tag: 'older',
  summary: 'As /v1/admin/queue/process',
  older: true,
  body: () => z.object({ batch_size: batchSize() }),
  answers: {
    200: () =>
      z.object({ mensaje: z.string(), correos_procesados: z.int(), batch_size: z.int(), timestamp: z.string() }),
  },
  problems: [],
  handle: async function procesarCorreos({ deps: { core } }, { body }) {
    const { processed } = await workQueue(core, body.batch_size)
    return answer(200, {
      mensaje: `Se procesaron ${processed} correos`,
      correos_procesados: processed,
      batch_size: body.batch_size,
      timestamp: at(core.now()),
    })
  },
})

const olderStatsRoute = route({
  method: 'GET',
  path: '/api/v1/transacciones/estadisticas/correos',
  who: ['admin'],
  tag: 'older',
  summary: 'As /v1/admin/stats',
  older: true,
  answers: {
    200: () =>
      z.object({
        total_correos_enviados: z.int(),
        correos_prioridad_alta: z.int(),
        correos_prioridad_media: z.int(),
        correos_prioridad_baja: z.int(),
        tasa_exito: z.number().nullable(),
        tiempo_promedio_procesamiento_ms: z.number().nullable(),
        correos_en_cola: z.int(),
        correos_fallidos: z.int(),
        fecha_ultima_actualizacion: z.string(),
      }),
  },
  problems: [],
  handle: async function estadisticasCorreos({ deps: { core } }) {
    const now = core.now()
    const stats = await core.store.outbox.stats(now)
    return answer(200, {
      total_correos_enviados: stats.totalSent,
      correos_prioridad_alta: stats.byPriority.high ?? 0,
      correos_prioridad_media: stats.byPriority.medium ?? 0,
      correos_prioridad_baja: stats.byPriority.low ?? 0,
      tasa_exito: stats.successRate,
      tiempo_promedio_procesamiento_ms: stats.meanDeliveryMs,
      correos_en_cola: stats.queueDepth,
      correos_fallidos: stats.dead,
      fecha_ultima_actualizacion: at(now),
    })
  },
})

export const olderQueueRoutes: readonly Route[] = [olderProcessRoute, olderStatsRoute]
