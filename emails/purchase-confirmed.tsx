// A purchase that succeeded: the receipt, and the ticket where there is one.
import { copies } from './copy/index.ts'
import { localTime, type Money, money } from './format.ts'
import { type Mail, oneLine } from './mail.ts'
import { Notice, noticeText, type Words } from './notice.tsx'
import { sentences } from './text.ts'

export type PurchaseConfirmedData = {
  invoiceNumber: string
  /** ISO instant or day, as all times here. */
  purchasedAt: string | null
  seats: string[]
  total: Money
  paymentMethod: string | null
  status: string | null
  dueAt: string | null
  /** What the QR says. */
  qrCode: string | null
  film: string | null
  room: string | null
  showAt: string | null
  /** IANA name of the zone the times are told in. */
  timeZone: string
}

type Props = Mail<PurchaseConfirmedData>

export const PurchaseConfirmed = (mail: Props) => <Notice mail={mail} words={words(mail)} />

PurchaseConfirmed.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: {
    invoiceNumber: 'CIN-20241201120000-ABC12345',
    purchasedAt: '2024-12-01T17:00:00.000Z',
    seats: ['A1', 'A2'],
    total: { amount: 45000, currency: 'COP', region: 'CO' },
    paymentMethod: 'Tarjeta de crédito',
    status: 'Pagado',
    dueAt: '2024-12-31',
    qrCode: 'TRANS123',
    film: 'La sociedad de la nieve',
    room: '3',
    showAt: '2024-12-06T01:30:00.000Z',
    timeZone: 'America/Bogota',
  },
} satisfies Props

export default PurchaseConfirmed

export const subject = ({ locale, brand, data }: Props): string =>
  copies[locale].purchaseConfirmed.subject(brand.appName, data.invoiceNumber)
export const text = (mail: Props): string => noticeText(mail, words(mail))
export const qr = ({ data }: Props): string | null => data.qrCode

export function short({ locale, brand, data }: Props): string {
  const { purchaseConfirmed: copy, ticket } = copies[locale]
  const show = data.showAt && localTime(data.showAt, locale, data.timeZone)
  return sentences([
    copy.short(brand.appName),
    [data.film, show].filter(Boolean).join(', '),
    data.room && ticket.room(data.room),
    ticket.seats(data.seats.join(', ')),
    ticket.total(money(data.total, locale)),
    ticket.invoice(data.invoiceNumber),
  ])
}

function words({ locale, data }: Props): Words {
  const { bought, purchaseConfirmed: copy } = copies[locale]
  const timeOf = (at: string | null) => at && localTime(at, locale, data.timeZone)
  return {
    heading: copy.heading,
    lead: oneLine(data.qrCode ?? '') ? copy.leadWithTicket : copy.lead,
    ticket: data.qrCode,
    facts: [
      [bought.film, data.film],
      [bought.show, timeOf(data.showAt)],
      [bought.room, data.room],
      [bought.seats, data.seats.join(', ')],
    ],
    receipt: [
      [bought.total, money(data.total, locale)],
      [bought.method, data.paymentMethod],
      [bought.status, data.status],
      [bought.invoice, data.invoiceNumber],
      [bought.purchased, timeOf(data.purchasedAt)],
      [bought.due, timeOf(data.dueAt)],
    ],
  }
}
