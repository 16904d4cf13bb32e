// Tells the old address of an account that another one took its place.
import { copies } from './copy/index.ts'
import { instant } from './format.ts'
import type { Mail } from './mail.ts'
import { Notice, noticeText, type Words } from './notice.tsx'

export type AddressChangedData = {
  kind: 'email' | 'phone'
  /** Enough to know it again, not enough to write to it. */
  newMasked: string
  /** ISO instant. */
  at: string
  /** IANA name of the zone `at` is told in; UTC unless told. */
  timeZone?: string
  /** Page that works for who reads the old address; null where there is none. */
  resetLink: string | null
}

type Props = Mail<AddressChangedData>

export const AddressChanged = (mail: Props) => <Notice mail={mail} words={words(mail)} />

AddressChanged.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: {
    kind: 'email',
    newMasked: 'a•••@example.org',
    at: '2026-03-03T19:05:00Z',
    timeZone: 'America/Bogota',
    resetLink: 'https://app.example/recover',
  },
} satisfies Props

export default AddressChanged

export const subject = ({ locale, brand, data }: Props): string =>
  copies[locale].addressChanged[data.kind].subject(brand.appName)
export const text = (mail: Props): string => noticeText(mail, words(mail))

function words({ locale, brand, data }: Props): Words {
  const { facts, ifYou, wasNotYou, choosePassword, addressChanged: copy } = copies[locale]
  const kind = copy[data.kind]
  return {
    heading: kind.heading,
    lead: `${kind.lead(brand.appName)} ${ifYou}`,
    facts: [
      [kind.new, data.newMasked],
      [facts.when, instant(data.at, locale, data.timeZone)],
    ],
    warning: {
      question: wasNotYou,
      advice: data.resetLink ? copy.advice : copy.adviceWithoutLink(brand.appName),
    },
    action: { label: choosePassword, href: data.resetLink },
  }
}
