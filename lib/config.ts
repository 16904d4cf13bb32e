// Settings: read once per isolate; every error names the variable, never its value.
import { type Address, parseEmail } from './names/address.ts'
import { defaultVendors, readyVendors, VENDOR_SETTINGS, VENDORS } from './providers/vendors.ts'
import { parseSecrets } from './secrets/keys.ts'
import { TOKEN_ALGS } from './secrets/token-keys.ts'
import {
  baseUrl,
  either,
  flag,
  listOf,
  mailbox,
  oneOf,
  optional,
  origin,
  page,
  plain,
  plainOf,
  type Read,
  required,
  type Settings as Table,
  textThat,
  url,
  type Values,
  Wrong,
  whole,
} from './settings/readers.ts'

export type Scope = 'send' | 'admin'

/** One entry of POSTA_API_KEYS: `name:scope:sha256hex`. */
export interface ApiKey {
  name: string
  scopes: Scope[]
  sha256: string
}

/** Never a real secret: known to everybody who reads this line, and refused outside development. */
const DEVELOPMENT_SECRET = 'dev:cG9zdGEgZGV2ZWxvcG1lbnQgc2VjcmV0LCBub3QgMSE='
/** sha256('posta_development'). */
const DEVELOPMENT_KEY = 'development:admin:5f3960ef6f97705324bfd10e127964f924d40f104b2fc4346d96e8a4c3fb1fd4'

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
const providers: Read<string[]> = (text) => {
  const names = listOf(oneOf(...VENDORS.map((one) => one.name)))(text)
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
  CORS_ORIGINS: optional(listOf(page)),
  APP_NAME: either(plainOf(1, 60, 'must have at most 60 characters'), 'posta'),
  APP_URL: optional(url),
  DEFAULT_LOCALE: either(oneOf('es', 'en'), 'en'),
  TIME_ZONE: either(timeZone, 'UTC'),
  ACCESS_TOKEN_ALG: either(oneOf(...TOKEN_ALGS), 'ES256'),
  ACCESS_TOKEN_MINUTES: either(whole(5, 1_440), 60),
  PASSWORD_MIN: either(whole(6, 64), 8),
  REGISTRATION: either(oneOf('open', 'verified'), 'open'),
  ADMIN_EMAILS: either(listOf(address), []),
  EMAIL_FROM: required(mailbox),
  EMAIL_REPLY_TO: optional(mailbox),
  EMAIL_PROVIDERS: optional(providers),
  ...VENDOR_SETTINGS,
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
} satisfies Table

export type Settings = Values<typeof SETTINGS>

export interface Config extends Omit<Settings, 'EMAIL_PROVIDERS'> {
  /** Names of vendors, in the order they are tried. */
  EMAIL_PROVIDERS: string[]
  /** The real vendors that are ready; development plays all others. */
  ready: string[]
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

/** Reads the bindings; an empty string counts as unset. Throws ConfigError with every problem at once. */
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
    const bound = env[name]
    const value = setting(given[name], typeof bound === 'object' && bound !== null ? bound : undefined)
    if (value instanceof Wrong) problems.push({ path: name, message: value.message })
    else valid[name] = value
  }
  const settings = valid as Settings
  problems.push(...contradictions(settings, given, development))
  if (problems.length > 0) throw new ConfigError(problems)
  const names = settings.EMAIL_PROVIDERS ?? defaultVendors(settings)
  return { ...settings, development, EMAIL_PROVIDERS: names, ready: readyVendors(settings) }
}

/** Settings that only make sense all at once. QStash calls back, so it needs an address of ours. */
const TOGETHER: string[][] = [
  ...VENDORS.flatMap((one) => (one.together ? [one.together] : [])),
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
  const say = (path: string, message: string) => problems.push({ path, message })
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
  const have = readyVendors(settings)
  for (const name of settings.EMAIL_PROVIDERS ?? []) {
    const listed = VENDORS.find((one) => one.name === name)
    if (listed?.development) say('EMAIL_PROVIDERS', `${name} exists in development only`)
    else if (!have.includes(name)) say('EMAIL_PROVIDERS', `names ${name}, which is not configured`)
  }
  if (!given.EMAIL_PROVIDERS && have.length === 0) say('EMAIL_PROVIDERS', 'no e-mail provider is configured')
  return problems
}
