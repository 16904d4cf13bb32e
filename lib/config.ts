// Settings: read once per isolate; every error names the variable, never its value.
import * as z from 'zod'
import { type Address, parseEmail, parseMailbox } from './address.ts'
import { parseSecrets, type Secret } from './keys.ts'
import { isBaseUrl, isOrigin } from './urls.ts'

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

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)
const flag = z
  .enum(['on', 'off'])
  .default('on')
  .transform((value) => value === 'on')
const whole = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max))
const plain = z.string().refine((text) => !/\p{Cc}/u.test(text), 'must not hold control characters')
const origin = z
  .string()
  .refine(isOrigin, 'must be an origin such as https://posta.example.com')
  .transform((url) => new URL(url).origin)
const baseUrl = z
  .string()
  .refine(isBaseUrl, 'must be an http(s) URL')
  .transform((url) => url.replace(/\/+$/, ''))
const mailbox = z.string().transform((text, context) => {
  const parsed = parseMailbox(text)
  if (parsed) return parsed
  context.addIssue('must be an address or "Name <address>"')
  return z.NEVER
})
const secrets = z.string().transform((text, context): Secret[] => {
  const parsed = parseSecrets(text)
  if (parsed) return parsed
  context.addIssue('must be kid:base64(32 bytes), several separated by commas')
  return z.NEVER
})
const apiKeys = list.transform((entries, context): ApiKey[] => {
  const keys: ApiKey[] = []
  for (const entry of entries) {
    const [, name, scope, sha256] = /^([A-Za-z0-9_-]{1,32}):(send|admin):([0-9a-f]{64})$/.exec(entry) ?? []
    if (!name || !sha256) context.addIssue('must be name:scope:sha256hex entries, separated by commas')
    else keys.push({ name, scopes: scope === 'admin' ? ['send', 'admin'] : ['send'], sha256 })
  }
  return keys
})
const addresses = list.transform((entries, context): Address[] =>
  entries.flatMap((entry) => {
    const address = parseEmail(entry)
    if (!address) context.addIssue('must be e-mail addresses, separated by commas')
    return address ? [address] : []
  }),
)
const timeZone = z.string().refine((name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}, 'must be an IANA time zone such as America/Bogota')
const providers = list
  .pipe(z.array(z.enum(EMAIL_PROVIDERS)).min(1))
  .refine((names) => new Set(names).size === names.length, 'names a provider twice')

const schema = z.object({
  POSTA_ENV: z.enum(['production', 'development']).default('production'),
  POSTA_SECRET: secrets,
  POSTA_API_KEYS: apiKeys.default([]),
  PUBLIC_URL: origin.optional(),
  LIMITS: flag,
  SENDING: flag,
  CODE_MINUTES: whole(5, 10).optional(),
  CODE_DIGITS: whole(6, 8).default(6),
  CORS_ORIGINS: list.pipe(z.array(origin)).optional(),
  APP_NAME: plain.pipe(z.string().min(1).max(60)).default('posta'),
  APP_URL: z.string().refine(isBaseUrl, 'must be an http(s) URL').optional(),
  DEFAULT_LOCALE: z.enum(['es', 'en']).default('en'),
  TIME_ZONE: timeZone.default('UTC'),
  ACCESS_TOKEN_MINUTES: whole(5, 1_440).default(60),
  PASSWORD_MIN: whole(6, 64).default(8),
  REGISTRATION: z.enum(['open', 'verified']).default('open'),
  ADMIN_EMAILS: addresses.default([]),
  EMAIL_FROM: mailbox,
  EMAIL_REPLY_TO: mailbox.optional(),
  EMAIL_PROVIDERS: providers.optional(),
  RESEND_API_KEY: plain.optional(),
  RESEND_BASE_URL: baseUrl.optional(),
  RESEND_WEBHOOK_SECRET: plain.optional(),
  SENDGRID_API_KEY: plain.optional(),
  SENDGRID_BASE_URL: baseUrl.optional(),
  SENDGRID_WEBHOOK_KEY: plain.optional(),
  MAILGUN_API_KEY: plain.optional(),
  MAILGUN_DOMAIN: plain.optional(),
  MAILGUN_BASE_URL: baseUrl.optional(),
  MAILGUN_SIGNING_KEY: plain.optional(),
  UPSTASH_REDIS_REST_URL: baseUrl.optional(),
  UPSTASH_REDIS_REST_TOKEN: plain.optional(),
  QSTASH_URL: baseUrl.default('https://qstash.upstash.io'),
  QSTASH_TOKEN: plain.optional(),
  QSTASH_CURRENT_SIGNING_KEY: plain.optional(),
  QSTASH_NEXT_SIGNING_KEY: plain.optional(),
  SUPABASE_URL: baseUrl.optional(),
  SUPABASE_SERVICE_ROLE_KEY: plain.optional(),
  SUPABASE_JWT_SECRET: plain.pipe(z.string().min(32, 'must have at least 32 characters')).optional(),
  ALERT_WEBHOOK_URL: z.string().refine(isBaseUrl, 'must be an http(s) URL').optional(),
})

export type Settings = z.output<typeof schema>

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
  for (const name of Object.keys(schema.shape)) {
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
  for (const [name, field] of Object.entries<z.ZodType>(schema.shape)) {
    const parsed = field.safeParse(given[name])
    if (parsed.success) valid[name] = parsed.data
    else
      for (const issue of parsed.error.issues)
        problems.push({ path: name, message: given[name] ? issue.message : 'is required' })
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
