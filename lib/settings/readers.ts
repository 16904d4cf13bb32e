// How one setting is read: from a text to its value, or to the reason why not, which never repeats the text.
import { parseMailbox } from '../names/address.ts'

/** Why a text is not what its setting wants; never holds the text. */
export class Wrong {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/** Reads a text that is there. Plain functions: a schema library took longer to start than all else a first request does. */
export type Read<T> = (text: string) => T | Wrong
/** Reads a setting that may be unset; `bound` is what the platform binds under its name when that is no text. */
export type Setting<T> = (text: string | undefined, bound?: object) => T | Wrong
/** A table of settings by the names of their variables. */
export type Settings = Record<string, (text: string | undefined, bound?: object) => unknown>
/** The values that such a table gives. */
export type Values<T extends Settings> = { [name in keyof T]: Exclude<ReturnType<T[name]>, Wrong> }

/** Spaces, line ends and the marks nobody sees that editors and dashboards leave at the ends of a value. */
const AROUND = /^[\s\uFEFF\u200B\u2060]+|[\s\uFEFF\u200B\u2060]+$/gu
/** A line end that a tool wrote as two characters. */
const ESCAPED_END = /(?:\\[nr])+$/

/**
 * A value as it was meant: one pair of quotes around all of it belongs to the file it was copied from. Every setting
 * passes here, once.
 *
 *     cleaned('"https://x.upstash.io"\n') === 'https://x.upstash.io'
 */
export function cleaned(text: string): string {
  const bare = text.replace(AROUND, '').replace(ESCAPED_END, '')
  const [, quote = '', inner = ''] = /^(["'])(.*)\1$/s.exec(bare) ?? []
  // More quotes within are a name in quotes, as in a sender.
  if (quote === '' || inner.includes(quote)) return bare
  return inner.replace(ESCAPED_END, '').replace(AROUND, '')
}

/** Unset, a value, or something bound that is no text: a secret of a store, or a table. */
const setting =
  <T, U>(read: Read<T>, unset: () => U | Wrong): Setting<T | U> =>
  (text, bound) => {
    if (text !== undefined) return read(text)
    return bound === undefined ? unset() : new Wrong('must be a text, not another kind of binding')
  }

export const required = <T>(read: Read<T>): Setting<T> => setting<T, never>(read, () => new Wrong('is required'))
export const optional = <T>(read: Read<T>): Setting<T | undefined> => setting(read, () => undefined)
export const either = <T>(read: Read<T>, unset: T): Setting<T> => setting(read, () => unset)

const split = (text: string) => text.split(',').map(cleaned).filter(Boolean)

/** Comma-separated; all of them right, or the first reason why not. Commas alone are no list. */
export const listOf =
  <T>(read: Read<T>): Read<T[]> =>
  (text) => {
    const values: T[] = []
    for (const item of split(text)) {
      const value = read(item)
      if (value instanceof Wrong) return value
      values.push(value)
    }
    return values.length > 0 ? values : new Wrong('names nothing')
  }
/** A text of which one thing is asked. */
export const textThat =
  (holds: (text: string) => boolean, message: string): Read<string> =>
  (text) =>
    holds(text) ? text : new Wrong(message)
export const oneOf =
  <T extends string>(...values: T[]): Read<T> =>
  (text) =>
    values.find((value) => value === text) ?? new Wrong(`must be one of ${values.join(', ')}`)
export const whole =
  (min: number, max: number): Read<number> =>
  (text) =>
    /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max
      ? Number(text)
      : new Wrong(`must be a whole number from ${min} to ${max}`)
export const flag: Read<boolean> = (text) => {
  const value = oneOf('on', 'off')(text)
  return value instanceof Wrong ? value : value === 'on'
}
export const plain = textThat((text) => !/\p{Cc}/u.test(text), 'must not hold control characters')
/** Plain, and so many characters. */
export const plainOf =
  (min: number, max: number, message: string): Read<string> =>
  (text) =>
    text.length >= min && text.length <= max ? plain(text) : new Wrong(message)
export const mailbox = (text: string) => parseMailbox(text) ?? new Wrong('must be an address or "Name <address>"')

/** A binding of wrangler.toml; `isIt` knows it from another kind. Unset is fine. */
export const binding =
  <T extends object>(isIt: (bound: object) => bound is T, message: string): Setting<T | undefined> =>
  (text, bound) => {
    if (bound === undefined) return text === undefined ? undefined : new Wrong(message)
    return isIt(bound) ? bound : new Wrong(message)
  }
