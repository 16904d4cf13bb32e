// Tells the owner of an account that somebody tried to sign up with its address: what the page itself must not tell.
import { copies } from './copy/index.ts'
import type { Mail } from './mail.ts'
import { Notice, noticeText, type Words } from './notice.tsx'

export type AlreadyRegisteredData = {
  /** Page to sign in; null where there is none. */
  loginLink: string | null
  /** Page where recovery begins; null where there is none. */
  resetLink: string | null
}

type Props = Mail<AlreadyRegisteredData>

export const AlreadyRegistered = (mail: Props) => <Notice mail={mail} words={words(mail)} />

AlreadyRegistered.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: { loginLink: 'https://app.example/login', resetLink: 'https://app.example/recover' },
} satisfies Props

export default AlreadyRegistered

export const subject = ({ locale, brand }: Props): string => copies[locale].alreadyRegistered.subject(brand.appName)
export const text = (mail: Props): string => noticeText(mail, words(mail))

function words({ locale, brand, data }: Props): Words {
  const { choosePassword, alreadyRegistered: copy } = copies[locale]
  return {
    heading: copy.heading,
    lead: copy.lead(brand.appName),
    action: { label: copy.signIn, href: data.loginLink },
    second: { question: copy.forgot, label: choosePassword, href: data.resetLink },
    note: copy.notYou,
  }
}
