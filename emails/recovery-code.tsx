// The mail that lets somebody choose a new password by a one-time code.
import { CodeMail, type CodeWords, codeText } from './code-mail.tsx'
import { copies } from './copy/index.ts'
import type { Mail } from './mail.ts'

export type RecoveryCodeData = {
  code: string
  /** How long the code lives from now. */
  minutes: number
  /** Opens the page of the new password, without typing the code; null where there is none. */
  link: string | null
}

type Props = Mail<RecoveryCodeData>

export const RecoveryCode = (mail: Props) => <CodeMail mail={mail} words={words(mail)} />

RecoveryCode.PreviewProps = {
  locale: 'es',
  brand: { appName: 'Cine Central' },
  data: { code: '730462', minutes: 10, link: 'https://app.example/reset#token=zYk3Vt8Qm1xw5nRb7LcD2g' },
} satisfies Props

export default RecoveryCode

export const subject = ({ locale, brand }: Props): string => copies[locale].recoveryCode.subject(brand.appName)
export const text = (mail: Props): string => codeText(mail, words(mail))

function words({ locale, data }: Props): CodeWords {
  const { codeLasts, choosePassword, recoveryCode: copy } = copies[locale]
  return {
    ...copy,
    isYourCode: copy.isYourCode(data.code),
    lasts: codeLasts(data.minutes),
    other: copy.signsOut,
    open: choosePassword,
  }
}
