// The mail that lets somebody choose a new password by a one-time code; its link opens that page without typing the code.
import { CodeMail } from './code-mail.tsx'
import { type CodeData, codeShort, codeText, recoveryWords } from './code-words.ts'
import { copies } from './copy/index.ts'
import type { Mail } from './mail.ts'

type Props = Mail<CodeData>

export const RecoveryCode = (mail: Props) => <CodeMail mail={mail} words={recoveryWords(mail)} />

RecoveryCode.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: { code: '730462', minutes: 10, link: 'https://app.example/reset#token=zYk3Vt8Qm1xw5nRb7LcD2g' },
} satisfies Props

export default RecoveryCode

export const subject = ({ locale, brand }: Props): string => copies[locale].recoveryCode.subject(brand.appName)
export const text = (mail: Props): string => codeText(mail, recoveryWords(mail))
export const short = (mail: Props): string => codeShort(mail, recoveryWords(mail))
