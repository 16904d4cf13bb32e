// Codes and link tokens: derived whenever they are needed, never stored.
import { base64url } from '../bytes.ts'
import type { Channel } from '../rules/status.ts'
import type { Keys } from './keys.ts'

/** What a code follows from: another code per channel, the same one on every resend. */
export interface CodeSource {
  /** The secret it was first derived from: a rotation must not change a code that is in the mail. */
  kid: string
  challengeId: string
  purpose: string
  channel: Channel
  /** Normalised address. */
  address: string
  digits: number
}

/** Unbiased digits: words of the MAC beyond the largest multiple of 10^digits are skipped. */
export async function deriveCode(keys: Keys, source: CodeSource): Promise<string> {
  const { challengeId, purpose, channel, address, digits, kid } = source
  const space = 10 ** digits
  const fair = Math.floor(2 ** 32 / space) * space
  for (let counter = 0; ; counter++) {
    const mac = await keys.mac('code', [challengeId, purpose, channel, address, String(counter)], kid)
    const words = new DataView(mac.buffer)
    for (let at = 0; at + 4 <= words.byteLength; at += 4) {
      const word = words.getUint32(at)
      if (word < fair) return String(word % space).padStart(digits, '0')
    }
  }
}

/** What the store keeps of a code. */
export async function codeMac(keys: Keys, challengeId: string, code: string, kid?: string): Promise<string> {
  return base64url(await keys.mac('mac', [challengeId, code], kid))
}

/** The MACs a typed code may have: one per live secret. */
export const codeMacs = (keys: Keys, challengeId: string, code: string): Promise<string[]> =>
  Promise.all(keys.kids.map((kid) => codeMac(keys, challengeId, code, kid)))

const LETTERS: Record<string, Channel> = { e: 'email', w: 'whatsapp', s: 'sms', p: 'push' }
const LINK_BYTES = 16
/** Challenge id without its prefix, channel letter, 128-bit MAC: every character is base64url. */
const LINK = /^([0-9a-z]{36})([ewsp])([A-Za-z0-9_-]{22})$/

async function linkMac(keys: Keys, challengeId: string, channel: Channel, kid: string): Promise<string> {
  return base64url((await keys.mac('link', [challengeId, channel], kid)).subarray(0, LINK_BYTES))
}

/** The token a mailed link carries instead of the code; it names its challenge. */
export async function linkToken(keys: Keys, challengeId: string, channel: Channel, kid: string): Promise<string> {
  const letter = Object.keys(LETTERS).find((key) => LETTERS[key] === channel) ?? ''
  return `${challengeId.slice('ch_'.length)}${letter}${await linkMac(keys, challengeId, channel, kid)}`
}

/** Challenge and channel of a genuine token; null for everything else. */
export async function readLinkToken(
  keys: Keys,
  token: string,
): Promise<{ challengeId: string; channel: Channel } | null> {
  const [, id, letter, mac] = LINK.exec(token) ?? []
  const channel = LETTERS[letter ?? '']
  if (!id || !channel) return null
  const challengeId = `ch_${id}`
  // A plain comparison: who can measure it still faces 128 unknown bits, and a token is tried against the network.
  for (const kid of keys.kids)
    if ((await linkMac(keys, challengeId, channel, kid)) === mac) return { challengeId, channel }
  return null
}
