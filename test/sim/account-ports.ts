// The ports of accounts in an isolate: the real steps of the accounts' store at the other end of the network, and
// passwords and tokens that cost nothing, made of the same keys as everything else.
import { createHash } from 'node:crypto'
import { base64url } from '../../lib/bytes.ts'
import type { Passwords } from '../../lib/passwords/passwords.ts'
import type { Users } from '../../lib/ports/users.ts'
import type { AccessClaims, AccessTokens } from '../../lib/secrets/access-token.ts'
import type { Keys } from '../../lib/secrets/keys.ts'
import { runStep } from '../../lib/steps/steps.ts'
import {
  type UsersRunner,
  type UsersStepAnswer,
  type UsersStepArgs,
  type UsersStepName,
  usersSteps,
} from '../../lib/users/sqlite/steps.ts'
import { sqliteUsers } from '../../lib/users/sqlite/users.ts'
import type { Asked } from './asked.ts'
import type { Isolate } from './net.ts'
import { MINUTE } from './plan.ts'
import { summary } from './store.ts'
import type { UsersStep, World } from './world.ts'

export function usersFor(world: World, isolate: Isolate, asked: Asked): Users {
  const runner: UsersRunner = {
    run<N extends UsersStepName>(name: N, args: UsersStepArgs<N>): Promise<UsersStepAnswer<N>> {
      let told = ''
      const apply = (): UsersStepAnswer<N> => {
        const answer = applyUsersStep(world, asked, name, args)
        told = ` → ${summary(answer)}`
        return answer
      }
      return world.net.carry(isolate, 'users', () => `users.${name} ${summary(args)}${told}`, apply)
    },
  }
  const seen = world.bug?.usersRunner?.(runner, world) ?? runner
  const object = world.plan.accounts?.asksTwice ? seen : once(seen)
  return sqliteUsers(() => object)
}

/** Answers no call twice: for the adapter that would ask again. */
function once(inner: UsersRunner): UsersRunner {
  const asked = new WeakSet<object>()
  return {
    run(name, args) {
      if (asked.has(args)) return Promise.reject(new Error('lost'))
      asked.add(args)
      return inner.run(name, args)
    },
  }
}

export function applyUsersStep<N extends UsersStepName>(
  world: World,
  asked: Asked,
  name: N,
  args: UsersStepArgs<N>,
): UsersStepAnswer<N> {
  const { db, bug } = world
  try {
    const run = (wanted: UsersStepArgs<N>) => runStep(usersSteps, db.sql, name, wanted)
    const answer = db.transaction(() => (bug?.usersStep ? bug.usersStep(name, args, run, world) : run(args)))
    const step = { asked, name, args, answer } as unknown as UsersStep
    for (const checker of world.checkers) checker.usersStepped?.(step)
    return answer
  } catch (error) {
    world.wrong(error, `users.${name}`)
    throw error
  }
}

/** About what argon2id takes: others get their turn meanwhile. */
const HASH_MS = 60
const OLD = '$older$'

/** Salted like the real ones: the same password hashed twice makes two hashes. */
export function passwordsFor(
  world: World,
  random: (count: number) => Uint8Array<ArrayBuffer>,
  sleep: (ms: number) => Promise<void>,
): Passwords {
  const passwords: Passwords = {
    async hash(password) {
      await sleep(world.net.latency(HASH_MS))
      const salt = base64url(random(9))
      const stored = `$sim$${salt}$${digest(salt, password)}`
      world.hashed.set(stored, password)
      return stored
    },
    async verify(password, stored) {
      await sleep(world.net.latency(HASH_MS))
      const [, , salt = '', tag] = stored.split('$')
      return digest(salt, password) === tag
        ? { matches: true, needsRehash: stored.startsWith(OLD) }
        : { matches: false }
    },
    async verifyDecoy(password) {
      await passwords.verify(password, '')
    },
  }
  return passwords
}

/** As an older system left it. */
export function oldHash(world: World, password: string): string {
  const stored = `${OLD}salt$${digest('salt', password)}`
  world.hashed.set(stored, password)
  return stored
}

const digest = (salt: string, password: string): string =>
  createHash('sha256').update(`${salt} ${password}`).digest('base64url')

const LIFE_MS = 15 * MINUTE

/** The claims and their MAC: Ed25519 would leave the event it is asked in. */
export function tokensFor(keys: Keys, now: () => number): AccessTokens {
  const macOf = async (body: string) => base64url(await keys.mac('access', [body]))
  return {
    async issue({ userId, sessionId }) {
      // In whole seconds, as a JWT has it.
      const issuedAt = Math.floor(now() / 1_000) * 1_000
      const claims: AccessClaims = { userId, sessionId, tokenId: sessionId, issuedAt, expiresAt: issuedAt + LIFE_MS }
      const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
      return { token: `${body}.${await macOf(body)}`, expiresInSeconds: LIFE_MS / 1_000 }
    },
    async verify(token) {
      const [body = '', mac] = token.split('.')
      if ((await macOf(body)) !== mac) return null
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as AccessClaims
      return now() < claims.expiresAt ? claims : null
    },
    jwks: async () => ({ keys: [] }),
  }
}
