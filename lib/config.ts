// Settings: read once per isolate; every error names the variable, never its value.
import { type Address, parseEmail, parseMailbox } from './names/address.ts'
import { isBaseUrl, isOrigin } from './net/urls.ts'
import { parseSecrets } from './secrets/keys.ts'

export type Scope = 'send' | 'admin'

/** One entry of POSTA_API_KEYS: `name:scope:sha256hex`. */
export interface ApiKey {
  name: string
  scopes: Scope[]
  sha256: string
}

export const EMAIL_PROVIDERS = ['resend', 'sendgrid', 'mailgun', 'inbox', 'console'] as const
export type EmailProviderName = (typeof EMAIL_PROVIDERS)[number]

/** Never a real secret: known to everybody who reads this line, and refused outside development. */
const DEVELOPMENT_SECRET = 'dev:cG9zdGEgZGV2ZWxvcG1lbnQgc2VjcmV0LCBub3QgMSE='
/** sha256('posta_development'). */
const DEVELOPMENT_KEY = 'development:admin:5f3960ef6f97705324bfd10e127964f924d40f104b2fc4346d96e8a4c3fb1fd4'

/** Why a text is not what its setting wants; never holds the text. */
class Wrong {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/** Reads a text that is there. Plain functions: a schema library took longer to start than all else a first request does. */
type Read<T> = (text: string) => T | Wrong
/** Reads a setting that may be unset. */
type Setting<T> = (text: string | undefined) => T | Wrong

const required =
  <T>(read: Read<T>): Setting<T> =>
  (text) =>
    text === undefined ? new Wrong('is required') : read(text)
const optional =
  <T>(read: Read<T>): Setting<T | undefined> =>
  (text) =>
    text === undefined ? undefined : read(text)
const either =
  <T>(read: Read<T>, unset: T): Setting<T> =>
  (text) =>
    text === undefined ? unset : read(text)

const split = (text: string) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

/** Comma-separated; all of them right, or the first reason why not. */
const listOf =
  <T>(read: Read<T>): Read<T[]> =>
  (text) => {
    const values: T[] = []
    for (const item of split(text)) {
      const value = read(item)
      if (value instanceof Wrong) return value
      values.push(value)
    }
    return values
  }
/** A text of which one thing is asked. */
const textThat =
  (holds: (text: string) => boolean, message: string): Read<string> =>
  (text) =>
    holds(text) ? text : new Wrong(message)
const oneOf =
  <T extends string>(...values: T[]): Read<T> =>
  (text) =>
    values.find((value) => value === text) ?? new Wrong(`must be one of ${values.join(', ')}`)
const whole =
  (min: number, max: number): Read<number> =>
  (text) =>
    /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max
      ? Number(text)
      : new Wrong(`must be a whole number from ${min} to ${max}`)
const flag: Read<boolean> = (text) => {
  const value = oneOf('on', 'off')(text)
  return value instanceof Wrong ? value : value === 'on'
}
const plain = textThat((text) => !/\p{Cc}/u.test(text), 'must not hold control characters')
/** Plain, and so many characters. */
const plainOf =
  (min: number, max: number, message: string): Read<string> =>
  (text) =>
    text.length >= min && text.length <= max ? plain(text) : new Wrong(message)
const origin: Read<string> = (text) =>
  isOrigin(text) ? new URL(text).origin : new Wrong('must be an origin such as https://posta.example.com')
const url = textThat(isBaseUrl, 'must be an http(s) URL')
const baseUrl: Read<string> = (text) => (isBaseUrl(text) ? text.replace(/\/+$/, '') : url(text))
const mailbox = (text: string) => parseMailbox(text) ?? new Wrong('must be an address or "Name <address>"')
const secrets = (text: string) =>
  parseSecrets(text) ?? new Wrong('must be kid:base64(32 bytes), several separated by commas')
const apiKey: Read<ApiKey> = (entry) => {
  const [, name, scope, sha256] = /^([A-Za-z0-9_-]{1,32}):(send|admin):([0-9a-f]{64})$/.exec(entry) ?? []
  if (!name || !sha256) return new Wrong('must be name:scope:sha256hex entries, separated by commas')
  return { name, scopes: scope === 'admin' ? ['send', 'admin'] : ['send'], sha256 }
}
const address: Read<Address> = (text) => parseEmail(text) ?? new Wrong('must be e-mail addresses, separated by commas')
const timeZone = textThat((name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}, 'must be an IANA time zone such as America/Bogota')
const providers: Read<EmailProviderName[]> = (text) => {
  const names = listOf(oneOf(...EMAIL_PROVIDERS))(text)
  if (names instanceof Wrong) return names
  if (names.length === 0) return new Wrong('names no provider')
  return new Set(names).size === names.length ? names : new Wrong('names a provider twice')
}

const SETTINGS = {
  POSTA_ENV: either(oneOf('production', 'development'), 'production'),
  POSTA_SECRET: required(secrets),
  POSTA_API_KEYS: either(listOf(apiKey), []),
  PUBLIC_URL: optional(origin),
  LIMITS: either(flag, true),
  SENDING: either(flag, true),
  CODE_MINUTES: optional(whole(5, 10)),
  CODE_DIGITS: either(whole(6, 8), 6),
  CORS_ORIGINS: optional(listOf(origin)),
  APP_NAME: either(plainOf(1, 60, 'must have at most 60 characters'), 'posta'),
  APP_URL: optional(url),
  DEFAULT_LOCALE: either(oneOf('es', 'en'), 'en'),
  TIME_ZONE: either(timeZone, 'UTC'),
  ACCESS_TOKEN_MINUTES: either(whole(5, 1_440), 60),
  PASSWORD_MIN: either(whole(6, 64), 8),
  REGISTRATION: either(oneOf('open', 'verified'), 'open'),
  ADMIN_EMAILS: either(listOf(address), []),
  EMAIL_FROM: required(mailbox),
  EMAIL_REPLY_TO: optional(mailbox),
  EMAIL_PROVIDERS: optional(providers),
  RESEND_API_KEY: optional(plain),
  RESEND_BASE_URL: optional(baseUrl),
  RESEND_WEBHOOK_SECRET: optional(plain),
  SENDGRID_API_KEY: optional(plain),
  SENDGRID_BASE_URL: optional(baseUrl),
  SENDGRID_WEBHOOK_KEY: optional(plain),
  MAILGUN_API_KEY: optional(plain),
  MAILGUN_DOMAIN: optional(plain),
  MAILGUN_BASE_URL: optional(baseUrl),
  MAILGUN_SIGNING_KEY: optional(plain),
  UPSTASH_REDIS_REST_URL: optional(baseUrl),
  UPSTASH_REDIS_REST_TOKEN: optional(plain),
  QSTASH_URL: either(baseUrl, 'https://qstash.upstash.io'),
  QSTASH_TOKEN: optional(plain),
  QSTASH_CURRENT_SIGNING_KEY: optional(plain),
  QSTASH_NEXT_SIGNING_KEY: optional(plain),
  SUPABASE_URL: optional(baseUrl),
  SUPABASE_SERVICE_ROLE_KEY: optional(plain),
  SUPABASE_JWT_SECRET: optional(plainOf(32, Number.POSITIVE_INFINITY, 'must have at least 32 characters')),
  ALERT_WEBHOOK_URL: optional(url),
} satisfies Record<string, Setting<unknown>>

export type Settings = { [name in keyof typeof SETTINGS]: Exclude<ReturnType<(typeof SETTINGS)[name]>, Wrong> }

export interface Config extends Omit<Settings, 'EMAIL_PROVIDERS'> {
  EMAIL_PROVIDERS: EmailProviderName[]
  development: boolean
}

interface SettingProblem {
  path: string
  message: string
}

/** The settings are wrong; `variables` are their names. */
export class ConfigError extends Error {
  readonly variables: string[]
  readonly problems: SettingProblem[]

  constructor(problems: SettingProblem[]) {
    super(problems.map((problem) => `${problem.path}: ${problem.message}`).join('; '))
    this.name = 'ConfigError'
    this.problems = problems
    this.variables = [...new Set(problems.map((problem) => problem.path))]
  }
}

/** Reads string bindings; an empty string counts as unset. Throws ConfigError with every problem at once. */
export function readConfig(env: Record<string, unknown>): Config {
  const given: Record<string, string> = {}
  for (const name of Object.keys(SETTINGS)) {
    const value = env[name]
    if (typeof value === 'string' && value !== '') given[name] = value
  }
  const development = given.POSTA_ENV === 'development'
  if (development) {
    given.POSTA_SECRET ??= DEVELOPMENT_SECRET
    given.POSTA_API_KEYS ??= DEVELOPMENT_KEY
    given.EMAIL_FROM ??= 'posta <posta@example.test>'
  }
  const problems: SettingProblem[] = []
  // One by one, so that a wrong one hides no other.
  const valid: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const value = setting(given[name])
    if (value instanceof Wrong) problems.push({ path: name, message: value.message })
    else valid[name] = value
  }
  const settings = valid as Settings
  problems.push(...contradictions(settings, given, development))
  if (problems.length > 0) throw new ConfigError(problems)
  const have = providersWithKey(settings)
  const providers = settings.EMAIL_PROVIDERS ?? (have.length > 0 ? have : ['inbox' as const])
  return { ...settings, development, EMAIL_PROVIDERS: providers }
}

/** Settings that only make sense all at once. QStash calls back, so it needs an address of ours. */
const TOGETHER: (keyof Settings)[][] = [
  ['MAILGUN_API_KEY', 'MAILGUN_DOMAIN'],
  ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
  ['QSTASH_TOKEN', 'QSTASH_CURRENT_SIGNING_KEY', 'QSTASH_NEXT_SIGNING_KEY'],
]

/** Settings that are each fine but wrong together, or wrong outside development; `settings` lacks those that are wrong alone. */
function contradictions(
  settings: Partial<Settings>,
  given: Record<string, string>,
  development: boolean,
): SettingProblem[] {
  const problems: SettingProblem[] = []
  const say = (path: keyof Settings, message: string) => problems.push({ path, message })
  for (const set of TOGETHER) {
    const missing = set.filter((name) => given[name] === undefined)
    if (missing.length < set.length) for (const name of missing) say(name, `is required with ${set[0]}`)
  }
  // The URL alone says nothing: accounts live there (service key), or only its tokens are believed (secret).
  if (given.SUPABASE_URL && !given.SUPABASE_SERVICE_ROLE_KEY && !given.SUPABASE_JWT_SECRET) {
    say('SUPABASE_SERVICE_ROLE_KEY', 'is required with SUPABASE_URL')
  }
  if (!given.SUPABASE_URL && (given.SUPABASE_SERVICE_ROLE_KEY || given.SUPABASE_JWT_SECRET)) {
    say(
      'SUPABASE_URL',
      `is required with ${given.SUPABASE_JWT_SECRET ? 'SUPABASE_JWT_SECRET' : 'SUPABASE_SERVICE_ROLE_KEY'}`,
    )
  }
  if (!given.PUBLIC_URL && (given.QSTASH_TOKEN || !development)) {
    say('PUBLIC_URL', `is required ${development ? 'with QSTASH_TOKEN' : 'in production'}`)
  }
  if (development) return problems
  if (settings.LIMITS === false) say('LIMITS', 'must not be off in production')
  const known = parseSecrets(DEVELOPMENT_SECRET)?.[0]?.bytes.join()
  if (settings.POSTA_SECRET?.some((secret) => secret.bytes.join() === known))
    say('POSTA_SECRET', 'must not be the known one')
  if (settings.POSTA_API_KEYS?.some((key) => DEVELOPMENT_KEY.endsWith(key.sha256))) {
    say('POSTA_API_KEYS', 'must not hold the known key')
  }
  const have = providersWithKey(given)
  for (const name of settings.EMAIL_PROVIDERS ?? []) {
    if (name === 'inbox' || name === 'console') say('EMAIL_PROVIDERS', 'inbox and console exist in development only')
    else if (!have.includes(name)) say('EMAIL_PROVIDERS', 'names a provider that has no API key')
  }
  if (!given.EMAIL_PROVIDERS && have.length === 0) say('EMAIL_PROVIDERS', 'no e-mail provider has an API key')
  return problems
}

type KeySettings = { [name in 'RESEND_API_KEY' | 'SENDGRID_API_KEY' | 'MAILGUN_API_KEY']?: string | undefined }

/** Providers whose keys are set, in the default order. */
export function providersWithKey(settings: KeySettings): EmailProviderName[] {
  const names: EmailProviderName[] = []
  if (settings.RESEND_API_KEY) names.push('resend')
  if (settings.SENDGRID_API_KEY) names.push('sendgrid')
  if (settings.MAILGUN_API_KEY) names.push('mailgun')
  return names
}
