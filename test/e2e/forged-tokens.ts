// Access tokens that must not be believed, made by somebody who has every key but the right one, or the right one and bad intent.

import { createHash } from 'node:crypto'
import { base64url, utf8 } from '../../lib/bytes.ts'
import { accessTokens } from '../../lib/secrets/access-token.ts'
import { keysFrom, parseSecrets } from '../../lib/secrets/keys.ts'

/** For POSTA_SECRET, so that a test can sign as the Worker does. */
export const SECRET = secretOf('e2e', 7)
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

export function secretOf(kid: string, byte: number): string {
  return `${kid}:${createHash('sha256').update(`${byte}`).digest('base64')}`
}

interface Signing {
  publicUrl: string
  userId: string
  sessionId: string
  secret?: string
  environment?: string
  /** How long ago it was signed. */
  ageMs?: number
}

/** A token just as the Worker makes them, but for what is asked to differ. */
export async function signedToken({ publicUrl, userId, sessionId, ...about }: Signing): Promise<string> {
  const { secret = SECRET, environment = 'development', ageMs = 0 } = about
  const keys = keysFrom(parseSecrets(secret) ?? [], random)
  const now = () => Date.now() - ageMs
  const { token } = await accessTokens({ keys, publicUrl, environment, minutes: 60, alg: 'ES256', now, random }).issue({
    userId,
    sessionId,
  })
  return token
}

export interface Claims {
  iss: string
  sub: string
  sid: string
  iat: number
  exp: number
  [name: string]: unknown
}

export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}

const part = (value: object) => base64url(utf8(JSON.stringify(value)))
const headerOf = (token: string): object => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())

/** The same claims, or others, without any signature. */
export const unsigned = (token: string, claims: object = claimsOf(token), alg = 'none'): string =>
  `${part({ ...headerOf(token), alg })}.${part(claims)}.`

/** Signed with what everybody can read in the JWKS as if it were a shared secret. */
export async function hmacSigned(token: string, secret: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof secret === 'string' ? utf8(secret) : secret
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const text = `${part({ ...headerOf(token), alg: 'HS256' })}.${part(claimsOf(token))}`
  return `${text}.${base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text))))}`
}

/** Another signature over other claims: what is left when one signed part is changed. */
export function tampered(token: string, changes: Record<string, unknown>): string {
  const [header, , signature] = token.split('.')
  return `${header}.${part({ ...claimsOf(token), ...changes })}.${signature}`
}
