// The first mail of a new account.
import type * as z from 'zod'
import { action, actionOf, line } from './fields.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) => object({ name: line().optional(), action: action(object).optional() })

export const welcome = template({
  name: 'welcome',
  audience: 'callers',
  channels: ['email', 'sms', 'push'],
  priority: 'medium',
  class: 'transactional',
  schema,
  samples: {
    es: { name: 'Ana María', action: { label: 'Ver la cartelera', url: 'https://app.example/cartelera' } },
    en: { name: 'Ann Marie', action: { label: 'See what’s on', url: 'https://app.example/shows' } },
  },
  fill: (data: z.output<ReturnType<typeof schema>>) => ({ name: data.name ?? '', action: actionOf(data.action) }),
})
