// What people type or paste, without what came along: the blanks of a mail, marks that cannot be seen, another keyboard's digits.

/** Blanks and line ends of every script, and marks that only steer how a text is shown. */
const UNSEEN = String.raw`\p{White_Space}\p{Cf}`
const BEFORE = new RegExp(`^[${UNSEEN}]+`, 'u')
const LAST_UNSEEN = new RegExp(`[${UNSEEN}]$`, 'u')
const ALL_UNSEEN = new RegExp(`[${UNSEEN}]+`, 'gu')
const BETWEEN_DIGITS = new RegExp(`[${UNSEEN}\\p{Pd}]+`, 'gu')
const DIGIT = /\p{Nd}/u
const DIGITS = /\p{Nd}/gu

/** An address or a name: nothing unseen before or behind it. */
export function trimmed(text: string): string {
  let end = text.length
  // Not `[…]+$`: behind every run of blanks inside it would begin anew, which is quadratic in what a stranger sends.
  while (end > 0 && LAST_UNSEEN.test(text.slice(Math.max(0, end - 2), end))) end -= width(text, end)
  return text.slice(0, end).replace(BEFORE, '')
}

/** The token of a link, or an id: it has no blanks at all, wherever a mail was folded. */
export const unbroken = (text: string): string => text.replace(ALL_UNSEEN, '')

/** A code: ASCII digits of whatever digits were typed, without what people and programs put between them. */
export const typedDigits = (text: string): string =>
  text.normalize('NFKC').replace(BETWEEN_DIGITS, '').replace(DIGITS, asciiDigit)

/** A phone number: as a code, also without the dots and brackets that numbers are written with. */
export function typedPhone(text: string): string {
  const digits = typedDigits(text)
  // +44 (0)20 …: its zero is dialled at home only. What is meant is not guessed.
  return digits.includes('(0)') ? digits : digits.replace(/[().]/g, '')
}

/** Unicode keeps the ten digits of a script side by side and in order; where two scripts touch, after ten comes a zero. */
function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0
  let before = 0
  while (DIGIT.test(String.fromCodePoint(point - before - 1))) before++
  return String(before % 10)
}

/** Code units of the last character before `end`. */
const width = (text: string, end: number): number => ((text.codePointAt(end - 2) ?? 0) > 0xffff ? 2 : 1)
