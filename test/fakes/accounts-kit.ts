// The use cases of accounts over the real SQLite store in Node: milliseconds a test, on a clock that the test moves.
import { hkdfSync } from 'node:crypto'
import type { Accounts, From, SignedIn, Tokens } from '../../lib/accounts/accounts.ts'
import { join } from '../../lib/accounts/join.ts'
import type { Registered } from '../../lib/accounts/register.ts'
import { verify } from '../../lib/accounts/verify.ts'
import type { Core } from '../../lib/core.ts'
import type { Refusal } from '../../lib/outcome/refusal.ts'
import type { Result } from '../../lib/outcome/result.ts'
import type { Argon2id } from '../../lib/passwords/argon2.ts'
import { passwords } from '../../lib/passwords/passwords.ts'
import type { SendOutcome } from '../../lib/ports/message.ts'
import type { Outgoing } from '../../lib/ports/provider.ts'
import type { Locale } from '../../lib/ports/renderer.ts'
import { accessTokens } from '../../lib/secrets/access-token.ts'
import { steps } from '../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import { usersSteps } from '../../lib/users/sqlite/steps.ts'
import { sqliteUsers } from '../../lib/users/sqlite/users.ts'
import { rngOf } from '../sim/prng.ts'
import { coreOf } from './core.ts'
import { mailbox } from './mailbox.ts'
import { openSqlite, type Sqlite } from './sqlite.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const PASSWORD = 'quarry wagtail 7 lantern'
export const OTHER_PASSWORD = 'nine brass herons waiting'

/** As strong as nothing and as slow as nothing: what the use cases do with a hash is the same. */
const quickArgon2id: Argon2id = (password, salt, _, tagBytes) =>
  new Uint8Array(hkdfSync('sha256', password, salt, 'a test', tagBytes))

export interface Kit {
  accounts: Accounts
  /** Where all of it is kept. */
  sqlite: Sqlite
  core: Core
  /** Every mail that the provider took, oldest first. */
  mails: Outgoing[]
  /** What the provider answers from now on, also to calls that hang; default: it takes everything. */
  answer(outcome: SendOutcome): void
  /** The provider answers nothing from now on, until `answer`. */
  hang(): void
  pass(ms: number): void
  /** Lets time pass until that instant. */
  passTo(instant: number): void
  /** Waits for what goes on after answers; while the provider hangs, for ever. */
  settled(): Promise<void>
  /** Somebody at that IP; everybody has one of their own. */
  from(ip?: string): From
  signedIn(tokens: Tokens, ip?: string): Promise<SignedIn>
  /** A new account at once. */
  registered(more?: Partial<Person>): Promise<Registered & { person: Person }>
  /** The same with its address proved. */
  verified(more?: Partial<Person>): Promise<Registered & { person: Person }>
  mailsTo(address: string): Outgoing[]
  /** Of the newest mail to that address. */
  codeTo(address: string): string
  tokenTo(address: string): string
}

export interface Person {
  username: string
  email: string
  password: string
  locale?: Locale
}

let people = 0

/** Somebody nobody has heard of. */
export function newcomer(more: Partial<Person> = {}): Person {
  people++
  return { username: `ana${people}`, email: `ana${people}@example.com`, password: PASSWORD, ...more }
}

/** `seed`: all of its randomness follows from it. */
export function openAccounts(policy: Partial<Accounts['policy']> = {}, seed = 1): Kit {
  const sqlite = openSqlite()
  const [storeSteps, userSteps] = [sqlite.runner(steps), sqlite.runner(usersSteps)]
  const provider = mailbox()
  const { mails } = provider
  const beside = new Set<Promise<unknown>>()
  const { bytes: random } = rngOf(seed, 'accounts')
  let now = Date.UTC(2026, 10, 26, 12)
  let ips = 0
  const clock = () => now
  // Who waits beside others waits no longer for it.
  const sleep = async (ms: number, first: Promise<unknown> = Promise.resolve()) => {
    const wakeAt = now + ms
    await first
    now = Math.max(now, wakeAt)
  }
  const base = coreOf(
    sqliteStore(() => storeSteps),
    {
      scheduler: { free: true, horizonMs: Number.POSITIVE_INFINITY, wake: async () => {}, drain: async () => {} },
      providers: [provider],
      now: clock,
      random,
    },
  )
  const core: Core = { ...base, policy: { ...base.policy, appUrl: 'https://app.example.com' } }
  const { keys } = core
  const accounts: Accounts = {
    core,
    users: sqliteUsers(() => userSteps),
    passwords: passwords({ keys, random, now: clock, sleep, argon2id: async () => quickArgon2id }),
    tokens: accessTokens({
      keys,
      publicUrl: 'https://posta.example.com',
      environment: 'test',
      minutes: 60,
      alg: 'ES256',
      now: clock,
      random,
    }),
    policy: { passwordMin: 8, registration: 'open', operators: [], timeZone: 'UTC', senderDomains: [], ...policy },
    // Time passes when somebody waits: an answer on a beat costs no test anything. Work that has begun ends first, unless
    // it hangs.
    sleep: (ms) => sleep(ms, Promise.race([kit.settled(), provider.stuck()])),
    background(work) {
      const ended = work.finally(() => beside.delete(ended))
      beside.add(ended)
    },
  }

  const kit: Kit = {
    accounts,
    sqlite,
    core,
    mails,
    answer: provider.answer,
    hang: provider.hang,
    pass(ms) {
      now += ms
    },
    passTo(instant) {
      if (instant < now) throw new Error(`passTo: ${now - instant} ms ago`)
      now = instant
    },
    async settled() {
      while (beside.size > 0) await Promise.all(beside)
    },
    from: (ip = `203.0.113.${++ips % 250}`) => ({
      caller: { keyName: null, ip },
      origin: { agent: 'Firefox', ip: null },
    }),
    async signedIn(tokens, ip) {
      const claims = await accounts.tokens.verify(tokens.accessToken)
      if (!claims) throw new Error('signedIn: this token is nobody’s')
      const { sessionId, userId, issuedAt } = claims
      return { ...kit.from(ip), bearer: { sessionId, userId, issuedAt } }
    },
    async registered(more) {
      const person = newcomer(more)
      const joined = good(await join(accounts, person, kit.from()))
      if (joined.kind !== 'registered') throw new Error('registered: this deployment verifies first')
      await kit.settled()
      return { ...joined, person }
    },
    async verified(more) {
      const made = await kit.registered(more)
      const proof = { challengeId: made.challengeId ?? '', code: kit.codeTo(made.person.email) }
      good(await verify(accounts, proof, { ...kit.from(), bearer: null }))
      return made
    },
    mailsTo: (address) => mails.filter((mail) => mail.to.address === address),
    codeTo: (address) => /\b\d{6,8}\b/.exec(kit.mailsTo(address).at(-1)?.text ?? '')?.[0] ?? 'no code',
    tokenTo: (address) => /#token=(\S+)/.exec(kit.mailsTo(address).at(-1)?.text ?? '')?.[1] ?? 'no link',
  }
  return kit
}

/** What was answered; throws for a refusal, which the test did not expect. */
export function good<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`)
  return result.value
}

/** The refusal; throws for an answer, which the test did not expect. */
export function no<T>(result: Result<T>): Refusal {
  if (result.ok) throw new Error(`answered: ${JSON.stringify(result.value)}`)
  return result.refusal
}

/** A code of the same length that is not it. */
export const wrongCode = (code: string): string => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
