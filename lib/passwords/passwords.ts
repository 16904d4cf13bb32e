// Passwords at rest: argon2id over an HMAC under a key of POSTA_SECRET (the pepper), as PHC strings.

import { isSame, utf8 } from '../bytes.ts'
import type { Random } from '../names/ids.ts'
import { ARGON2, PASSWORD } from '../rules/numbers.ts'
import type { Keys } from '../secrets/keys.ts'
import type { Argon2id } from './argon2.ts'
import { type Phc, readPhc, SALT_BYTES, TAG_BYTES, writePhc } from './phc.ts'
import { preparePassword } from './rules.ts'
import { turns } from './turns.ts'

/** bcrypt reads no further. */
const BCRYPT_BYTES = 72
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/

export type PasswordCheck =
  | { matches: false }
  /** `needsRehash`: store `hash` of the same password now, while it is known. */
  | { matches: true; needsRehash: boolean }

/** Each call waits its turn and throws a Fault when too many wait. */
export interface Passwords {
  /** For a password that the rules let through; throws for one that could never be checked. */
  hash(password: string): Promise<string>
  /** Never throws for what was typed or stored: what cannot be read matches nothing, at the usual cost. */
  verify(password: string, stored: string): Promise<PasswordCheck>
  /** What `verify` costs, for a login nobody has. */
  verifyDecoy(password: string): Promise<void>
}

export interface PasswordDeps {
  keys: Keys
  random: Random
  now: () => number
  sleep: (ms: number) => Promise<void>
  /** lib/passwords/wasm.ts in the Worker, `argon2idOf` elsewhere. */
  argon2id: () => Promise<Argon2id>
}

/**
 *     const { hash, verify } = passwords({ keys, random, now, sleep, argon2id })
 *     const { matches } = await verify('typed', await hash('chosen'))
 */
export function passwords({ keys, random, now, sleep, argon2id }: PasswordDeps): Passwords {
  const turn = turns({ now, sleep })
  /** Matches nothing. */
  const decoy = (): Phc => ({ ...ARGON2, kid: keys.kid, salt: random(SALT_BYTES), tag: random(TAG_BYTES) })

  const tagOf = async (prepared: string, { kid, salt, ...parameters }: Omit<Phc, 'tag'>) => {
    const peppered = await keys.mac('password', [prepared], kid)
    const compute = await argon2id()
    return turn(() => compute(peppered, salt, parameters, TAG_BYTES))
  }

  const passwords: Passwords = {
    async hash(password) {
      const prepared = preparePassword(password)
      if (prepared === null) throw new Error('this password is not for hashing')
      const phc = { ...ARGON2, kid: keys.kid, salt: random(SALT_BYTES) }
      return writePhc({ ...phc, tag: await tagOf(prepared, phc) })
    },
    async verify(password, stored) {
      const prepared = preparePassword(password)
      // What nobody can have chosen costs nothing, whoever is asked for: it says nothing about them.
      if (prepared === null) return { matches: false }
      if (isBcryptHash(stored)) {
        const { compareSync } = await import('bcrypt-ts/browser')
        // As typed: the older systems normalised nothing.
        if (!(await turn(() => compareSync(password, stored)))) return { matches: false }
        // What bcrypt did not read may hold a slip of the finger: hashed anew, it would shut out the right password.
        return { matches: true, needsRehash: utf8(password).length <= BCRYPT_BYTES }
      }
      const found = readPhc(stored)
      const phc = found && keys.kids.includes(found.kid) ? found : decoy()
      if (!isSame(await tagOf(prepared, phc), phc.tag)) return { matches: false }
      return { matches: true, needsRehash: phc.kid !== keys.kid || !isCurrent(phc) }
    },
    async verifyDecoy(password) {
      await passwords.verify(password, '')
    },
  }
  return passwords
}

/** A bcrypt hash that `verify` takes, and therefore an import: $2a$, $2b$ or $2y$, of a cost our time allows. */
export function isBcryptHash(text: string): boolean {
  const cost = bcryptCost(text)
  return cost !== null && cost <= PASSWORD.bcryptCostMax
}

/** Its cost, of whatever could be a bcrypt hash; null of anything else. */
export function bcryptCost(text: string): number | null {
  const cost = Number(BCRYPT.exec(text)?.[1])
  return cost >= 4 && cost <= 31 ? cost : null
}

const isCurrent = (phc: Phc) =>
  phc.memoryKib === ARGON2.memoryKib && phc.passes === ARGON2.passes && phc.parallelism === ARGON2.parallelism
