// Lets the owner of an account choose a new password.
import * as z from 'zod'
import { url } from './fields.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) =>
  object({
    code: z.string().regex(/^\d{6,8}$/, { error: 'not_code' }),
    minutes: z.int().min(1),
    link: url().optional(),
  })

const sample = { code: '428913', minutes: 10, link: 'https://app.example/reset#token=example' }

export const recoveryCode = template({
  name: 'recovery-code',
  audience: 'codes',
  channels: ['email', 'whatsapp', 'sms', 'push'],
  priority: 'high',
  class: 'security',
  schema,
  samples: { es: sample, en: sample },
  fill: (data: z.output<ReturnType<typeof schema>>) => ({ ...data, link: data.link ?? null }),
})
