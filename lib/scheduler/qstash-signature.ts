// QStash's signature on callbacks: https://upstash.com/docs/qstash/features/security
// The SDK's Receiver takes HS512, tokens without `exp`, and QSTASH_DEV's public keys: hence jose, with everything pinned.
import { base64url, utf8 } from '../bytes.ts'
import { CLOCK_SKEW_MS } from '../rules/numbers.ts'

export interface SignedCallback {
  /** `Upstash-Signature`: a JWT. */
  signature: string
  /** The raw body. */
  body: Uint8Array
  /** Where we know ourselves to be; never taken from the request. */
  url: string
  /** The current signing key and the next one, so that keys can be rolled without a gap. */
  keys: readonly string[]
  /** Epoch ms. */
  now: number
}

/** True when QStash signed this body for this URL and the token is still good. Never throws. */
export async function verifyQstash({ signature, body, url, keys, now }: SignedCallback): Promise<boolean> {
  const { jwtVerify } = await import('jose/jwt/verify')
  const hash = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>)))
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(signature, utf8(key), {
        algorithms: ['HS256'],
        issuer: 'Upstash',
        subject: url,
        requiredClaims: ['exp', 'body'],
        clockTolerance: CLOCK_SKEW_MS.qstash / 1_000,
        currentDate: new Date(now),
      })
      // Padded in the documentation's example, not by the SDK.
      return typeof payload.body === 'string' && payload.body.replace(/=+$/, '') === hash
    } catch {
      // The next key, or nobody.
    }
  }
  return false
}

/** Callbacks as the HTTP side sees them. */
export interface QstashCallbacks {
  /** `path` is the route's own. */
  isSigned(signature: string | null, body: Uint8Array, path: string): Promise<boolean>
}

export interface QstashKeys {
  currentKey: string
  nextKey: string
  publicUrl: string
  now: () => number
}

export function qstashCallbacks({ currentKey, nextKey, publicUrl, now }: QstashKeys): QstashCallbacks {
  const keys = [currentKey, nextKey]
  return {
    isSigned: async (signature, body, path) =>
      signature !== null && verifyQstash({ signature, body, url: `${publicUrl}${path}`, keys, now: now() }),
  }
}
