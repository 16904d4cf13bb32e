// Tells the operator that a provider works again.
import type * as z from 'zod'
import { line, time, told } from './fields.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) => object({ provider: line(), code: line().optional(), at: time() })

const sample = { provider: 'resend', code: 'timeout', at: '2026-03-03T19:05:00Z' }

export const providerRecovered = template({
  name: 'provider-recovered',
  audience: 'operators',
  channels: ['email', 'sms', 'push'],
  priority: 'medium',
  class: 'transactional',
  schema,
  samples: { es: sample, en: sample },
  fill: (data: z.output<ReturnType<typeof schema>>, { timeZone }) => ({
    provider: data.provider,
    code: data.code ?? null,
    at: told(data.at, timeZone),
    timeZone,
  }),
})
