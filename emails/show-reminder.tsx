// A show that is about to begin: what, when and where, and the ticket where there is one.
import { copies } from './copy/index.ts'
import { localTime } from './format.ts'
import { type Mail, oneLine } from './mail.ts'
import { Notice, noticeText, type Words } from './notice.tsx'
import { sentences } from './text.ts'

export type ShowReminderData = {
  invoiceNumber: string | null
  film: string
  /** ISO instant. */
  showAt: string
  room: string | null
  seats: string[]
  /** What the QR says. */
  qrCode: string | null
  /** IANA name of the zone the time is told in. */
  timeZone: string
}

type Props = Mail<ShowReminderData>

export const ShowReminder = (mail: Props) => <Notice mail={mail} words={words(mail)} />

ShowReminder.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: {
    invoiceNumber: 'CIN-20241201120000-ABC12345',
    film: 'La sociedad de la nieve',
    showAt: '2024-12-06T01:30:00.000Z',
    room: '3',
    seats: ['A1', 'A2'],
    qrCode: 'TRANS123',
    timeZone: 'America/Bogota',
  },
} satisfies Props

export default ShowReminder

export const subject = ({ locale, brand, data }: Props): string =>
  copies[locale].showReminder.subject(brand.appName, data.film)
export const text = (mail: Props): string => noticeText(mail, words(mail))
export const qr = ({ data }: Props): string | null => data.qrCode

export function short({ locale, brand, data }: Props): string {
  const { ticket } = copies[locale]
  return sentences([
    `${brand.appName}: ${data.film}, ${localTime(data.showAt, locale, data.timeZone)}`,
    data.room && ticket.room(data.room),
    ticket.seats(data.seats.join(', ')),
  ])
}

function words({ locale, brand, data }: Props): Words {
  const { bought, showReminder: copy } = copies[locale]
  const lead = copy.lead(brand.appName)
  return {
    heading: copy.heading,
    lead: oneLine(data.qrCode ?? '') ? `${lead} ${copy.showTicket}` : lead,
    ticket: data.qrCode,
    facts: [
      [bought.film, data.film],
      [bought.show, localTime(data.showAt, locale, data.timeZone)],
      [bought.room, data.room],
      [bought.seats, data.seats.join(', ')],
      [bought.invoice, data.invoiceNumber],
    ],
  }
}
