// Tells the operator that somebody opened an account.
import * as z from 'zod'
import { line, time, told } from './fields.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) =>
  object({ username: line(), email: line(320), at: time(), total: z.int().min(0).optional() })

const sample = { username: 'ana.maria', email: 'ana@example.com', at: '2026-03-03T19:05:00Z', total: 12_840 }

export const newSignUp = template({
  name: 'new-sign-up',
  audience: 'operators',
  channels: ['email'],
  priority: 'medium',
  class: 'transactional',
  schema,
  samples: { es: sample, en: sample },
  fill: (data: z.output<ReturnType<typeof schema>>, { timeZone }) => ({
    username: data.username,
    email: data.email,
    at: told(data.at, timeZone),
    timeZone,
    total: data.total ?? null,
  }),
})
