// Tells the operator that somebody opened an account; sent in DEFAULT_LOCALE.
import { copies } from './copy/index.ts'
import { count, instant } from './format.ts'
import { type Mail, oneLine } from './mail.ts'
import { Notice, noticeText, type Words } from './notice.tsx'

export type NewSignUpData = {
  username: string
  email: string
  /** ISO instant. */
  at: string
  /** IANA name of the zone `at` is told in; UTC unless told. */
  timeZone?: string
  /** How many accounts there are now. */
  total?: number | null
}

type Props = Mail<NewSignUpData>

export const NewSignUp = (mail: Props) => <Notice mail={mail} words={words(mail)} />

NewSignUp.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: {
    username: 'ana.maria',
    email: 'ana@example.com',
    at: '2026-03-03T19:05:00Z',
    timeZone: 'America/Bogota',
    total: 12840,
  },
} satisfies Props

export default NewSignUp

export const subject = ({ locale, brand, data }: Props): string =>
  oneLine(copies[locale].newSignUp.subject(brand.appName, data.username))
export const text = (mail: Props): string => noticeText(mail, words(mail))

function words({ locale, brand, data }: Props): Words {
  const { facts, newSignUp: copy } = copies[locale]
  return {
    heading: copy.heading,
    lead: copy.lead(brand.appName),
    facts: [
      [facts.username, data.username],
      [facts.email, data.email],
      [facts.when, instant(data.at, locale, data.timeZone)],
      [facts.total, typeof data.total === 'number' ? count(data.total, locale) : null],
    ],
  }
}
