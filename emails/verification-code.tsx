// The mail that proves an address, or whatever else its purpose says, by a one-time code.
import { CodeMail } from './code-mail.tsx'
import { codeShort, codeText, type VerificationCodeData, verificationWords } from './code-words.ts'
import { copies } from './copy/index.ts'
import type { Mail } from './mail.ts'

type Props = Mail<VerificationCodeData>

export const VerificationCode = (mail: Props) => <CodeMail mail={mail} words={verificationWords(mail)} />

VerificationCode.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: { code: '482915', minutes: 10, link: 'https://app.example/verify#zYk3Vt8Qm1xw5nRb7LcD2g', purpose: 'register' },
} satisfies Props

export default VerificationCode

export const subject = ({ locale, brand }: Props): string => copies[locale].verificationCode.subject(brand.appName)
export const text = (mail: Props): string => codeText(mail, verificationWords(mail))
export const short = (mail: Props): string => codeShort(mail, verificationWords(mail))
