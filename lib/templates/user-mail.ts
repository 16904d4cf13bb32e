// What one person writes to another, in their own HTML. It stands outside the table: no caller of POST /v1/messages names
// it, and only what has been cleaned may fill it.
import * as z from 'zod'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) => object({ subject: z.string(), html: z.string(), text: z.string() })

export const userMail = template({
  name: 'user-mail',
  audience: 'people',
  channels: ['email'],
  priority: 'medium',
  class: 'transactional',
  schema,
  samples: {
    es: { subject: 'Hola', html: '<p>Hola, Luis.</p>', text: 'Hola, Luis.' },
    en: { subject: 'Hi', html: '<p>Hi, Luis.</p>', text: 'Hi, Luis.' },
  },
  fill: (data: z.output<ReturnType<typeof schema>>) => data,
})
