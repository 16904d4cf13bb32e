// The mail of a person around the HTML they wrote: no frame of ours, and no React for it.
import { oneLine } from '../../emails/mail.ts'
import type { Rendered, RenderInput } from '../ports/renderer.ts'

/** As lib/delivery/user-mail.ts froze it: `html` has been cleaned. */
interface UserMailData {
  subject: string
  html: string
  text: string
}

export const USER_MAIL_VERSION = 1

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? '')

export function renderUserMail({ locale, data }: RenderInput): Rendered {
  const { subject, html, text } = data as unknown as UserMailData
  const head = [
    '<meta charset="utf-8" />',
    '<meta name="viewport" content="width=device-width, initial-scale=1" />',
    `<title>${escaped(oneLine(subject))}</title>`,
  ].join('')
  return {
    subject: oneLine(subject),
    html: `<!DOCTYPE html><html lang="${locale}"><head>${head}</head><body>${html}</body></html>`,
    text,
    short: null,
    attachments: [],
  }
}
