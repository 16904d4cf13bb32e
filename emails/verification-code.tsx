// The mail that proves an address, or whatever else its purpose says, by a one-time code.
import { CodeMail, type CodeWords, codeText } from './code-mail.tsx'
import type { KnownPurpose } from './copy/copy.ts'
import { copies } from './copy/index.ts'
import { type Mail, oneLine } from './mail.ts'

export type VerificationCodeData = {
  code: string
  /** How long the code lives from now. */
  minutes: number
  /** Does the same as typing the code; null where there is no page for it. */
  link: string | null
  /** Slug of what the code is for. */
  purpose: string
}

type Props = Mail<VerificationCodeData>

export const VerificationCode = (mail: Props) => <CodeMail mail={mail} words={words(mail)} />

VerificationCode.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: { code: '482915', minutes: 10, link: 'https://app.example/verify#zYk3Vt8Qm1xw5nRb7LcD2g', purpose: 'register' },
} satisfies Props

export default VerificationCode

export const subject = ({ locale, brand }: Props): string => copies[locale].verificationCode.subject(brand.appName)
export const text = (mail: Props): string => codeText(mail, words(mail))

function words(mail: Props): CodeWords {
  const { code, minutes } = mail.data
  const { codeLasts, verificationCode: copy } = copies[mail.locale]
  return { ...copy, ...purposeOf(mail), isYourCode: copy.isYourCode(code), lasts: codeLasts(minutes) }
}

/** `other` names a purpose we have no words for; it may hold digits, so it is told after the code. */
function purposeOf({ locale, data }: Props): Pick<CodeWords, 'heading' | 'lead' | 'other'> {
  const copy = copies[locale].verificationCode
  if (Object.hasOwn(copy.purposes, data.purpose)) return { ...copy.purposes[data.purpose as KnownPurpose], other: null }
  const slug = oneLine(data.purpose.replace(/[-_]+/g, ' '))
  return { heading: copy.title, lead: copy.lead, other: slug ? copy.requestedFor(slug) : null }
}
