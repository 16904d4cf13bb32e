// Keys without a thread pool: the same bytes as lib/secrets/keys.ts, computed at once, so that only the kernel orders things.
import { createCipheriv, createDecipheriv, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto'
import type { Keys, Secret } from '../../lib/secrets/keys.ts'

const IV_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32
const BLOCK_BYTES = 64

export function syncKeys(secret: Secret, random: (bytes: number) => Uint8Array): Keys {
  const derived = (use: string) =>
    Buffer.from(hkdfSync('sha256', secret.bytes, new Uint8Array(), `posta/${use}`, KEY_BYTES))
  const pads = new Map<string, { inner: Buffer; outer: Buffer }>()
  const padsOf = (use: string) => {
    const known = pads.get(use)
    if (known) return known
    const block = Buffer.concat([derived(use), Buffer.alloc(BLOCK_BYTES - KEY_BYTES)])
    const pair = {
      inner: Buffer.from(block.map((byte) => byte ^ 0x36)),
      outer: Buffer.from(block.map((byte) => byte ^ 0x5c)),
    }
    pads.set(use, pair)
    return pair
  }
  // RFC 2104 by two one-shot hashes: Node's Hmac objects cost ten times as much.
  const hmac = (use: string, text: string): Buffer => {
    const { inner, outer } = padsOf(use)
    const first = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer')
    return hash('sha256', Buffer.concat([outer, first]), 'buffer')
  }
  let sealing: KeyObject | null = null
  const sealKey = (): KeyObject => {
    sealing ??= createSecretKey(derived('seal'))
    return sealing
  }
  const keys: Keys = {
    kid: secret.kid,
    kids: [secret.kid],
    mac: async (use, parts) => new Uint8Array(hmac(use, parts.join('\0'))),
    hash: async (kind, text) => hmac(kind, text).subarray(0, 18).toString('base64url'),
    async seal(id, content) {
      const iv = random(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealKey(), iv).setAAD(Buffer.from(id))
      const sealed = [iv, cipher.update(content), cipher.final(), cipher.getAuthTag()]
      return `${secret.kid}.${Buffer.concat(sealed).toString('base64url')}`
    },
    async open(id, sealed) {
      const bytes = await keys.openBytes(id, sealed)
      return bytes && Buffer.from(bytes).toString('utf8')
    },
    async openBytes(id, sealed) {
      const dot = sealed.indexOf('.')
      const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url')
      if (sealed.slice(0, dot) !== secret.kid || bytes.length < IV_BYTES + TAG_BYTES) return null
      try {
        const end = bytes.length - TAG_BYTES
        const cipher = createDecipheriv('aes-256-gcm', sealKey(), bytes.subarray(0, IV_BYTES))
        cipher.setAAD(Buffer.from(id)).setAuthTag(bytes.subarray(end))
        return new Uint8Array(Buffer.concat([cipher.update(bytes.subarray(IV_BYTES, end)), cipher.final()]))
      } catch {
        // A failed tag is the answer "not ours", as in lib/secrets/keys.ts.
        return null
      }
    },
  }
  return keys
}
