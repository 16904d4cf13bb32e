// What the text parts of all mails share.
import { oneLine } from './mail.ts'

/** Joins what the text part of a mail says; parts that are not there leave no gap. */
export const paragraphs = (parts: readonly (string | null | false | undefined)[]): string =>
  `${parts.filter(Boolean).join('\n\n')}\n`

/** A name like "Cine 21": told late where programs look for the first digits of a mail. */
export const holdsDigits = (name: string): boolean => /\p{N}/u.test(name)

/** One line of sentences, each with its end; parts that are not there leave no gap. */
export const sentences = (parts: readonly (string | null | false | undefined)[]): string =>
  parts
    .map((part) => oneLine(part || ''))
    .filter(Boolean)
    .map((part) => (/[.:!?…]$|^https?:\S+$/.test(part) ? part : `${part}.`))
    .join(' ')

/** Plain text as its paragraphs, parted by blank lines, and their lines. */
export const paragraphsOf = (text: string): string[][] =>
  text
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.split('\n').map(oneLine).filter(Boolean))
    .filter((lines) => lines.length > 0)
