// Access tokens of Supabase Auth: https://supabase.com/docs/guides/auth/jwts (claims), /signing-keys (JWKS).
import type { JWTPayload } from 'jose'
import { utf8 } from '../bytes.ts'
import { hasControls, parseEmail } from '../names/address.ts'
import { localeOf } from '../names/locale.ts'
import type { Bounds, Called } from '../net/call.ts'
import { Fault } from '../outcome/fault.ts'
import type { Locale } from '../ports/renderer.ts'
import { ANSWER_BYTES_MAX, CLOCK_SKEW_MS, SUPABASE_KEYS, TIMEOUTS } from '../rules/numbers.ts'

/** A name, an address and metadata of a few kilobytes: a header cannot hold much more. */
const TOKEN_MAX = 16_384
const NAME_MAX = 60
const BOUNDS: Bounds = { timeoutMs: TIMEOUTS.supabaseMs, maxBytes: ANSWER_BYTES_MAX }
/** Each asymmetric algorithm with the only kind of key it may meet. */
const KEY_TYPES = {
  RS256: { kty: 'RSA', crv: undefined },
  ES256: { kty: 'EC', crv: 'P-256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
} as const

type Algorithm = keyof typeof KEY_TYPES

export interface SupabasePerson {
  /** `sub`: the person's id at Supabase. */
  subject: string
  /** As providers take it. */
  email: string | null
  /** What the person says of themselves: plain text, at most 60 characters. */
  name: string | null
  locale: Locale | null
}

export interface SupabaseTokens {
  /** null for every token that is not good; throws a Fault when Supabase's keys cannot be had. */
  verify(token: string): Promise<SupabasePerson | null>
}

export interface SupabaseTokenDeps {
  /** SUPABASE_URL, without a trailing slash. */
  url: string
  /** SUPABASE_JWT_SECRET; without it no HS256 token is good. */
  jwtSecret?: string | undefined
  /** lib/net/call.ts, or what answers like it. */
  call(request: { url: string; method: 'GET'; headers: Record<string, string> }, bounds: Bounds): Promise<Called>
  now: () => number
}

/**
 *     const person = await supabaseTokens({ url, call, now }).verify(token) // null when it is not good
 */
export function supabaseTokens({ url, jwtSecret, call, now }: SupabaseTokenDeps): SupabaseTokens {
  const issuer = `${url}/auth/v1`
  const secret = jwtSecret ? utf8(jwtSecret) : null
  const keyOf = keySet(`${issuer}/.well-known/jwks.json`, call, now)

  return {
    async verify(token) {
      if (token.length > TOKEN_MAX) return null
      const [{ decodeProtectedHeader }, { decodeJwt }, { jwtVerify }] = await Promise.all([
        import('jose/decode/protected_header'),
        import('jose/jwt/decode'),
        import('jose/jwt/verify'),
      ])
      let header: { alg?: string | undefined; kid?: string | undefined }
      try {
        header = decodeProtectedHeader(token)
        // One of our own, or anybody's: not worth a question for keys, whose failure would be 503.
        if (decodeJwt(token).iss !== issuer) return null
      } catch {
        return null
      }
      const { alg, kid } = header
      // The algorithm picks the kind of key: no public key is ever a secret here, whatever the header says.
      const key = alg === 'HS256' ? secret : isAlgorithm(alg) && typeof kid === 'string' ? await keyOf(kid, alg) : null
      if (alg === undefined || key === null) return null
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [alg],
          issuer,
          audience: 'authenticated',
          requiredClaims: ['sub', 'exp', 'iss', 'aud'],
          clockTolerance: CLOCK_SKEW_MS.supabase / 1_000,
          currentDate: new Date(now()),
        })
        return personOf(payload)
      } catch {
        return null
      }
    },
  }
}

const isAlgorithm = (alg: string | undefined): alg is Algorithm => alg !== undefined && Object.hasOwn(KEY_TYPES, alg)

function personOf(claims: JWTPayload): SupabasePerson | null {
  const { sub, email } = claims
  if (typeof sub !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(sub)) return null
  const about = isRecord(claims.user_metadata) ? claims.user_metadata : {}
  return {
    subject: sub,
    email: typeof email === 'string' ? (parseEmail(email)?.deliver ?? null) : null,
    name: plainName(about.full_name) ?? plainName(about.name),
    locale: localeOf(about.locale),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function plainName(value: unknown): string | null {
  const name = typeof value === 'string' ? value.trim() : ''
  return name === '' || name.length > NAME_MAX || hasControls(name) ? null : name
}

type KeyOf = (kid: string, alg: Algorithm) => Promise<CryptoKey | null>

/**
 * Keys by kid, asked for at most every ten minutes, or every 30 s for unknown kids.
 * Each request asks for itself: in workerd a request that waits for another one's answer hangs when that one is cut off.
 */
function keySet(url: string, call: SupabaseTokenDeps['call'], now: () => number): KeyOf {
  let known: Map<string, CryptoKey> | null = null
  let fetchedAt = 0
  let askedAt = Number.NEGATIVE_INFINITY
  let failedAt = Number.NEGATIVE_INFINITY

  const ask = async () => {
    askedAt = now()
    const answer = await call({ url, method: 'GET', headers: { Accept: 'application/json' } }, BOUNDS)
    const keys = answer.kind === 'answered' && answer.status === 200 ? await importKeys(answer.json) : null
    if (keys === null) {
      failedAt = now()
      return
    }
    known = keys
    fetchedAt = now()
    failedAt = Number.NEGATIVE_INFINITY
  }

  return async (kid, alg) => {
    const name = `${alg} ${kid}`
    const isFresh = known !== null && now() - fetchedAt < SUPABASE_KEYS.liveMs
    const isDue = isFresh
      ? !known?.has(name) && now() - askedAt >= SUPABASE_KEYS.askGapMs
      : now() - failedAt >= SUPABASE_KEYS.failedGapMs
    if (isDue) await ask()
    if (known !== null && now() - fetchedAt < SUPABASE_KEYS.staleMs) {
      const key = known.get(name)
      if (key) return key
      // Known not to exist, as of the last ten minutes; a set older than that cannot say so.
      if (now() - fetchedAt < SUPABASE_KEYS.liveMs) return null
    }
    throw new Fault('users', { retryAfterMs: SUPABASE_KEYS.failedGapMs })
  }
}

/** null when it is no JWK set. Keys of other kinds, for encryption, or broken are left out. */
async function importKeys(set: unknown): Promise<Map<string, CryptoKey> | null> {
  if (!isRecord(set) || !Array.isArray(set.keys)) return null
  const { importJWK } = await import('jose/key/import')
  const keys = new Map<string, CryptoKey>()
  for (const jwk of set.keys) {
    const alg = isRecord(jwk) ? algorithmOf(jwk) : null
    if (!isRecord(jwk) || alg === null || typeof jwk.kid !== 'string') continue
    const { kty, crv, x, y, n, e } = Object.fromEntries(
      Object.entries(jwk).filter(([, part]) => typeof part === 'string'),
    )
    const key = await importJWK({ kty, crv, x, y, n, e } as Record<string, string>, alg).catch(() => null)
    if (key && !(key instanceof Uint8Array)) keys.set(`${alg} ${jwk.kid}`, key)
  }
  return keys
}

function algorithmOf(jwk: Record<string, unknown>): Algorithm | null {
  if (jwk.use !== undefined && jwk.use !== 'sig') return null
  for (const [alg, { kty, crv }] of Object.entries(KEY_TYPES)) {
    const isOfType = jwk.kty === kty && (crv === undefined || jwk.crv === crv)
    if (isOfType && isAlgorithm(alg) && (jwk.alg === undefined || jwk.alg === alg)) return alg
  }
  return null
}
