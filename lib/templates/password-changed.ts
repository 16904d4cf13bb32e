// Tells the owner of an account that its password was changed.
import type * as z from 'zod'
import { line, time, told, url } from './fields.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) => object({ at: time(), device: line().optional(), reset_link: url().optional() })

const sample = { at: '2026-03-03T19:05:00Z', device: 'Chrome, Android', reset_link: 'https://app.example/recover' }

export const passwordChanged = template({
  name: 'password-changed',
  audience: 'accounts',
  channels: ['email'],
  priority: 'medium',
  class: 'transactional',
  schema,
  samples: { es: sample, en: sample },
  fill: (data: z.output<ReturnType<typeof schema>>, { timeZone }) => ({
    at: told(data.at, timeZone),
    timeZone,
    device: data.device ?? null,
    resetLink: data.reset_link ?? null,
  }),
})
