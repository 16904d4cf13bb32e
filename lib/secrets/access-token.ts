// Access tokens: JWTs signed with Ed25519 by keys derived from POSTA_SECRET, so that no key is stored anywhere.
import { base64url } from '../bytes.ts'
import type { Random } from '../names/ids.ts'
import { CLOCK_SKEW_MS } from '../rules/numbers.ts'
import type { Keys } from './keys.ts'

/** RFC 9068: keeps another kind of JWT under the same keys from passing for one of these. */
const TYP = 'at+jwt'
const ALG = 'EdDSA'
const CLAIMS = ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp']
/** Ours have about 500 characters: nothing longer is worth a decoder's time. */
const TOKEN_MAX = 1_024
/** PKCS #8 around the 32 bytes of an Ed25519 seed (RFC 8410 §7). */
const PKCS8_PREFIX = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]

export interface AccessClaims {
  userId: string
  sessionId: string
  tokenId: string
  /** Epoch ms, as its end: a Bearer of the sessions port is made of these. */
  issuedAt: number
  expiresAt: number
}

/** One public key as `/.well-known/jwks.json` shows it (RFC 8037). */
export interface PublicJwk {
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  kid: string
  use: 'sig'
  alg: 'EdDSA'
}

export interface AccessTokens {
  /** Signed by the current secret. */
  issue(person: { userId: string; sessionId: string }): Promise<{ token: string; expiresInSeconds: number }>
  /** By any live secret; null for everything that is not ours, not for this environment or not good now. Never throws. */
  verify(token: string): Promise<AccessClaims | null>
  jwks(): Promise<{ keys: PublicJwk[] }>
}

export interface AccessTokenDeps {
  keys: Keys
  /** An origin: `iss`, and with the environment `aud`. */
  publicUrl: string
  environment: string
  minutes: number
  now: () => number
  random: Random
}

interface Pair {
  privateKey: CryptoKey
  publicKey: CryptoKey
  jwk: PublicJwk
}

/**
 *     const tokens = accessTokens({ keys, publicUrl: 'https://posta.example.com', environment: 'production', minutes: 60, now, random })
 *     const claims = await tokens.verify(text) // null when it is not one of ours
 */
export function accessTokens({ keys, publicUrl, environment, minutes, now, random }: AccessTokenDeps): AccessTokens {
  const issuer = publicUrl
  const audience = `${publicUrl}/${environment}`
  const lifeSeconds = minutes * 60
  const pairs = new Map<string, Promise<Pair>>()
  const pairOf = (kid: string) => {
    const pair = pairs.get(kid) ?? derivePair(keys, kid)
    pairs.set(kid, pair)
    return pair
  }

  return {
    async issue({ userId, sessionId }) {
      const { SignJWT } = await import('jose/jwt/sign')
      const { privateKey } = await pairOf(keys.kid)
      const issuedAt = Math.floor(now() / 1_000)
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALG, typ: TYP, kid: keys.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setJti(base64url(random(16)))
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifeSeconds)
        .sign(privateKey)
      return { token, expiresInSeconds: lifeSeconds }
    },
    async verify(token) {
      if (token.length > TOKEN_MAX) return null
      const [{ decodeProtectedHeader }, { jwtVerify }] = await Promise.all([
        import('jose/decode/protected_header'),
        import('jose/jwt/verify'),
      ])
      try {
        const { kid } = decodeProtectedHeader(token)
        if (kid === undefined || !keys.kids.includes(kid)) return null
        const { publicKey } = await pairOf(kid)
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: [ALG],
          typ: TYP,
          issuer,
          audience,
          requiredClaims: CLAIMS,
          // `iat` may be this far ahead and `exp` this far behind.
          clockTolerance: CLOCK_SKEW_MS.own / 1_000,
          // Refuses an `iat` in the future, too.
          maxTokenAge: lifeSeconds,
          currentDate: new Date(now()),
        })
        const { sub, sid, jti, iat, exp } = payload
        if (!isText(sub) || !isText(sid) || !isText(jti) || iat === undefined || exp === undefined) return null
        return { userId: sub, sessionId: sid, tokenId: jti, issuedAt: iat * 1_000, expiresAt: exp * 1_000 }
      } catch {
        // Whatever is wrong with it, it is nobody's token.
        return null
      }
    },
    async jwks() {
      const live = await Promise.all(keys.kids.map(pairOf))
      return { keys: live.map((pair) => pair.jwk) }
    },
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** The seed is 32 bytes of a PRF under this use's own key, which is what HKDF-Expand would give (RFC 5869 §2.3). */
async function derivePair(keys: Keys, kid: string): Promise<Pair> {
  const pkcs8 = Uint8Array.from([...PKCS8_PREFIX, ...(await keys.mac('access', ['ed25519'], kid))])
  const derived = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  const exported = await crypto.subtle.exportKey('jwk', derived)
  if (exported instanceof ArrayBuffer || exported.x === undefined) throw new Error('Ed25519 key without a public half')
  const jwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: exported.x, kid, use: 'sig', alg: ALG }
  const { kty, crv, x } = jwk
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', { kty, crv, x }, 'Ed25519', false, ['verify']),
    jwk,
  }
}
