// Which adapter runs is decided here, by which settings exist; the only file of lib/ that names them.

import type { Accounts } from './accounts/accounts.ts'
import { type Config, readConfig } from './config.ts'
import type { Core } from './core.ts'
import { jsonLog, type Log } from './log.ts'
import { parseEmail } from './names/address.ts'
import { call } from './net/call.ts'
import { alertCall } from './net/operator-alert.ts'
import { passwords } from './passwords/passwords.ts'
import type { Scheduler } from './ports/scheduler.ts'
import type { Store } from './ports/store.ts'
import type { Users } from './ports/users.ts'
import { type Desk, deskOf, type deskSteps } from './providers/desk.ts'
import { providerOf, reportsWith } from './providers/vendors.ts'
import { mailRenderer } from './renderer/mail.ts'
import { MINUTE } from './rules/units.ts'
import { alarmScheduler, type clockSteps, ownClock } from './scheduler/alarm.ts'
import { qstashScheduler } from './scheduler/qstash.ts'
import { type QstashCallbacks, qstashCallbacks } from './scheduler/qstash-signature.ts'
import { accessTokens } from './secrets/access-token.ts'
import { keysFrom } from './secrets/keys.ts'
import { type SupabaseTokens, supabaseTokens } from './secrets/supabase-token.ts'
import { type Door, tableOf } from './steps/steps.ts'
import { redisStore } from './store/redis/store.ts'
import type { StoreSteps } from './store/sqlite/steps.ts'
import { sqliteStore } from './store/sqlite/store.ts'
import type { UsersSteps } from './users/sqlite/steps.ts'
import { sqliteUsers } from './users/sqlite/users.ts'
import { supabaseUsers } from './users/supabase.ts'

/** The tables of steps that the object holds. */
export interface ObjectSteps {
  store: StoreSteps
  users: UsersSteps
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
  const tell = alertCall(config.ALERT_WEBHOOK_URL ?? null, config.APP_NAME, {
    ...{ call, log, now, sleep },
    providers: config.EMAIL_PROVIDERS,
  })
  const core: Core = {
    store: storeOf(config, object),
    scheduler: qstash ? { ...qstash.scheduler, drain: clock.drain } : clock,
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
  const users = usersOf(config, object)
  const accountsAt = accountsOf(config, core, users, { sleep, background })
  const supabase = config.SUPABASE_URL
    ? supabaseTokens({ url: config.SUPABASE_URL, jwtSecret: config.SUPABASE_JWT_SECRET, call, now })
    : null
  return {
    config,
    core,
    accountsAt,
    users,
    supabase,
    desk,
    sleep,
    qstash: qstash?.callbacks ?? null,
    wiring,
    reportsWith,
  }
}

const storeOf = (config: Config, object: World['object']): Store =>
  config.UPSTASH_REDIS_REST_URL && config.UPSTASH_REDIS_REST_TOKEN
    ? redisStore({ url: config.UPSTASH_REDIS_REST_URL, token: config.UPSTASH_REDIS_REST_TOKEN })
    : sqliteStore(tableOf(() => object('posta'), 'store'))

const clockOf = (config: Config, object: World['object'], now: () => number): Scheduler =>
  config.UPSTASH_REDIS_REST_URL
    ? alarmScheduler(
        tableOf(() => object('posta'), 'clock'),
        now,
      )
    : ownClock()

const usersOf = (config: Config, object: World['object']): Users =>
  config.SUPABASE_URL && config.SUPABASE_SERVICE_ROLE_KEY
    ? supabaseUsers({ url: config.SUPABASE_URL, serviceKey: config.SUPABASE_SERVICE_ROLE_KEY })
    : sqliteUsers(tableOf(() => object('posta'), 'users'))

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
