// The mails with a code, from the page that was compiled out of their template: a first code waits for no React, and a
// code mail costs a sixth. Byte for byte what React makes of it.
import { BLANKS, codePage, PREVIEW_LENGTH } from '../../emails/code-page.ts'
import {
  type CodeData,
  type CodeWords,
  codeShort,
  codeText,
  previewOf,
  recoveryWords,
  type VerificationCodeData,
  verificationWords,
} from '../../emails/code-words.ts'
import { copies } from '../../emails/copy/index.ts'
import type { Mail } from '../../emails/mail.ts'
import { holdsDigits } from '../../emails/text.ts'
import type { Rendered, RenderInput } from '../ports/renderer.ts'

/** null when it is no mail with a code, or not one that was compiled. */
export function codeMail({ template, version, locale, brand, data }: RenderInput): Rendered | null {
  if (version !== 1) return null
  switch (template) {
    case 'verification-code': {
      const mail = { locale, brand, data: data as VerificationCodeData }
      return filled(mail, verificationWords(mail), copies[locale].verificationCode.subject(brand.appName))
    }
    case 'recovery-code': {
      const mail = { locale, brand, data: data as CodeData }
      return filled(mail, recoveryWords(mail), copies[locale].recoveryCode.subject(brand.appName))
    }
    default:
      return null
  }
}

function filled(mail: Mail<CodeData>, words: CodeWords, subject: string): Rendered | null {
  const { locale, brand, data } = mail
  // React refuses some addresses; which ones is left to it.
  if (data.link !== null && !/^https?:\/\//.test(data.link)) return null
  const html = codePage({
    locale,
    title: escaped(words.title),
    preview: preview(previewOf(words)),
    leadName: holdsDigits(brand.appName) ? null : escaped(brand.appName),
    heading: escaped(words.heading),
    lead: escaped(words.lead),
    code: escaped(data.code),
    lasts: escaped(words.lasts),
    other: words.other === null ? null : escaped(words.other),
    link: data.link === null ? null : escaped(data.link),
    open: escaped(words.open),
    buttonFails: escaped(copies[locale].buttonFails),
    notYou: escaped(words.notYou),
    sentBy: escaped(copies[locale].sentBy(brand.appName)),
  })
  return {
    subject,
    html: `<!DOCTYPE html>${html}`,
    text: codeText(mail, words),
    short: codeShort(mail, words),
    attachments: [],
  }
}

/** Cut and padded with blanks as react-email does. */
function preview(line: string): string {
  const shown = line.slice(0, PREVIEW_LENGTH)
  const missing = PREVIEW_LENGTH - shown.length
  return escaped(shown) + (missing > 0 ? `<div>${BLANKS.repeat(missing)}</div>` : '')
}

const ENTITIES: Record<string, string> = { '"': '&quot;', '&': '&amp;', "'": '&#x27;', '<': '&lt;', '>': '&gt;' }

const escaped = (text: string): string => text.replace(/["&'<>]/g, (one) => ENTITIES[one] ?? one)
