// Anything else a caller has to say, in plain text: blank lines part paragraphs.
import * as z from 'zod'
import { DATA } from '../rules/message.ts'
import { action, actionOf, line } from './fields.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) =>
  object({
    title: line(DATA.sentenceMax).optional(),
    text: z.string().regex(/\S/, { error: 'required' }).max(DATA.noteMax),
    action: action(object).optional(),
  })

export const note = template({
  name: 'note',
  audience: 'callers',
  channels: ['email', 'sms', 'push'],
  priority: 'medium',
  class: 'transactional',
  schema,
  samples: {
    es: {
      title: 'Cambio de sala',
      text: 'Tu función de esta noche pasa a la sala 5.\n\nLos asientos son los mismos y no tienes que hacer nada.',
      action: { label: 'Ver mi compra', url: 'https://app.example/compras/TRANS123' },
    },
    en: {
      title: 'Another room',
      text: 'Your show tonight moves to room 5.\n\nYour seats stay the same, and there is nothing to do.',
      action: { label: 'See my purchase', url: 'https://app.example/purchases/TRANS123' },
    },
  },
  fill: (data: z.output<ReturnType<typeof schema>>) => ({
    title: data.title ?? null,
    text: data.text,
    action: actionOf(data.action),
  }),
})
