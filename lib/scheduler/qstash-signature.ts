// QStash's signature on callbacks: https://upstash.com/docs/qstash/features/security
// The SDK's Receiver takes HS512, tokens without `exp`, and QSTASH_DEV's public keys: hence jose, with everything pinned.
import { base64url, utf8 } from '../bytes.ts'
import { type Log, seldom } from '../log.ts'
import { CLOCK_SKEW_MS } from '../rules/numbers.ts'
import { MINUTE } from '../rules/units.ts'

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

/** What is wrong with a signature. Of all but `key` our own key signed it, so the mistake is ours or QStash's. */
export type Mistrust = 'key' | 'url' | 'time' | 'body' | 'claims'

/** null when QStash signed this body for this URL and the token is still good. Never throws. */
export async function mistrustOf({ signature, body, url, keys, now }: SignedCallback): Promise<Mistrust | null> {
  const { jwtVerify } = await import('jose/jwt/verify')
  const hash = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>)))
  let found: Mistrust = 'key'
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
      return typeof payload.body === 'string' && payload.body.replace(/=+$/, '') === hash ? null : 'body'
    } catch (error) {
      // The next key, or nobody.
      found = ofClaims(error) ?? found
    }
  }
  return found
}

/** By jose's own fields: a claim is looked at only once the key was right. */
function ofClaims(error: unknown): Mistrust | null {
  const { code, claim } = error as { code?: unknown; claim?: unknown }
  if (code !== 'ERR_JWT_EXPIRED' && code !== 'ERR_JWT_CLAIM_VALIDATION_FAILED') return null
  if (claim === 'sub') return 'url'
  return code === 'ERR_JWT_EXPIRED' || claim === 'nbf' ? 'time' : 'claims'
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
  log: Log
}

/** A signature that is refused is logged with the URL that was expected: else a wrong PUBLIC_URL would show nowhere. */
export function qstashCallbacks({ currentKey, nextKey, publicUrl, now, log }: QstashKeys): QstashCallbacks {
  const keys = [currentKey, nextKey]
  // Anybody can send a signature of no key of ours, as often as they like.
  const logSeldom = seldom(log, MINUTE, now)
  return {
    async isSigned(signature, body, path) {
      if (signature === null) return false
      const url = `${publicUrl}${path}`
      const reason = await mistrustOf({ signature, body, url, keys, now: now() })
      if (reason === null) return true
      const write = reason === 'key' ? logSeldom : log
      write('warn', 'signature_refused', { reason, expected: url })
      return false
    },
  }
}
