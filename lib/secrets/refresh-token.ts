// Refresh tokens: the session, the turn and the nonce of its family, and a MAC over them. Being in the token, the nonce
// lets a forgery be refused before the Store is asked; the Store compares it in the step that turns the family.
import { base64url, isSame, utf8 } from '../bytes.ts'
import { isId, type Random } from '../names/ids.ts'
import type { Keys } from './keys.ts'

/** What a token says of itself; nothing of it is believed until `isRefreshToken`. */
export interface RefreshToken {
  sessionId: string
  /** 0 for the first token of a family, one more at each turn. */
  n: number
  /** The family's random part: 128 bits in base64url. */
  nonce: string
  /** base64url of 32 bytes. */
  mac: string
}

/** Far more turns than 30 days hold, and an integer in every store. */
const N_MAX = 999_999_999
const NONCE_BYTES = 16
/** The last character of 16 and of 32 bytes in base64url has bits to spare: only one spelling of them is ours. */
const SHAPE = /^(ses_[0-9a-z]+)\.(0|[1-9]\d{0,8})\.([A-Za-z0-9_-]{21}[AQgw])\.([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])$/

/** For a new family. */
export const newNonce = (random: Random): string => base64url(random(NONCE_BYTES))

/** The same token for the same family and turn, for as long as `kid` stays: so a repeat may be answered again. */
export async function makeRefreshToken(
  keys: Keys,
  { sessionId, n, nonce }: { sessionId: string; n: number; nonce: string },
): Promise<string> {
  if (!isId('ses', sessionId) || !Number.isInteger(n) || n < 0 || n > N_MAX) throw new Error('no such refresh token')
  return `${sessionId}.${n}.${nonce}.${await macOf(keys, sessionId, n, nonce, keys.kid)}`
}

/** null for everything `makeRefreshToken` could not have written: it needs no trip to the Store. */
export function parseRefreshToken(text: string): RefreshToken | null {
  const [, sessionId, n, nonce, mac] = SHAPE.exec(text) ?? []
  if (!sessionId || !n || !nonce || !mac || !isId('ses', sessionId)) return null
  return { sessionId, n: Number(n), nonce, mac }
}

/** True when one of the live secrets made this token; whether its family still lives is the Store's to say. */
export async function isRefreshToken(keys: Keys, { sessionId, n, nonce, mac }: RefreshToken): Promise<boolean> {
  const macs = await Promise.all(keys.kids.map((kid) => macOf(keys, sessionId, n, nonce, kid)))
  return macs.map((one) => isSame(utf8(one), utf8(mac))).includes(true)
}

async function macOf(keys: Keys, sessionId: string, n: number, nonce: string, kid: string): Promise<string> {
  return base64url(await keys.mac('session', [sessionId, String(n), nonce], kid))
}
