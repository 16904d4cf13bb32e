// Which adapter runs is decided here, by which settings exist; the only file of lib/ that names them.

import type { Accounts } from './accounts/accounts.ts'
import { type Config, readConfig } from './config.ts'
import type { Core } from './core.ts'
import { jsonLog, type Log } from './log.ts'
import { parseEmail } from './names/address.ts'
import { call } from './net/call.ts'
import { alertCall } from './net/operator-alert.ts'
import { passwords } from './passwords/passwords.ts'
import type { Copy } from './ports/moving.ts'
import type { Scheduler } from './ports/scheduler.ts'
import type { Store } from './ports/store.ts'
import type { Users } from './ports/users.ts'
import { type Desk, deskOf, type deskSteps } from './providers/desk.ts'
import { providerOf, reportsWith } from './providers/vendors.ts'
import { mailRenderer } from './renderer/mail.ts'
import { MINUTE } from './rules/units.ts'
import { alarmScheduler, type clockSteps, ownClock } from './scheduler/alarm.ts'
import { besidesObject } from './scheduler/besides.ts'
import { qstashScheduler } from './scheduler/qstash.ts'
import { type QstashCallbacks, qstashCallbacks } from './scheduler/qstash-signature.ts'
import { accessTokens } from './secrets/access-token.ts'
import { keysFrom } from './secrets/keys.ts'
import { type SupabaseTokens, supabaseTokens } from './secrets/supabase-token.ts'
import { type Door, tableOf } from './steps/steps.ts'
import { marksCopy } from './store/homes/copy.ts'
import { type Homes, homesOf } from './store/homes/homes.ts'
import { homesStore } from './store/homes/store.ts'
import { redisStore } from './store/redis/store.ts'
import { type MovingSteps, oldStore } from './store/sqlite/moving.ts'
import type { StoreSteps } from './store/sqlite/steps.ts'
import { sqliteStore } from './store/sqlite/store.ts'
import { accountsCopy } from './users/copy.ts'
import { homesUsers, type Leftover, leftoverOf } from './users/homes.ts'
import { type LeavingSteps, oldUsers } from './users/sqlite/leaving.ts'
import type { UsersSteps } from './users/sqlite/steps.ts'
import { sqliteUsers } from './users/sqlite/users.ts'
import { supabaseUsers } from './users/supabase.ts'

/** The tables of steps that the object holds. */
export interface ObjectSteps {
  store: StoreSteps
  users: UsersSteps
  moving: MovingSteps
  leaving: LeavingSteps
  clock: typeof clockSteps
  desk: typeof deskSteps
}
/** Its stub: one door for all of them. */
export type PostaStub = Door<ObjectSteps>

/** What the platform gives: bindings, and the world outside as functions. */
export interface World {
  env: Record<string, unknown>
  /** A fresh stub of the object of that name, per call. */
  object: (name: string) => PostaStub
  now: () => number
  random: (bytes: number) => Uint8Array<ArrayBuffer>
  sleep: (ms: number) => Promise<void>
  write: (line: string) => void
  /** Lets work go on after the answer of the present invocation. */
  background: (work: Promise<unknown>) => void
}

export interface Deps {
  config: Config
  core: Core
  /** `origin`: of the request, for development without PUBLIC_URL. */
  accountsAt: (origin: string) => Accounts
  users: Users
  /** From the object, whose place others have taken by setting. */
  moving: Moving
  /** Judges tokens of Supabase Auth; null when it is not configured. */
  supabase: SupabaseTokens | null
  /** Development only: the inbox and the faults. */
  desk: Desk | null
  sleep: (ms: number) => Promise<void>
  /** Checks QStash's callbacks; null when it is not configured. */
  qstash: QstashCallbacks | null
  /** Names of the adapters at work, for /ready. */
  wiring: { store: string; users: string; scheduler: string; email: string[] }
  /** The setting by which each provider's delivery reports are verified; null = it sends none. */
  reportsWith: (provider: string) => string | null
}

/** What is still in the object. */
export interface Left {
  messages: number
  challenges: number
  sessions: number
  accounts: number
}

export interface Moving {
  /** All that is copied; empty where everything has one home. */
  copies: Copy[]
  /** null = nothing is left there, or nothing was to move. */
  left(): Promise<Left | null>
}

/** Builds everything once per isolate. Throws ConfigError. */
export function wire({ env, object, now, random, sleep, write, background }: World): Deps {
  const config = readConfig(env)
  const keys = keysFrom(config.POSTA_SECRET, random)
  const log = jsonLog(write, now)
  const normal = (address: string) => parseEmail(address)?.normal ?? address
  const desk = config.development
    ? deskOf(
        tableOf(() => object('development'), 'desk'),
        keys,
        normal,
      )
    : null
  const providers = config.EMAIL_PROVIDERS.map((name) => providerOf(name, config, { now, write, sleep, desk }))
  const qstash = qstashOf(config, now, log)
  const clock = clockOf(config, object, now)
  const scheduler = qstash ? { ...qstash.scheduler, drain: clock.drain } : clock
  const { store, homes, copies } = storesOf(config, object, now)
  const { users, leftover, copies: ofUsers } = usersOf(config, object, now)
  const tell = alertCall(config.ALERT_WEBHOOK_URL ?? null, config.APP_NAME, {
    ...{ call, log, now, sleep },
    providers: config.EMAIL_PROVIDERS,
  })
  const core: Core = {
    store,
    scheduler: homes ? besidesObject(scheduler) : scheduler,
    providers,
    renderer: mailRenderer(),
    keys,
    policy: {
      codeDigits: config.CODE_DIGITS,
      codeLifeMs: config.CODE_MINUTES ? config.CODE_MINUTES * MINUTE : null,
      sending: config.SENDING !== 'off',
      instead: config.SENDING === 'drop' ? 'dropped' : config.SENDING === 'shadow' ? 'shadowed' : null,
      limits: config.LIMITS,
      appName: config.APP_NAME,
      appUrl: config.APP_URL ?? null,
      from: config.EMAIL_FROM,
      replyTo: config.EMAIL_REPLY_TO ?? null,
      locale: config.DEFAULT_LOCALE,
      site: { timeZone: config.TIME_ZONE, currency: config.CURRENCY, region: config.REGION ?? null },
    },
    log,
    now,
    random,
    sleep,
    tellOperator: (alert) => background(tell(alert)),
  }
  const wiring = {
    store: config.UPSTASH_REDIS_REST_URL ? 'redis' : 'sqlite',
    users: config.SUPABASE_SERVICE_ROLE_KEY ? 'supabase' : 'sqlite',
    scheduler: qstash ? 'qstash' : 'alarm',
    email: config.EMAIL_PROVIDERS,
  }
  // What does not end by itself, in the order in which it is copied.
  const moving = { copies: [...ofUsers, ...copies], left: () => leftOf(homes, leftover) }
  const accountsAt = accountsOf(config, core, users, { sleep, background })
  const supabase = config.SUPABASE_URL
    ? supabaseTokens({ url: config.SUPABASE_URL, jwtSecret: config.SUPABASE_JWT_SECRET, call, now })
    : null
  return {
    config,
    core,
    accountsAt,
    users,
    moving,
    supabase,
    desk,
    sleep,
    qstash: qstash?.callbacks ?? null,
    wiring,
    reportsWith,
  }
}

/**
 * One store, or two: with Upstash, the object is the store of before, and what it holds goes on there, by its own alarm,
 * until it has ended.
 */
function storesOf(
  { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }: Config,
  object: World['object'],
  now: () => number,
): { store: Store; homes: Homes | null; copies: Copy[] } {
  const posta = () => object('posta')
  if (!url || !token) return { store: sqliteStore(tableOf(posta, 'store')), homes: null, copies: [] }
  const old = oldStore(tableOf(posta, 'store'), tableOf(posta, 'moving'))
  const current = redisStore({ url, token })
  const homes = homesOf(current, old, now)
  return { store: homesStore(homes), homes, copies: [marksCopy(current, old)] }
}

/** The same of accounts, with Supabase. */
function usersOf(
  { SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: serviceKey }: Config,
  object: World['object'],
  now: () => number,
): { users: Users; leftover: Leftover | null; copies: Copy[] } {
  const posta = () => object('posta')
  if (!url || !serviceKey) return { users: sqliteUsers(tableOf(posta, 'users')), leftover: null, copies: [] }
  const old = oldUsers(tableOf(posta, 'leaving'))
  const leftover = leftoverOf(old, now)
  const current = supabaseUsers({ url, serviceKey })
  const users = homesUsers(current, old, leftover, now)
  return { users, leftover, copies: [accountsCopy(current, old, leftover)] }
}

/** null = all has one home, or the object is empty. */
async function leftOf(homes: Homes | null, leftover: Leftover | null): Promise<Left | null> {
  const [held, accounts] = await Promise.all([homes?.ask(), leftover?.count()])
  const { messages = 0, challenges = 0, sessions = 0 } = held ?? {}
  const left = { messages, challenges, sessions, accounts: accounts ?? 0 }
  return Object.values(left).some((count) => count > 0) ? left : null
}

const clockOf = (config: Config, object: World['object'], now: () => number): Scheduler =>
  config.UPSTASH_REDIS_REST_URL
    ? alarmScheduler(
        tableOf(() => object('posta'), 'clock'),
        now,
      )
    : ownClock()

/** Only the issuer of tokens differs from origin to origin, and only where PUBLIC_URL does not name it. */
function accountsOf(
  config: Config,
  core: Core,
  users: Users,
  { sleep, background }: Pick<World, 'sleep' | 'background'>,
): Deps['accountsAt'] {
  const { keys, now, random } = core
  const argon2id = async () => (await import('./passwords/wasm.ts')).argon2id()
  const rest = {
    core,
    users,
    passwords: passwords({ keys, random, now, sleep, argon2id }),
    policy: {
      passwordMin: config.PASSWORD_MIN,
      registration: config.REGISTRATION,
      operators: config.ADMIN_EMAILS,
      timeZone: config.TIME_ZONE,
      senderDomains: config.SENDER_DOMAINS,
    },
    sleep,
    background,
  }
  const environment = config.development ? 'development' : 'production'
  const tokensAt = (publicUrl: string) =>
    accessTokens({
      ...{ keys, publicUrl, environment, now, random },
      ...{ minutes: config.ACCESS_TOKEN_MINUTES, alg: config.ACCESS_TOKEN_ALG },
    })
  let last: { publicUrl: string; accounts: Accounts } | undefined
  return (origin) => {
    const publicUrl = config.PUBLIC_URL ?? origin
    if (last?.publicUrl !== publicUrl) last = { publicUrl, accounts: { ...rest, tokens: tokensAt(publicUrl) } }
    return last.accounts
  }
}

/** null without QStash: the object's alarm is the clock, whatever the store is. */
function qstashOf(
  config: Config,
  now: () => number,
  log: Log,
): { scheduler: Omit<Scheduler, 'drain'>; callbacks: QstashCallbacks } | null {
  const { QSTASH_TOKEN, QSTASH_CURRENT_SIGNING_KEY, QSTASH_NEXT_SIGNING_KEY, PUBLIC_URL } = config
  if (!QSTASH_TOKEN || !QSTASH_CURRENT_SIGNING_KEY || !QSTASH_NEXT_SIGNING_KEY || !PUBLIC_URL) return null
  const keys = { currentKey: QSTASH_CURRENT_SIGNING_KEY, nextKey: QSTASH_NEXT_SIGNING_KEY }
  return {
    scheduler: qstashScheduler({ url: config.QSTASH_URL, token: QSTASH_TOKEN, publicUrl: PUBLIC_URL, now }),
    callbacks: qstashCallbacks({ ...keys, publicUrl: PUBLIC_URL, now, log }),
  }
}
