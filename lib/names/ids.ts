// Prefixed ids: 48 bits of time, then 127 random bits, in Crockford base32, so they sort by time and cannot be guessed;
// the last character says where it lives.
import { type Home, letterOf } from './homes.ts'

export type IdPrefix = 'msg' | 'usr' | 'ch' | 'ses' | 'sub' | 'req' | 'lease'

/** n bytes from a cryptographic source; passed in, so tests own it. */
export type Random = (bytes: number) => Uint8Array<ArrayBuffer>

/** Digits of an id. */
export const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** The time in an id and the first two random bits are so many of its digits. */
export const TIME_CHARACTERS = 10

/** Crockford base32, lower case, 5 bits a character, most significant first. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(value >>> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31] : text
}

/**
 * e.g. `msg_06f3…`, 36 characters after the prefix. `home`: the store it is made in, for messages (that of their challenge), challenges and
 * sessions; left out, the id says none.
 *
 *     const id = newId('msg', now, core.random, core.store.home)
 */
export function newId(prefix: IdPrefix, now: number, random: Random, home?: Home | null): string {
  const bytes = new Uint8Array(22)
  new DataView(bytes.buffer).setUint32(0, Math.floor(now / 65_536))
  new DataView(bytes.buffer).setUint16(4, now % 65_536)
  bytes.set(random(16), 6)
  const text = base32(bytes)
  return `${prefix}_${home ? text.slice(0, -1) + letterOf(home) : text}`
}

/** Sorts before every id that `newId` makes at `at` or later, and after those of before. */
export const firstId = (prefix: IdPrefix, at: number): string => newId(prefix, at, (bytes) => new Uint8Array(bytes))

/** True for the shape `newId` makes: everything else is answered 404 without a store trip. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{36}$/.test(text.slice(prefix.length + 1))
}
