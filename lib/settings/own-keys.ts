// POSTA_SECRET and POSTA_API_KEYS: made by `npm run secret` and `npm run key`, and told apart from what people paste instead.
import { fromBase64 } from '../bytes.ts'
import { parseSecrets, type Secret } from '../secrets/keys.ts'
import { listOf, type Read, Wrong } from './readers.ts'

const SHAPE = 'must be kid:base64(32 bytes), several separated by commas; npm run secret makes one'

/** Why one entry is none. */
function faultOf(entry: string): string {
  const [, encoded] = /^[A-Za-z0-9_-]{1,32}:(.+)$/.exec(entry.trim()) ?? []
  if (encoded === undefined) return SHAPE
  if (/^[0-9a-f]{64}$/i.test(encoded)) return `${SHAPE}; this one is in hex`
  const bytes = fromBase64(encoded)
  return bytes ? `${SHAPE}; this one has ${bytes.length} bytes` : SHAPE
}

/** Secrets nobody drew at random: of one byte, counted up, or of few different ones. 32 random bytes have some 30. */
function isWeak({ bytes }: Secret): boolean {
  const steps = new Set(Array.from(bytes.subarray(1), (byte, at) => (byte - (bytes[at] ?? 0)) & 0xff))
  return steps.size === 1 || new Set(bytes).size < 16
}

export const secrets: Read<Secret[]> = (text) => {
  const found = parseSecrets(text)
  if (found) {
    const different = new Set(found.map(({ bytes }) => bytes.join()))
    return different.size === found.length ? found : new Wrong('holds the same secret twice')
  }
  const entries = text.split(',')
  const wrong = entries.find((entry) => parseSecrets(entry) === null)
  return new Wrong(wrong === undefined ? 'names a kid twice' : faultOf(wrong))
}

/** Of secrets that are read: why production must not use them; null when it may. */
export const weakness = (found: Secret[]): string | null =>
  found.some(isWeak) ? 'must be random; npm run secret makes one' : null

type Scope = 'send' | 'admin'

/** One entry of POSTA_API_KEYS: `name:scope:sha256hex`. */
export interface ApiKey {
  name: string
  scopes: Scope[]
  sha256: string
}

/** sha256(''): what a shell hashes when the variable it was given is not set. */
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const apiKey: Read<ApiKey> = (entry) => {
  if (/(?:^|:)posta_/.test(entry)) return new Wrong('must hold the hash of a key, not the key; npm run key prints both')
  const [, name, scope, hash] = /^([A-Za-z0-9_-]{1,32}):(send|admin):([0-9a-f]{64})$/i.exec(entry) ?? []
  if (!name || !hash) return new Wrong('must be name:scope:sha256hex entries, separated by commas')
  const sha256 = hash.toLowerCase()
  if (sha256 === HASH_OF_NOTHING) return new Wrong('holds the hash of an empty text')
  return { name, scopes: scope?.toLowerCase() === 'admin' ? ['send', 'admin'] : ['send'], sha256 }
}

/** One key twice would be one caller under two names. */
export const apiKeys: Read<ApiKey[]> = (text) => {
  const keys = listOf(apiKey)(text)
  if (keys instanceof Wrong) return keys
  return new Set(keys.map((one) => one.sha256)).size === keys.length ? keys : new Wrong('holds the same key twice')
}
