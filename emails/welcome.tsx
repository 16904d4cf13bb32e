// The first mail of a new account.
import { copies } from './copy/index.ts'
import { type Mail, unlinked } from './mail.ts'
import { Notice, noticeText, type Words } from './notice.tsx'
import { sentences } from './text.ts'

export type WelcomeData = {
  /** As the person typed it; the greeting does without it where it is empty or longer than 60 characters. */
  name: string
  action?: { label: string; href: string } | null
}

type Props = Mail<WelcomeData>

export const Welcome = (mail: Props) => <Notice mail={mail} words={words(mail)} />

Welcome.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: { name: 'Ana María', action: { label: 'Ver la cartelera', href: 'https://app.example/cartelera' } },
} satisfies Props

export default Welcome

export const subject = ({ locale, brand }: Props): string => copies[locale].welcome.subject(brand.appName)
export const short = ({ locale, brand, data }: Props): string =>
  sentences([copies[locale].welcome.lead(brand.appName), data.action?.href])
export const text = (mail: Props): string => noticeText(mail, words(mail))

function words({ locale, brand, data }: Props): Words {
  const copy = copies[locale].welcome
  return {
    heading: copy.heading(unlinked(data.name)),
    lead: copy.lead(brand.appName),
    ...(data.action && { action: data.action }),
  }
}
