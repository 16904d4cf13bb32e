// Proves that an address is somebody's own.
import * as z from 'zod'
import { line, url } from './fields.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) =>
  object({
    code: z.string().regex(/^\d{6,8}$/, { error: 'not_code' }),
    minutes: z.int().min(1),
    purpose: line(32),
    link: url().optional(),
  })

const sample = { code: '428913', minutes: 10, purpose: 'register', link: 'https://app.example/verify#token=example' }

export const verificationCode = template({
  name: 'verification-code',
  audience: 'codes',
  channels: ['email', 'whatsapp', 'sms', 'push'],
  priority: 'high',
  class: 'security',
  schema,
  samples: { es: sample, en: sample },
  fill: (data: z.output<ReturnType<typeof schema>>) => ({ ...data, link: data.link ?? null }),
})
