// Tells the owner of an account that somebody tried to sign up with its address.
import type * as z from 'zod'
import { url } from './fields.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) => object({ login_link: url().optional(), reset_link: url().optional() })

const sample = { login_link: 'https://app.example/login', reset_link: 'https://app.example/recover' }

export const alreadyRegistered = template({
  name: 'already-registered',
  audience: 'accounts',
  channels: ['email'],
  priority: 'medium',
  class: 'transactional',
  schema,
  samples: { es: sample, en: sample },
  fill: (data: z.output<ReturnType<typeof schema>>) => ({
    loginLink: data.login_link ?? null,
    resetLink: data.reset_link ?? null,
  }),
})
