// Settings: read once per isolate; every error names the variable and says why, never its value.
import { type Address, parseEmail } from './names/address.ts'
import { isCurrency, isRegion } from './names/site.ts'
import { isLocalHost, isLoopback } from './net/local.ts'
import { defaultVendors, readyVendors, VENDOR_SETTINGS, VENDORS } from './providers/vendors.ts'
import { parseSecrets } from './secrets/keys.ts'
import { TOKEN_ALGS } from './secrets/token-keys.ts'
import { isOfAnotherProject, isReadOnlyToken, key, sharedSecret, supabaseServiceKey } from './settings/keys.ts'
import { apiKeys, secrets, weakness } from './settings/own-keys.ts'
import {
  cleaned,
  either,
  flag,
  listOf,
  mailbox,
  oneOf,
  optional,
  plainOf,
  type Read,
  required,
  type Settings as Table,
  textThat,
  type Values,
  Wrong,
  whole,
} from './settings/readers.ts'
import { baseUrl, origin, page, url } from './settings/urls.ts'

export type { ApiKey } from './settings/own-keys.ts'

/** Never a real secret: known to everybody who reads this line, and refused outside development. */
const DEVELOPMENT_SECRET = 'dev:cG9zdGEgZGV2ZWxvcG1lbnQgc2VjcmV0LCBub3QgMSE='
/** sha256('posta_development'). */
const DEVELOPMENT_KEY = 'development:admin:5f3960ef6f97705324bfd10e127964f924d40f104b2fc4346d96e8a4c3fb1fd4'

const address: Read<Address> = (text) => parseEmail(text) ?? new Wrong('must be e-mail addresses, separated by commas')
const domain: Read<string> = (text) => {
  const found = parseEmail(`a@${text}`)
  return found
    ? found.deliver.slice(2).toLowerCase()
    : new Wrong('must be domains such as example.com, separated by commas')
}
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
  return new Set(names).size === names.length ? names : new Wrong('names a provider twice')
}

const SETTINGS = {
  POSTA_ENV: either(oneOf('production', 'development'), 'production'),
  POSTA_SECRET: required(secrets),
  POSTA_API_KEYS: either(apiKeys, []),
  PUBLIC_URL: optional(origin),
  LIMITS: either(flag, true),
  SENDING: either(oneOf('on', 'off', 'drop', 'shadow'), 'on'),
  CODE_MINUTES: optional(whole(5, 10)),
  CODE_DIGITS: either(whole(6, 8), 6),
  CORS_ORIGINS: optional(listOf(page)),
  APP_NAME: either(plainOf(1, 60, 'must have at most 60 characters'), 'posta'),
  APP_URL: optional(baseUrl),
  DEFAULT_LOCALE: either(oneOf('es', 'en'), 'en'),
  TIME_ZONE: either(timeZone, 'UTC'),
  CURRENCY: either(textThat(isCurrency, 'must be an ISO 4217 code such as COP'), 'USD'),
  REGION: optional(textThat(isRegion, 'must be an ISO 3166 code such as CO')),
  ACCESS_TOKEN_ALG: either(oneOf(...TOKEN_ALGS), 'ES256'),
  ACCESS_TOKEN_MINUTES: either(whole(5, 1_440), 60),
  PASSWORD_MIN: either(whole(6, 64), 8),
  REGISTRATION: either(oneOf('open', 'verified'), 'open'),
  ADMIN_EMAILS: either(listOf(address), []),
  EMAIL_FROM: required(mailbox),
  EMAIL_REPLY_TO: optional(mailbox),
  SENDER_DOMAINS: either(listOf(domain), []),
  EMAIL_PROVIDERS: optional(providers),
  ...VENDOR_SETTINGS,
  UPSTASH_REDIS_REST_URL: optional(origin),
  UPSTASH_REDIS_REST_TOKEN: optional(key('the REST token of the database')),
  QSTASH_URL: either(origin, 'https://qstash.upstash.io'),
  QSTASH_TOKEN: optional(key('the token of QStash')),
  QSTASH_CURRENT_SIGNING_KEY: optional(key('a QStash signing key', 'sig_')),
  QSTASH_NEXT_SIGNING_KEY: optional(key('a QStash signing key', 'sig_')),
  SUPABASE_URL: optional(origin),
  SUPABASE_SERVICE_ROLE_KEY: optional(supabaseServiceKey),
  SUPABASE_JWT_SECRET: optional(sharedSecret),
  ALERT_WEBHOOK_URL: optional(url),
} satisfies Table

/** Every name that is read. */
export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS)

export type Settings = Values<typeof SETTINGS>

export interface Config extends Omit<Settings, 'EMAIL_PROVIDERS'> {
  /** Names of vendors, in the order they are tried. */
  EMAIL_PROVIDERS: string[]
  /** The real vendors that are ready; development plays all others. */
  ready: string[]
  development: boolean
}

/** What is wrong with one setting. `message` never holds its value, so that a log may have it. */
export interface SettingProblem {
  variable: string
  message: string
}

/** The settings are wrong; `problems` has every reason at once. */
export class ConfigError extends Error {
  readonly problems: SettingProblem[]

  constructor(problems: SettingProblem[]) {
    super(problems.map(({ variable, message }) => `${variable}: ${message}`).join('; '))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** The texts that are bound, cleaned; an empty one counts as unset. [vars] of wrangler.toml may bind numbers. */
function texts(env: Record<string, unknown>): Record<string, string> {
  const given: Record<string, string> = {}
  for (const name of SETTING_NAMES) {
    const bound = env[name]
    const text = /^(?:string|number|boolean)$/.test(typeof bound) ? cleaned(String(bound)) : ''
    if (text !== '') given[name] = text
  }
  return given
}

/** Reads the bindings. Throws ConfigError with every problem at once. */
export function readConfig(env: Record<string, unknown>): Config {
  const given = texts(env)
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
    const value = read(name, given[name], setting, typeof bound === 'object' && bound !== null ? bound : undefined)
    if (value instanceof Wrong) problems.push({ variable: name, message: value.message })
    else valid[name] = value
  }
  const settings = valid as Partial<Settings>
  problems.push(...together(settings, given, development))
  problems.push(...(development ? openToAll(settings) : unfit(settings, given)))
  if (problems.length > 0) throw new ConfigError(problems)
  const whole = settings as Settings
  const names = whole.EMAIL_PROVIDERS ?? defaultVendors(whole)
  return { ...whole, development, EMAIL_PROVIDERS: names, ready: readyVendors(whole) }
}

/** What no setting wants, whatever it is for, comes before its own reader. */
function read(name: string, text: string | undefined, setting: Table[string], bound?: object): unknown {
  if (text === 'undefined' || text === 'null') return new Wrong(`holds the word ${text}, not a value`)
  if (text?.startsWith(`${name}=`)) return new Wrong('repeats its own name: give what follows the =')
  return setting(text, bound)
}

/** Settings that only make sense all at once. */
const TOGETHER: string[][] = [
  ...VENDORS.flatMap((one) => (one.together ? [one.together] : [])),
  ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
  ['QSTASH_TOKEN', 'QSTASH_CURRENT_SIGNING_KEY', 'QSTASH_NEXT_SIGNING_KEY'],
]

/** Settings that are each fine but wrong together; `settings` lacks those that are wrong alone. */
function together(settings: Partial<Settings>, given: Record<string, string>, development: boolean): SettingProblem[] {
  const problems: SettingProblem[] = []
  const say = (variable: string, message: string) => problems.push({ variable, message })
  for (const set of TOGETHER) {
    const missing = set.filter((name) => given[name] === undefined)
    const first = set.find((name) => given[name] !== undefined)
    if (first) for (const name of missing) say(name, `is required with ${first}`)
  }
  if (given.QSTASH_URL && !given.QSTASH_TOKEN) say('QSTASH_TOKEN', 'is required with QSTASH_URL')
  // The URL alone says nothing: accounts live there (service key), or only its tokens are believed (secret).
  const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, SUPABASE_JWT_SECRET } = given
  if (SUPABASE_URL && !SUPABASE_SERVICE_ROLE_KEY && !SUPABASE_JWT_SECRET) {
    say('SUPABASE_SERVICE_ROLE_KEY', 'is required with SUPABASE_URL')
  }
  if (!SUPABASE_URL && (SUPABASE_SERVICE_ROLE_KEY || SUPABASE_JWT_SECRET)) {
    say('SUPABASE_URL', `is required with ${SUPABASE_JWT_SECRET ? 'SUPABASE_JWT_SECRET' : 'SUPABASE_SERVICE_ROLE_KEY'}`)
  }
  if (isOfAnotherProject(settings.SUPABASE_URL ?? '', settings.SUPABASE_SERVICE_ROLE_KEY ?? '')) {
    say('SUPABASE_SERVICE_ROLE_KEY', 'is of another project than SUPABASE_URL')
  }
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = settings
  if (url && token && isReadOnlyToken(url, token)) say('UPSTASH_REDIS_REST_TOKEN', 'is the token that may only read')
  // QStash calls back, so it needs an address of ours.
  if (!given.PUBLIC_URL && (given.QSTASH_TOKEN || !development)) {
    say('PUBLIC_URL', `is required ${development ? 'with QSTASH_TOKEN' : 'in production'}`)
  }
  const qstash = settings.QSTASH_TOKEN && settings.QSTASH_URL
  if (qstash && settings.PUBLIC_URL && !isLocalHost(hostOf(qstash)) && isLocalHost(hostOf(settings.PUBLIC_URL))) {
    say('PUBLIC_URL', 'must be reachable from the internet: QStash calls it')
  }
  problems.push(...pastedTwice(settings))
  return problems
}

const hostOf = (text: string): string => new URL(text).hostname

/** One key under two names: the second was meant to be another. */
function pastedTwice(settings: Partial<Settings>): SettingProblem[] {
  const first = new Map<unknown, string>()
  return Object.entries(settings).flatMap(([variable, text]) => {
    // Mailgun signs with the API key of accounts that are old.
    if (typeof text !== 'string' || !/_(?:KEY|TOKEN|SECRET)$/.test(variable) || variable === 'MAILGUN_SIGNING_KEY')
      return []
    const before = first.get(text)
    if (before !== undefined) return [{ variable, message: `is the same as ${before}` }]
    first.set(text, variable)
    return []
  })
}

/** Development knows its key and shows every mail to whoever asks: it must not have a public address. */
function openToAll({ PUBLIC_URL }: Partial<Settings>): SettingProblem[] {
  if (!PUBLIC_URL || isLocalHost(hostOf(PUBLIC_URL))) return []
  return [{ variable: 'POSTA_ENV', message: 'must not be development where PUBLIC_URL is a public address' }]
}

/** What development may do and production must not. */
function unfit(settings: Partial<Settings>, given: Record<string, string>): SettingProblem[] {
  const problems: SettingProblem[] = []
  const say = (variable: string, message: string) => problems.push({ variable, message })
  for (const [name, value] of Object.entries(settings)) {
    const urls = name.endsWith('_URL') || name === 'CORS_ORIGINS' ? [value ?? []].flat().map(String) : []
    if (urls.some((one) => one.startsWith('http:') && !isLoopback(hostOf(one)))) {
      say(name, 'must begin with https:// in production')
    }
  }
  if (settings.LIMITS === false) say('LIMITS', 'must not be off in production')
  const known = parseSecrets(DEVELOPMENT_SECRET)?.[0]?.bytes.join()
  const own = settings.POSTA_SECRET ?? []
  const weak = own.some((secret) => secret.bytes.join() === known) ? 'must not be the known one' : weakness(own)
  if (weak !== null) say('POSTA_SECRET', weak)
  const keys = settings.POSTA_API_KEYS ?? []
  if (keys.some((one) => DEVELOPMENT_KEY.endsWith(one.sha256))) say('POSTA_API_KEYS', 'must not hold the known key')
  // A vendor whose key is wrong has been told of already.
  const have = readyVendors({ ...given, ...settings } as Partial<Settings>)
  for (const name of settings.EMAIL_PROVIDERS ?? []) {
    const listed = VENDORS.find((one) => one.name === name)
    if (listed?.development) say('EMAIL_PROVIDERS', `${name} exists in development only`)
    else if (!have.includes(name)) say('EMAIL_PROVIDERS', `names ${name}, which is not configured`)
  }
  if (!given.EMAIL_PROVIDERS && have.length === 0) say('EMAIL_PROVIDERS', 'no e-mail provider is configured')
  return problems
}
