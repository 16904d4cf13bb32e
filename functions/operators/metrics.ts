// GET /metrics: figures for Prometheus, in its text format.

import type { Stats } from '../../lib/ports/record.ts'
import { BREAKER_STATES } from '../../lib/rules/breaker.ts'
import { answer, type Route, route } from '../http/route.ts'

const metricsRoute = route({
  method: 'GET',
  path: '/metrics',
  who: ['admin'],
  tag: 'operators',
  summary: 'Counters and gauges in the text format of Prometheus',
  answers: { 200: 'file' },
  problems: [],
  handle: async function showMetrics({ deps: { core } }) {
    const stats = await core.store.outbox.stats(core.now())
    return answer(200, { bytes: metricsOf(stats), contentType: 'text/plain; version=0.0.4; charset=utf-8' })
  },
})

type Sample = [labels: Record<string, string>, value: number]

/** No label holds what a caller can make up: names of providers, channels and priorities are all there are. */
function metricsOf(stats: Stats): string {
  const by = (label: string, counts: Record<string, number>): Sample[] =>
    Object.entries(counts).map(([name, n]) => [{ [label]: name }, n])
  return [
    metric('posta_sent_total', 'counter', 'Messages that a provider took', [[{}, stats.totalSent]]),
    metric('posta_failed_total', 'counter', 'Messages that ended failed or in doubt', [[{}, stats.totalFailed]]),
    metric('posta_sent_by_provider_total', 'counter', 'The same by provider', by('provider', stats.byProvider)),
    metric('posta_sent_by_channel_total', 'counter', 'The same by channel', by('channel', stats.byChannel)),
    metric('posta_sent_by_priority_total', 'counter', 'The same by priority', by('priority', stats.byPriority)),
    metric('posta_queue_depth', 'gauge', 'Messages that are still to leave', [[{}, stats.queueDepth]]),
    metric('posta_dead_letters', 'gauge', 'Messages that nobody tries any more', [[{}, stats.dead]]),
    metric(
      'posta_swept_timestamp_seconds',
      'gauge',
      'When the sweeper, which the cron starts, last ran',
      seconds(stats.sweptAt),
    ),
    metric('posta_delivery_seconds_mean', 'gauge', 'From due to taken, last 24 hours', seconds(stats.meanDeliveryMs)),
    metric('posta_delivery_seconds_p95', 'gauge', 'The same, 95th percentile', seconds(stats.p95DeliveryMs)),
    metric('posta_success_ratio', 'gauge', 'Taken of all that ended, last 24 hours', given(stats.successRate)),
    metric(
      'posta_breaker_state',
      'gauge',
      'A breaker that remembers something: 0 closed, 1 open, 2 probing',
      stats.breakers.map(({ provider, state }): Sample => [{ provider }, BREAKER_STATES.indexOf(state)]),
    ),
  ].join('')
}

const given = (value: number | null): Sample[] => (value === null ? [] : [[{}, value]])
const seconds = (ms: number | null): Sample[] => given(ms === null ? null : ms / 1_000)

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const named = Object.entries(labels).map(([label, text]) => `${label}="${text.replace(/["\\\n]/g, '_')}"`)
    return `${name}${named.length > 0 ? `{${named.join(',')}}` : ''} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

export const metricsRoutes: readonly Route[] = [metricsRoute]
