// A show that is about to begin; worth nothing once it has.
import type * as z from 'zod'
import { id, line, qrCode, seats, time, told } from './fields.ts'
import { instantOf } from './local-time.ts'
import { OLDER_FIELDS } from './older-names.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) =>
  object({
    transaction_id: id().optional(),
    invoice_number: line().optional(),
    film: line(),
    show_at: time(),
    room: line().optional(),
    seats: seats(),
    qr_code: qrCode().optional(),
  })

type Wire = z.output<ReturnType<typeof schema>>

const common = {
  transaction_id: 'TRANS123',
  show_at: '2024-12-05T20:30:00',
  room: '3',
  seats: ['A1', 'A2'],
  qr_code: 'TRANS123',
}

export const showReminder = template({
  name: 'show-reminder',
  aliases: ['recordatorio_funcion'],
  audience: 'callers',
  channels: ['email', 'sms', 'push'],
  priority: 'high',
  class: 'transactional',
  schema,
  older: OLDER_FIELDS,
  samples: {
    es: { ...common, film: 'La sociedad de la nieve' },
    en: { ...common, film: 'Society of the Snow' },
  },
  fill: (data: Wire, { timeZone }) => ({
    invoiceNumber: data.invoice_number ?? null,
    film: data.film,
    showAt: told(data.show_at, timeZone),
    room: data.room ?? null,
    seats: data.seats,
    qrCode: data.qr_code ?? null,
    timeZone,
  }),
  endsAt: (data: Wire, { timeZone }) => instantOf(data.show_at, timeZone),
})
