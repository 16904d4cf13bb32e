// A purchase that was taken back: why, and what becomes of the money.
import { copies } from './copy/index.ts'
import { localTime, type Money, money } from './format.ts'
import type { Locale, Mail } from './mail.ts'
import { Notice, noticeText, type Words } from './notice.tsx'
import { sentences } from './text.ts'

export type PurchaseCancelledData = {
  invoiceNumber: string
  reason: string | null
  /** A sentence, or what it is made from: `method` as in "by card", `days` until the money is there. */
  refund: string | { money: Money; method: string | null; days: number | null } | null
  /** ISO instant or day, as all times here. */
  cancelledAt: string | null
  purchasedAt: string | null
  seats: string[]
  total: Money | null
  paymentMethod: string | null
  status: string | null
  film: string | null
  room: string | null
  showAt: string | null
  /** IANA name of the zone the times are told in. */
  timeZone: string
}

type Props = Mail<PurchaseCancelledData>

export const PurchaseCancelled = (mail: Props) => <Notice mail={mail} words={words(mail)} />

PurchaseCancelled.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: {
    invoiceNumber: 'CIN-20241201120000-ABC12345',
    reason: 'La función se suspendió',
    refund: { money: { amount: 45000, currency: 'COP', region: 'CO' }, method: 'tarjeta', days: 5 },
    cancelledAt: '2024-12-02T14:15:00.000Z',
    purchasedAt: '2024-12-01',
    seats: ['A1', 'A2'],
    total: { amount: 45000, currency: 'COP', region: 'CO' },
    paymentMethod: 'Tarjeta de crédito',
    status: 'Cancelado',
    film: 'La sociedad de la nieve',
    room: '3',
    showAt: '2024-12-06T01:30:00.000Z',
    timeZone: 'America/Bogota',
  },
} satisfies Props

export default PurchaseCancelled

export const subject = ({ locale, brand, data }: Props): string =>
  copies[locale].purchaseCancelled.subject(brand.appName, data.invoiceNumber)
export const text = (mail: Props): string => noticeText(mail, words(mail))

export function short({ locale, brand, data }: Props): string {
  const { bought, purchaseCancelled: copy, ticket } = copies[locale]
  const refund = refundOf(data.refund, locale)
  return sentences([
    copy.short(brand.appName),
    data.reason,
    refund && `${bought.refund}: ${refund}`,
    ticket.invoice(data.invoiceNumber),
  ])
}

function words({ locale, data }: Props): Words {
  const { bought, facts, purchaseCancelled: copy } = copies[locale]
  const timeOf = (at: string | null) => at && localTime(at, locale, data.timeZone)
  return {
    heading: copy.heading,
    lead: copy.lead,
    facts: [
      [bought.invoice, data.invoiceNumber],
      [facts.reason, data.reason],
      [bought.refund, refundOf(data.refund, locale)],
      [bought.cancelled, timeOf(data.cancelledAt)],
    ],
    receipt: [
      [bought.film, data.film],
      [bought.show, timeOf(data.showAt)],
      [bought.room, data.room],
      [bought.seats, data.seats.join(', ')],
      [bought.total, data.total && money(data.total, locale)],
      [bought.method, data.paymentMethod],
      [bought.status, data.status],
      [bought.purchased, timeOf(data.purchasedAt)],
    ],
  }
}

function refundOf(refund: PurchaseCancelledData['refund'], locale: Locale): string | null {
  if (refund === null || typeof refund === 'string') return refund
  return copies[locale].purchaseCancelled.refund(money(refund.money, locale), refund.method, refund.days)
}
