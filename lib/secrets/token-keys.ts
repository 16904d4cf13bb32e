// Key pairs of access tokens, derived from POSTA_SECRET, so that no key is stored anywhere: one per secret and algorithm.
import { hex } from '../bytes.ts'
import type { Keys } from './keys.ts'

export const TOKEN_ALGS = ['ES256', 'EdDSA'] as const
export type TokenAlg = (typeof TOKEN_ALGS)[number]

/** One public key as `/.well-known/jwks.json` shows it (RFC 7517, RFC 8037). */
export type PublicJwk =
  | { kty: 'EC'; crv: 'P-256'; x: string; y: string; kid: string; use: 'sig'; alg: 'ES256' }
  | { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; use: 'sig'; alg: 'EdDSA' }

export interface TokenPair {
  /** As tokens and key sets name it: of the secret and the algorithm. */
  kid: string
  alg: TokenAlg
  privateKey: CryptoKey
  publicKey: CryptoKey
  jwk: PublicJwk
}

export interface TokenKeys {
  /** The current secret's. */
  signing(alg: TokenAlg): Promise<TokenPair>
  /** null for a kid of no secret that is listed. */
  named(kid: string): Promise<TokenPair | null>
  all(): Promise<TokenPair[]>
}

/** PKCS #8 around the 32 bytes of an Ed25519 seed (RFC 8410 §7). */
const ED25519_PKCS8 = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]
/** … and around the 32 bytes of a P-256 scalar (RFC 5915), without its point: the platform computes that. */
const P256_PKCS8 = [
  ...[48, 65, 2, 1, 0, 48, 19, 6, 7, 42, 134, 72, 206, 61, 2, 1, 6, 8, 42, 134, 72, 206, 61, 3, 1, 7],
  ...[4, 39, 48, 37, 2, 1, 1, 4, 32],
]
/** The order of P-256 (SEC 2 §2.4.2). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const P256 = { name: 'ECDSA', namedCurve: 'P-256' }

/**
 *     const { privateKey, kid } = await tokenKeys(keys).signing('ES256')
 */
export function tokenKeys(keys: Keys): TokenKeys {
  const derived = new Map<string, Promise<TokenPair>>()
  const pairOf = (secret: string, alg: TokenAlg): Promise<TokenPair> => {
    const kid = kidOf(secret, alg)
    const known = derived.get(kid)
    if (known) return known
    const pair = (alg === 'ES256' ? p256Pair(keys, secret, kid) : ed25519Pair(keys, secret, kid)).catch((error) => {
      // What failed once is tried again with the next token.
      derived.delete(kid)
      throw error
    })
    derived.set(kid, pair)
    return pair
  }
  const names = keys.kids.flatMap((secret) => TOKEN_ALGS.map((alg) => ({ secret, alg })))
  return {
    signing: (alg) => pairOf(keys.kid, alg),
    async named(kid) {
      const found = names.find(({ secret, alg }) => kidOf(secret, alg) === kid)
      return found ? pairOf(found.secret, found.alg) : null
    },
    all: () => Promise.all(names.map(({ secret, alg }) => pairOf(secret, alg))),
  }
}

/** A secret's own kid holds no dot: no two pairs share a name. */
const kidOf = (secret: string, alg: TokenAlg): string => `${secret}.${alg.toLowerCase()}`

/** The seed is 32 bytes of a PRF under this use's own key, which is what HKDF-Expand would give (RFC 5869 §2.3). */
async function ed25519Pair(keys: Keys, secret: string, kid: string): Promise<TokenPair> {
  const pkcs8 = Uint8Array.from([...ED25519_PKCS8, ...(await keys.mac('access', ['ed25519'], secret))])
  const { x } = await publicHalf(pkcs8, 'Ed25519')
  const jwk = { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' } as const
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']),
    crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x }, 'Ed25519', false, ['verify']),
  ])
  return { kid, alg: 'EdDSA', privateKey, publicKey, jwk }
}

async function p256Pair(keys: Keys, secret: string, kid: string): Promise<TokenPair> {
  const pkcs8 = Uint8Array.from([...P256_PKCS8, ...(await p256Scalar((parts) => keys.mac('access', parts, secret)))])
  const { x, y } = await publicHalf(pkcs8, P256)
  if (y === undefined) throw new Error('P-256 key without a public half')
  const jwk = { kty: 'EC', crv: 'P-256', x, y, kid, use: 'sig', alg: 'ES256' } as const
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey('pkcs8', pkcs8, P256, false, ['sign']),
    crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x, y }, P256, false, ['verify']),
  ])
  return { kid, alg: 'ES256', privateKey, publicKey, jwk }
}

/** The first of `mac("es256" ‖ 0)`, `mac("es256" ‖ 1)` … in [1, n−1]: every scalar is equally likely (FIPS 186-5 §A.2.2). */
export async function p256Scalar<Bytes extends Uint8Array>(mac: (parts: string[]) => Promise<Bytes>): Promise<Bytes> {
  for (let counter = 0; ; counter++) {
    const bytes = await mac(['es256', String(counter)])
    const scalar = BigInt(`0x${hex(bytes)}`)
    if (scalar >= 1n && scalar < P256_ORDER) return bytes
  }
}

async function publicHalf(pkcs8: Uint8Array<ArrayBuffer>, algorithm: string | typeof P256) {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign'])
  const exported = await crypto.subtle.exportKey('jwk', key)
  if (exported instanceof ArrayBuffer || exported.x === undefined) throw new Error('key without a public half')
  return { x: exported.x, y: exported.y }
}
