// One secret, many keys: HKDF-SHA256 (RFC 5869) derives a key per use from each entry of POSTA_SECRET.
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64url, fromBase64, fromUtf8, utf8 } from '../bytes.ts'

/** One entry of POSTA_SECRET: `kid:base64(32 bytes)`. The first signs and seals, all of them verify and open. */
export interface Secret {
  kid: string
  bytes: Uint8Array<ArrayBuffer>
}

export type HmacUse = 'code' | 'mac' | 'link' | 'session' | 'access' | 'password' | 'address' | 'idempotency'

export interface Keys {
  /** The kid that signs and seals now. */
  kid: string
  /** Every kid that still verifies, the current one first. */
  kids: string[]
  /** HMAC-SHA256 of the parts (none may hold NUL) under the key of this use and kid. */
  mac(use: HmacUse, parts: string[], kid?: string): Promise<Uint8Array<ArrayBuffer>>
  /** Keyed hash for look-ups: from the last secret, so that rotation forgets nobody. */
  hash(kind: 'address' | 'idempotency', text: string): Promise<string>
  /** AES-256-GCM bound to `id`: `kid.base64url(iv ‖ ciphertext ‖ tag)`. */
  seal(id: string, content: string | Uint8Array<ArrayBuffer>): Promise<string>
  /** null when the seal is foreign, damaged, moved to another id, or its secret is gone. */
  open(id: string, sealed: string): Promise<string | null>
  /** The same of what was sealed as bytes. */
  openBytes(id: string, sealed: string): Promise<Uint8Array<ArrayBuffer> | null>
}

const IV_BYTES = 12
const KEY_BYTES = 32

/** HKDF-SHA256 without salt, its info the use: another key for each, and none tells of another. */
const subKey = (secret: Secret, use: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(hkdf(sha256, secret.bytes, undefined, utf8(`posta/${use}`), KEY_BYTES))

/**
 * Keys of all uses, made of the entries of POSTA_SECRET when they are first asked for.
 *
 *     const keys = keysFrom(config.POSTA_SECRET, random)
 *     const series = `login:${await keys.hash('address', 'ana@example.com')}`
 */
export function keysFrom(secrets: Secret[], random: (bytes: number) => Uint8Array<ArrayBuffer>): Keys {
  const [first] = secrets
  const last = secrets.at(-1)
  if (!first || !last) throw new Error('keysFrom needs at least one secret')
  const byKid = new Map(secrets.map((secret) => [secret.kid, secret]))
  const imported = new Map<string, Promise<CryptoKey>>()

  /** The key of one use, imported once: what a request signs and seals with is WebCrypto's. */
  const keyOf = (kid: string, use: string, algorithm: { name: string; hash?: string }, usages: string[]) => {
    const name = `${kid}/${use}`
    const known = imported.get(name)
    if (known) return known
    const secret = byKid.get(kid)
    if (!secret) throw new Error('unknown kid')
    const key = crypto.subtle.importKey('raw', subKey(secret, use), algorithm, false, usages)
    imported.set(name, key)
    return key
  }
  const hmacKey = (kid: string, use: HmacUse) => keyOf(kid, use, { name: 'HMAC', hash: 'SHA-256' }, ['sign'])
  const sealKey = (kid: string) => keyOf(kid, 'seal', { name: 'AES-GCM' }, ['encrypt', 'decrypt'])

  const keys: Keys = {
    kid: first.kid,
    kids: secrets.map((secret) => secret.kid),
    async mac(use, parts, kid = first.kid) {
      return new Uint8Array(await crypto.subtle.sign('HMAC', await hmacKey(kid, use), utf8(parts.join('\0'))))
    },
    async hash(kind, text) {
      return base64url((await keys.mac(kind, [text], last.kid)).subarray(0, 18))
    },
    async seal(id, content) {
      const iv = random(IV_BYTES)
      const cipher = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: utf8(id) },
        await sealKey(first.kid),
        typeof content === 'string' ? utf8(content) : content,
      )
      const sealed = new Uint8Array(IV_BYTES + cipher.byteLength)
      sealed.set(iv)
      sealed.set(new Uint8Array(cipher), IV_BYTES)
      return `${first.kid}.${base64url(sealed)}`
    },
    async open(id, sealed) {
      const bytes = await keys.openBytes(id, sealed)
      return bytes && fromUtf8(bytes)
    },
    async openBytes(id, sealed) {
      const dot = sealed.indexOf('.')
      const kid = sealed.slice(0, dot)
      const bytes = fromBase64(sealed.slice(dot + 1))
      if (!byKid.has(kid) || !bytes || bytes.length < IV_BYTES) return null
      try {
        const content = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv: bytes.subarray(0, IV_BYTES), additionalData: utf8(id) },
          await sealKey(kid),
          bytes.subarray(IV_BYTES),
        )
        return new Uint8Array(content)
      } catch {
        // A failed tag is the answer "not ours", whatever the reason.
        return null
      }
    },
  }
  return keys
}

/** Parses POSTA_SECRET; null when an entry is not `kid:base64(32 bytes)` or a kid stands twice. */
export function parseSecrets(text: string): Secret[] | null {
  const secrets: Secret[] = []
  for (const entry of text.split(',')) {
    const [, kid, encoded] = /^\s*([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})\s*$/.exec(entry) ?? []
    const bytes = encoded ? fromBase64(encoded) : null
    if (!kid || bytes?.length !== 32 || secrets.some((secret) => secret.kid === kid)) return null
    secrets.push({ kid, bytes })
  }
  return secrets
}
