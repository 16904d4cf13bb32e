// Signatures as QStash makes them (https://upstash.com/docs/qstash/features/security), and as others would.
import { createHash, createHmac } from 'node:crypto'

/**
 * current, next: good · none: no signature · forged: another key · expired: six minutes ago · other_path: for another URL ·
 * other_body: for another body · no_exp, no_body: without that claim · hs512, alg_none: another algorithm ·
 * other_issuer: not by Upstash.
 */
export const SIGNATURES = [
  'current',
  'next',
  'none',
  'forged',
  'expired',
  'other_path',
  'other_body',
  'no_exp',
  'no_body',
  'hs512',
  'alg_none',
  'other_issuer',
] as const
export type SignAs = (typeof SIGNATURES)[number]

export interface Signable {
  url: string
  body: string
  keys: { current: string; next: string }
  /** Epoch ms. */
  now?: number
  as?: SignAs
}

const LIFE_SECONDS = 300

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** null for `none`. The body hash is padded, as in the documentation's example. */
export function signature({ url, body, keys, now = Date.now(), as = 'current' }: Signable): string | null {
  if (as === 'none') return null
  const iat = Math.floor(now / 1_000) - (as === 'expired' ? LIFE_SECONDS + 60 : 0)
  const hashed = as === 'other_body' ? `${body} ` : body
  const claims = {
    iss: as === 'other_issuer' ? 'Downstash' : 'Upstash',
    sub: as === 'other_path' ? `${url}/other` : url,
    ...(as !== 'no_exp' && { exp: iat + LIFE_SECONDS }),
    iat,
    nbf: 0,
    jti: `jwt_${iat}`,
    ...(as !== 'no_body' && { body: `${createHash('sha256').update(hashed).digest('base64url')}=` }),
  }
  const alg = as === 'hs512' ? 'HS512' : as === 'alg_none' ? 'none' : 'HS256'
  const text = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`
  if (as === 'alg_none') return `${text}.`
  const key = as === 'next' ? keys.next : as === 'forged' ? 'sig_of_somebody_else' : keys.current
  return `${text}.${createHmac(alg === 'HS512' ? 'sha512' : 'sha256', key)
    .update(text)
    .digest('base64url')}`
}
