// Tells the owner of an account that its password was changed, and the way back in if somebody else did it.
import { copies } from './copy/index.ts'
import { instant } from './format.ts'
import { type Mail, unlinked } from './mail.ts'
import { Notice, noticeText, type Words } from './notice.tsx'

export type PasswordChangedData = {
  /** ISO instant. */
  at: string
  /** IANA name of the zone `at` is told in; UTC unless told. */
  timeZone?: string
  /** Families of browser and system, e.g. "Firefox, Windows"; left out beyond 60 characters. */
  device?: string | null
  /** Page where recovery begins; null where there is none. */
  resetLink: string | null
}

type Props = Mail<PasswordChangedData>

export const PasswordChanged = (mail: Props) => <Notice mail={mail} words={words(mail)} />

PasswordChanged.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: {
    at: '2026-03-03T19:05:00Z',
    timeZone: 'America/Bogota',
    device: 'Chrome, Android',
    resetLink: 'https://app.example/recover',
  },
} satisfies Props

export default PasswordChanged

export const subject = ({ locale, brand }: Props): string => copies[locale].passwordChanged.subject(brand.appName)
export const text = (mail: Props): string => noticeText(mail, words(mail))

function words({ locale, data }: Props): Words {
  const { facts, ifYou, wasNotYou, choosePassword, passwordChanged: copy } = copies[locale]
  return {
    heading: copy.heading,
    lead: `${copy.lead} ${ifYou}`,
    facts: [
      [facts.when, instant(data.at, locale, data.timeZone)],
      [facts.device, unlinked(data.device ?? '')],
    ],
    warning: { question: wasNotYou, advice: data.resetLink ? copy.advice : copy.adviceWithoutLink },
    action: { label: choosePassword, href: data.resetLink },
  }
}
