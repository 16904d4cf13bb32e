// A purchase that succeeded: the receipt, and the ticket as a QR where there is one.
import type * as z from 'zod'
import { amount, currency, dayOrTime, id, line, qrCode, seats, time, told } from './fields.ts'
import { OLDER_FIELDS } from './older-names.ts'
import { type ObjectOf, template } from './template.ts'

const schema = (object: ObjectOf) =>
  object({
    transaction_id: id().optional(),
    invoice_number: line(),
    purchased_at: dayOrTime().optional(),
    seats: seats(),
    total: amount(),
    currency: currency().optional(),
    payment_method: line().optional(),
    status: line().optional(),
    due_at: dayOrTime().optional(),
    qr_code: qrCode().optional(),
    film: line().optional(),
    room: line().optional(),
    show_at: time().optional(),
  })

const common = {
  transaction_id: 'TRANS123',
  invoice_number: 'CIN-20241201120000-ABC12345',
  purchased_at: '2024-12-01T12:00:00',
  seats: ['A1', 'A2'],
  total: 45000,
  due_at: '2024-12-31',
  qr_code: 'TRANS123',
  room: '3',
  show_at: '2024-12-05T20:30:00',
}

export const purchaseConfirmed = template({
  name: 'purchase-confirmed',
  aliases: ['confirmacion_compra'],
  audience: 'callers',
  channels: ['email', 'sms', 'push'],
  priority: 'high',
  class: 'transactional',
  schema,
  older: OLDER_FIELDS,
  samples: {
    es: { ...common, payment_method: 'Tarjeta de crédito', status: 'Pagado', film: 'La sociedad de la nieve' },
    en: { ...common, payment_method: 'Credit card', status: 'Paid', film: 'Society of the Snow' },
  },
  fill(data: z.output<ReturnType<typeof schema>>, { timeZone, currency, region }) {
    return {
      invoiceNumber: data.invoice_number,
      purchasedAt: told(data.purchased_at, timeZone),
      seats: data.seats,
      total: { amount: data.total, currency: data.currency ?? currency, region },
      paymentMethod: data.payment_method ?? null,
      status: data.status ?? null,
      dueAt: told(data.due_at, timeZone),
      qrCode: data.qr_code ?? null,
      film: data.film ?? null,
      room: data.room ?? null,
      showAt: told(data.show_at, timeZone),
      timeZone,
    }
  },
})
