// `npm run key -- NAME [--scope send|admin]`: a new API key, and its entry for POSTA_API_KEYS.
import { createHash, randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 62³² is over 190 bits: a plain hash of the key is as good as a slow one. */
const LENGTH = 32
/** Bytes at or above the last multiple of 62 would favour the first letters. */
const FAIR = 256 - (256 % ALPHABET.length)

function randomText(): string {
  let text = ''
  while (text.length < LENGTH) {
    for (const byte of randomBytes(LENGTH)) {
      if (byte < FAIR && text.length < LENGTH) text += ALPHABET.charAt(byte % ALPHABET.length)
    }
  }
  return text
}

function usage(problem: string): never {
  console.error(`${problem}\n\nnpm run key -- NAME [--scope send|admin]

  NAME     who uses the key, e.g. shop: letters, digits, _ and -, at most 32
  --scope  send (default): open challenges and send messages; admin: that and everything under /v1/admin`)
  process.exit(2)
}

function parsed() {
  try {
    return parseArgs({ allowPositionals: true, options: { scope: { type: 'string', default: 'send' } } })
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
}

const { values, positionals } = parsed()
const [name, ...rest] = positionals
if (name === undefined || rest.length > 0) usage('Give the key one name.')
if (!/^[A-Za-z0-9_-]{1,32}$/.test(name)) usage('The name does not fit.')
if (values.scope !== 'send' && values.scope !== 'admin') usage('The scope is send or admin.')

const key = `posta_${randomText()}`
const entry = `${name}:${values.scope}:${createHash('sha256').update(key).digest('hex')}`

console.log(`
API key, shown this once (for the caller's  Authorization: Bearer …):

${key}

Entry for POSTA_API_KEYS (add it after a comma to those already there):

${entry}
`)
