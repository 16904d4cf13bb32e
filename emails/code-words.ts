// What the mails with a code say, without what they look like: no React here, so that the first code of an isolate does
// not wait for it. In every part the code is the first run of digits, so that phones and mail programs find it; the
// subject never holds it, because subjects show on locked screens and in logs.
import type { KnownPurpose } from './copy/copy.ts'
import { copies } from './copy/index.ts'
import { type Mail, oneLine } from './mail.ts'
import { paragraphs, sentences } from './text.ts'

/** What the mail says, in the order it is read. `title`, `heading` and `lead` hold no digits. */
export interface CodeWords {
  title: string
  heading: string
  lead: string
  /** Begins with the code: first line of the text part and of the preview. */
  isYourCode: string
  lasts: string
  /** One more line under the code. */
  other: string | null
  /** Label of the button that does the same as typing the code, and the line before its address in the text part. */
  open: string
  orOpen: string
  notYou: string
}

export type CodeData = {
  code: string
  /** How long the code lives from now. */
  minutes: number
  /** Does the same as typing the code; null where there is no page for it. */
  link: string | null
}

export type VerificationCodeData = CodeData & {
  /** Slug of what the code is for. */
  purpose: string
}

export function verificationWords(mail: Mail<VerificationCodeData>): CodeWords {
  const { code, minutes } = mail.data
  const { codeLasts, verificationCode: copy } = copies[mail.locale]
  return { ...copy, ...purposeOf(mail), isYourCode: copy.isYourCode(code), lasts: codeLasts(minutes) }
}

/** `other` names a purpose we have no words for; it may hold digits, so it is told after the code. */
function purposeOf({ locale, data }: Mail<VerificationCodeData>): Pick<CodeWords, 'heading' | 'lead' | 'other'> {
  const copy = copies[locale].verificationCode
  if (Object.hasOwn(copy.purposes, data.purpose)) return { ...copy.purposes[data.purpose as KnownPurpose], other: null }
  const slug = oneLine(data.purpose.replace(/[-_]+/g, ' '))
  return { heading: copy.title, lead: copy.lead, other: slug ? copy.requestedFor(slug) : null }
}

export function recoveryWords({ locale, data }: Mail<CodeData>): CodeWords {
  const { codeLasts, choosePassword, recoveryCode: copy } = copies[locale]
  return {
    ...copy,
    isYourCode: copy.isYourCode(data.code),
    lasts: codeLasts(data.minutes),
    other: copy.signsOut,
    open: choosePassword,
  }
}

/** The first line that lists of mails show. */
export const previewOf = (words: CodeWords): string => `${words.isYourCode} ${words.lasts}`

/** For SMS and push: the code first, so that phones offer to fill it in. */
export const codeShort = ({ brand }: Mail<CodeData>, words: CodeWords): string =>
  sentences([words.isYourCode, words.lasts, brand.appName])

export function codeText({ locale, brand, data }: Mail<CodeData>, words: CodeWords): string {
  return paragraphs([
    words.isYourCode,
    `${words.lead}\n${words.lasts}`,
    words.other,
    data.link && `${words.orOpen}\n${data.link}`,
    words.notYou,
    copies[locale].sentBy(brand.appName),
  ])
}
