// Tells the old address of an account that another one took its place.
import * as z from 'zod'
import { line, time, told, url } from './fields.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) =>
  object({ kind: z.enum(['email', 'phone']), new_masked: line(), at: time(), reset_link: url().optional() })

const sample = {
  kind: 'email',
  new_masked: 'a•••@example.org',
  at: '2026-03-03T19:05:00Z',
  reset_link: 'https://app.example/recover',
}

export const addressChanged = template({
  name: 'address-changed',
  audience: 'accounts',
  channels: ['email'],
  priority: 'medium',
  class: 'transactional',
  schema,
  samples: { es: sample, en: sample },
  fill: (data: z.output<ReturnType<typeof schema>>, { timeZone }) => ({
    kind: data.kind,
    newMasked: data.new_masked,
    at: told(data.at, timeZone),
    timeZone,
    resetLink: data.reset_link ?? null,
  }),
})
