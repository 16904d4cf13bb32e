// PHC strings: https://github.com/P-H-C/phc-string-format. `keyid` names the entry of POSTA_SECRET that peppers.
import { fromBase64 } from '../bytes.ts'
import { ARGON2_MAX } from '../rules/numbers.ts'
import type { Argon2Parameters } from './argon2.ts'

export interface Phc extends Argon2Parameters {
  kid: string
  salt: Uint8Array<ArrayBuffer>
  tag: Uint8Array
}

export const SALT_BYTES = 16
export const TAG_BYTES = 32
const SHAPE =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,5}),t=([1-9]\d?),p=([1-9]),keyid=([A-Za-z0-9+/]{2,43})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

export function writePhc({ memoryKib, passes, parallelism, kid, salt, tag }: Phc): string {
  const parameters = `m=${memoryKib},t=${passes},p=${parallelism},keyid=${btoa(kid).replaceAll('=', '')}`
  return `$argon2id$v=19$${parameters}$${base64(salt)}$${base64(tag)}`
}

/** null for whatever `writePhc` would not write, and for parameters that would cost too much. */
export function readPhc(text: string): Phc | null {
  const [, m, t, p, keyid, salt64, tag64] = SHAPE.exec(text) ?? []
  const [memoryKib, passes, parallelism] = [Number(m), Number(t), Number(p)]
  const [kid, salt, tag] = [keyid, salt64, tag64].map((part) => fromBase64(part ?? ''))
  if (!kid || !salt || !tag || salt.length !== SALT_BYTES || tag.length !== TAG_BYTES) return null
  if (memoryKib > ARGON2_MAX.memoryKib || memoryKib < 8 * parallelism || memoryKib * passes > ARGON2_MAX.work)
    return null
  return { memoryKib, passes, parallelism, kid: new TextDecoder().decode(kid), salt, tag }
}

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replaceAll('=', '')
