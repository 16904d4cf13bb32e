// Access tokens: JWTs that anybody can verify by our published keys.
import { base64url } from '../bytes.ts'
import type { Random } from '../names/ids.ts'
import { isLoopbackOrigin } from '../net/local.ts'
import { CLOCK_SKEW_MS } from '../rules/numbers.ts'
import type { Keys } from './keys.ts'
import { type PublicJwk, type TokenAlg, tokenKeys } from './token-keys.ts'

/** RFC 9068: keeps another kind of JWT under the same keys from passing for one of these. */
const TYP = 'at+jwt'
const CLAIMS = ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp']
/** Ours have about 500 characters: nothing longer is worth a decoder's time. */
const TOKEN_MAX = 1_024
/** A token says it was made so long before it was: a verifier whose clock is behind ours takes it all the same. */
const ISSUED_EARLIER = CLOCK_SKEW_MS.own / 1_000

export interface AccessClaims {
  userId: string
  sessionId: string
  tokenId: string
  /** Epoch ms when it was made, `iat` set right, as its end: a Bearer of the sessions port is made of these. */
  issuedAt: number
  expiresAt: number
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
  /** What new ones are signed with; those of any other algorithm of ours stay good. */
  alg: TokenAlg
  now: () => number
  random: Random
}

/**
 *     const tokens = accessTokens({ keys, publicUrl, environment: 'production', minutes: 60, alg: 'ES256', now, random })
 *     const claims = await tokens.verify(text) // null when it is not one of ours
 */
export function accessTokens(deps: AccessTokenDeps): AccessTokens {
  const { keys, publicUrl, environment, minutes, alg, now, random } = deps
  const audienceOf = (issuer: string) => `${issuer}/${environment}`
  // One development server has several names, and a token is taken along from one to the other.
  const isOurs = (issuer: string) => issuer === publicUrl || (environment === 'development' && isLoopbackOrigin(issuer))
  const lifeSeconds = minutes * 60
  const pairs = tokenKeys(keys)

  return {
    async issue({ userId, sessionId }) {
      const { SignJWT } = await import('jose/jwt/sign')
      const { privateKey, kid } = await pairs.signing(alg)
      const issuedAt = Math.floor(now() / 1_000)
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg, typ: TYP, kid })
        .setIssuer(publicUrl)
        .setAudience(audienceOf(publicUrl))
        .setSubject(userId)
        .setJti(base64url(random(16)))
        .setIssuedAt(issuedAt - ISSUED_EARLIER)
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
        const pair = kid === undefined ? null : await pairs.named(kid)
        if (!pair) return null
        const { payload } = await jwtVerify(token, pair.publicKey, {
          algorithms: [pair.alg],
          typ: TYP,
          requiredClaims: CLAIMS,
          // `iat` may be this far ahead and `exp` this far behind.
          clockTolerance: CLOCK_SKEW_MS.own / 1_000,
          // Refuses an `iat` in the future, too.
          maxTokenAge: lifeSeconds + ISSUED_EARLIER,
          currentDate: new Date(now()),
        })
        const { iss, aud, sub, sid, jti, iat, exp } = payload
        if (!isText(iss) || !isOurs(iss) || aud !== audienceOf(iss)) return null
        if (!isText(sub) || !isText(sid) || !isText(jti) || iat === undefined || exp === undefined) return null
        return {
          userId: sub,
          sessionId: sid,
          tokenId: jti,
          issuedAt: (iat + ISSUED_EARLIER) * 1_000,
          expiresAt: exp * 1_000,
        }
      } catch {
        // Whatever is wrong with it, it is nobody's token.
        return null
      }
    },
    async jwks() {
      return { keys: (await pairs.all()).map((pair) => pair.jwk) }
    },
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
