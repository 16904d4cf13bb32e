// A purchase that was taken back: why, and what becomes of the money.
import * as z from 'zod'
import { DATA } from '../rules/message.ts'
import { amount, currency, dayOrTime, id, line, seats, time, told } from './fields.ts'
import { OLDER_FIELDS } from './older-names.ts'
import { type ObjectOf, template } from './template.ts'

/** A sentence, or what it is made from. */
const refund = (object: ObjectOf) =>
  z.union([
    line(DATA.sentenceMax),
    object({
      amount: amount(),
      method: line().optional(),
      days: z.int().min(0).max(DATA.refundDaysMax).optional(),
    }),
  ])

const schema = (object: ObjectOf) =>
  object({
    transaction_id: id().optional(),
    invoice_number: line(),
    reason: line(DATA.sentenceMax).optional(),
    refund: refund(object).optional(),
    cancelled_at: dayOrTime().optional(),
    purchased_at: dayOrTime().optional(),
    seats: seats().optional(),
    total: amount().optional(),
    currency: currency().optional(),
    payment_method: line().optional(),
    status: line().optional(),
    film: line().optional(),
    room: line().optional(),
    show_at: time().optional(),
  })

const common = {
  transaction_id: 'TRANS123',
  invoice_number: 'CIN-20241201120000-ABC12345',
  cancelled_at: '2024-12-02T09:15:00',
  seats: ['A1', 'A2'],
  total: 45000,
}

export const purchaseCancelled = template({
  name: 'purchase-cancelled',
  aliases: ['cancelacion_compra'],
  audience: 'callers',
  channels: ['email', 'sms', 'push'],
  priority: 'medium',
  class: 'transactional',
  schema,
  older: {
    ...OLDER_FIELDS,
    motivo: 'reason',
    reembolso: 'refund',
    fecha_cancelacion: 'cancelled_at',
    'refund.monto': 'amount',
    'refund.metodo': 'method',
    'refund.dias': 'days',
  },
  samples: {
    es: {
      ...common,
      reason: 'La función se suspendió',
      refund: { amount: 45000, method: 'Tarjeta de crédito', days: 5 },
    },
    en: {
      ...common,
      reason: 'The show was called off',
      refund: { amount: 45000, method: 'Credit card', days: 5 },
    },
  },
  fill(data: z.output<ReturnType<typeof schema>>, { timeZone, currency, region }) {
    const money = (amount: number | string) => ({ amount, currency: data.currency ?? currency, region })
    const { refund } = data
    return {
      invoiceNumber: data.invoice_number,
      reason: data.reason ?? null,
      refund:
        typeof refund === 'object'
          ? { money: money(refund.amount), method: refund.method ?? null, days: refund.days ?? null }
          : (refund ?? null),
      cancelledAt: told(data.cancelled_at, timeZone),
      purchasedAt: told(data.purchased_at, timeZone),
      seats: data.seats ?? [],
      total: data.total === undefined ? null : money(data.total),
      paymentMethod: data.payment_method ?? null,
      status: data.status ?? null,
      film: data.film ?? null,
      room: data.room ?? null,
      showAt: told(data.show_at, timeZone),
      timeZone,
    }
  },
})
