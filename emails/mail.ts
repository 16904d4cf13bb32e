// What every template is given and what it must offer. Nothing here knows the rest of posta.
import type { ReactNode } from 'react'

export type Locale = 'es' | 'en'

export interface Brand {
  appName: string
}

export interface Mail<Data> {
  locale: Locale
  brand: Brand
  data: Data
}

/**
 * One template, as its row of emails/index.ts has it:
 *
 *     { name: 'welcome', version: 1, component: Welcome, subject, text, preview: Welcome.PreviewProps }
 *
 * Written as methods on purpose: only those let one table hold templates with different data.
 */
export interface Template<Data extends Record<string, unknown> = Record<string, unknown>> {
  name: string
  /** Rises when the same data would give other bytes; the old version stays in the table until its last message ended. */
  version: number
  component(mail: Mail<Data>): ReactNode
  subject(mail: Mail<Data>): string
  text(mail: Mail<Data>): string
  /** For SMS and push: one line with all that matters; none for what only e-mail carries. */
  short?(mail: Mail<Data>): string
  /** What the QR shown as `cid:qr.png` says to who scans it; null = the mail shows none. */
  qr?(mail: Mail<Data>): string | null
  preview: Mail<Data>
}

/** Makes one harmless line of a value others wrote: no line ends, control or direction characters. */
export function oneLine(value: string): string {
  return value
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

const SPOKEN_MAX = 60

/**
 * A name others chose, for a mail to somebody who did not: one line in which no mail program finds a link to open, and
 * empty when it is too long to be a name. Otherwise whoever signs up with your address could write to you through us.
 */
export function unlinked(value: string): string {
  const spoken = oneLine(oneLine(value).replace(/[@/\\]+|:(?=\/)|[.\u3002\uff0e\uff61](?=[\p{L}\p{N}]*\p{L})/gu, ' '))
  return [...spoken].length > SPOKEN_MAX ? '' : spoken
}
