// A setting that is wrong is found at the first request, and the log says which one and why, never what it holds.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../../functions/http/app.ts'
import { wire } from '../../../lib/wire.ts'

const base64 = (bytes: number[]) => Buffer.from(bytes).toString('base64')
const random = (seed: number) => base64(Array.from({ length: 32 }, (_, at) => (seed + at * at * 37 + at * 11) & 0xff))
const jwt = (claims: object) =>
  [...[{ alg: 'HS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')), 'c2ln'].join(
    '.',
  )
const hash = 'ab'.repeat(32)

const PRODUCTION = {
  POSTA_SECRET: `k1:${random(1)}`,
  PUBLIC_URL: 'https://posta.example.com',
  EMAIL_FROM: 'Cine <no-reply@example.com>',
  RESEND_API_KEY: 're_123',
}
const UPSTASH = { UPSTASH_REDIS_REST_URL: 'https://eu-1.upstash.io', UPSTASH_REDIS_REST_TOKEN: 'token' }
const QSTASH = { QSTASH_TOKEN: 't', QSTASH_CURRENT_SIGNING_KEY: 'sig_a', QSTASH_NEXT_SIGNING_KEY: 'sig_b' }
const SUPABASE = { SUPABASE_URL: 'https://abcd.supabase.co', SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_1' }
const MAILGUN = { MAILGUN_API_KEY: 'key-1', MAILGUN_DOMAIN: 'mg.example.com' }
const SHAPE = 'must be kid:base64(32 bytes), several separated by commas; npm run secret makes one'
const WORD = 'must be one word of plain letters and signs: no spaces, line ends or quotes'

const refused = (env: Record<string, unknown>) => {
  const app = createApp(() =>
    wire({
      env,
      object: () => {
        throw new Error('no store is needed')
      },
      now: () => 0,
      random: (bytes) => new Uint8Array(bytes),
      sleep: async () => {},
      write: () => {},
      background: () => {},
    }),
  )
  return app.request('/health')
}

afterEach(() => vi.restoreAllMocks())

describe('a refused setting', () => {
  it.each<[change: Record<string, unknown>, variable: string, message: string]>([
    [{ POSTA_ENV: 'prod' }, 'POSTA_ENV', 'must be one of production, development'],
    [{ POSTA_SECRET: '' }, 'POSTA_SECRET', 'is required'],
    [{ POSTA_SECRET: random(1) }, 'POSTA_SECRET', SHAPE],
    [{ POSTA_SECRET: `k1:${btoa('short')}` }, 'POSTA_SECRET', `${SHAPE}; this one has 5 bytes`],
    [{ POSTA_SECRET: `k1:${'0f'.repeat(32)}` }, 'POSTA_SECRET', `${SHAPE}; this one is in hex`],
    [{ POSTA_SECRET: `k1:${random(1)},k1:${random(2)}` }, 'POSTA_SECRET', 'names a kid twice'],
    [{ POSTA_SECRET: `k1:${random(1)},k2:${random(1)}` }, 'POSTA_SECRET', 'holds the same secret twice'],
    [{ POSTA_SECRET: `k1:${'A'.repeat(43)}=` }, 'POSTA_SECRET', 'must be random; npm run secret makes one'],
    [
      { POSTA_SECRET: `k1:${base64([...Array(32).keys()])}` },
      'POSTA_SECRET',
      'must be random; npm run secret makes one',
    ],
    [{ POSTA_SECRET: `k1:${btoa('posta development secret, not 1!')}` }, 'POSTA_SECRET', 'must not be the known one'],
    [
      { POSTA_API_KEYS: 'posta_0123456789abcdef' },
      'POSTA_API_KEYS',
      'must hold the hash of a key, not the key; npm run key prints both',
    ],
    [{ POSTA_API_KEYS: `app:${hash}` }, 'POSTA_API_KEYS', 'must be name:scope:sha256hex entries, separated by commas'],
    [
      { POSTA_API_KEYS: 'app:send:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
      'POSTA_API_KEYS',
      'holds the hash of an empty text',
    ],
    [{ POSTA_API_KEYS: `a:send:${hash},b:send:${hash}` }, 'POSTA_API_KEYS', 'holds the same key twice'],
    [{ PUBLIC_URL: '' }, 'PUBLIC_URL', 'is required in production'],
    [{ PUBLIC_URL: 'posta.example.com' }, 'PUBLIC_URL', 'must begin with https://'],
    [{ PUBLIC_URL: 'https://posta.example.com/v1' }, 'PUBLIC_URL', 'must be an origin: nothing may follow the host'],
    [{ PUBLIC_URL: 'http://posta.example.com' }, 'PUBLIC_URL', 'must begin with https:// in production'],
    [{ PUBLIC_URL: 'https://me:pw@posta.example.com' }, 'PUBLIC_URL', 'must not hold a user name or a password'],
    [{ PUBLIC_URL: 'https://pos ta.example.com' }, 'PUBLIC_URL', 'must not hold spaces or line ends'],
    [
      { ...QSTASH, PUBLIC_URL: 'http://localhost:8787' },
      'PUBLIC_URL',
      'must be reachable from the internet: QStash calls it',
    ],
    [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS', 'must be origins such as https://app.example.com or https://*.example.com'],
    [
      { CORS_ORIGINS: 'https://a.example,https://b.example/x' },
      'CORS_ORIGINS',
      'must be an origin: nothing may follow the host',
    ],
    [{ CORS_ORIGINS: ',' }, 'CORS_ORIGINS', 'names nothing'],
    [{ APP_URL: 'https://app.example.com/?from=mail' }, 'APP_URL', 'must not hold a query (?…)'],
    [{ APP_URL: 'https://app.example.com/#/' }, 'APP_URL', 'must not hold a fragment (#…)'],
    [{ APP_URL: 'http://app.example.com' }, 'APP_URL', 'must begin with https:// in production'],
    [{ LIMITS: 'off' }, 'LIMITS', 'must not be off in production'],
    [{ SENDING: 'true' }, 'SENDING', 'must be one of on, off, drop, shadow'],
    [{ CODE_DIGITS: '5' }, 'CODE_DIGITS', 'must be a whole number from 6 to 8'],
    [{ APP_NAME: {} }, 'APP_NAME', 'must be a text, not another kind of binding'],
    [{ ADMIN_EMAILS: 'ana@example.com;eva' }, 'ADMIN_EMAILS', 'must be e-mail addresses, separated by commas'],
    [{ EMAIL_FROM: 'Cine' }, 'EMAIL_FROM', 'must be an address or "Name <address>"'],
    [{ EMAIL_PROVIDERS: 'resend,resend' }, 'EMAIL_PROVIDERS', 'names a provider twice'],
    [{ EMAIL_PROVIDERS: 'resend,mailgun' }, 'EMAIL_PROVIDERS', 'names mailgun, which is not configured'],
    [{ EMAIL_PROVIDERS: 'inbox' }, 'EMAIL_PROVIDERS', 'inbox exists in development only'],
    [{ RESEND_API_KEY: '' }, 'EMAIL_PROVIDERS', 'no e-mail provider is configured'],
    [{ RESEND_API_KEY: 'SG.123' }, 'RESEND_API_KEY', 'must be a Resend API key; this is a SendGrid API key'],
    [{ RESEND_API_KEY: '123' }, 'RESEND_API_KEY', 'must be a Resend API key, which begins with re_'],
    [{ RESEND_API_KEY: 're_' }, 'RESEND_API_KEY', 'must go on after re_'],
    [{ RESEND_API_KEY: 're_…' }, 'RESEND_API_KEY', 'holds a placeholder, not a key'],
    [{ RESEND_API_KEY: 'Bearer re_123' }, 'RESEND_API_KEY', 'must be the key alone, without Bearer'],
    [{ RESEND_API_KEY: 're_12 3' }, 'RESEND_API_KEY', WORD],
    [{ RESEND_API_KEY: 'undefined' }, 'RESEND_API_KEY', 'holds the word undefined, not a value'],
    [{ RESEND_API_KEY: 'RESEND_API_KEY=re_123' }, 'RESEND_API_KEY', 'repeats its own name: give what follows the ='],
    [{ RESEND_BASE_URL: 'http://mail.example.com' }, 'RESEND_BASE_URL', 'must begin with https:// in production'],
    [
      { RESEND_WEBHOOK_SECRET: 're_123' },
      'RESEND_WEBHOOK_SECRET',
      'must be a webhook secret; this is a Resend API key',
    ],
    [{ SENDGRID_API_KEY: 're_456' }, 'SENDGRID_API_KEY', 'must be a SendGrid API key; this is a Resend API key'],
    [
      { ...MAILGUN, MAILGUN_API_KEY: 'pubkey-1' },
      'MAILGUN_API_KEY',
      'must be a Mailgun API key; this is a public Mailgun key',
    ],
    [{ MAILGUN_API_KEY: 'key-1' }, 'MAILGUN_DOMAIN', 'is required with MAILGUN_API_KEY'],
    [
      { ...MAILGUN, MAILGUN_DOMAIN: 'https://mg.example.com' },
      'MAILGUN_DOMAIN',
      'must be a domain such as mg.example.com, without https://, path or @',
    ],
    [
      { ...MAILGUN, MAILGUN_BASE_URL: 'https://api.mailgun.net/v3/mg.example.com' },
      'MAILGUN_BASE_URL',
      'must end before /v3, which is added to it',
    ],
    [
      { ...UPSTASH, UPSTASH_REDIS_REST_URL: 'rediss://default:pw@eu-1.upstash.io:6379' },
      'UPSTASH_REDIS_REST_URL',
      'must be the REST URL, which begins with https://, not the one of redis',
    ],
    [
      { ...UPSTASH, UPSTASH_REDIS_REST_TOKEN: base64([2, 0, 1, 0, 2, 9, 9, 9, 9]) },
      'UPSTASH_REDIS_REST_TOKEN',
      'is the token that may only read',
    ],
    [{ ...QSTASH, QSTASH_TOKEN: 'sig_c' }, 'QSTASH_TOKEN', 'must be the token of QStash; this is a QStash signing key'],
    [
      { ...QSTASH, QSTASH_NEXT_SIGNING_KEY: 'sig_a' },
      'QSTASH_NEXT_SIGNING_KEY',
      'is the same as QSTASH_CURRENT_SIGNING_KEY',
    ],
    [{ QSTASH_URL: 'https://qstash.upstash.io' }, 'QSTASH_TOKEN', 'is required with QSTASH_URL'],
    [
      { ...QSTASH, QSTASH_URL: 'https://qstash.upstash.io/v2/publish' },
      'QSTASH_URL',
      'must be an origin: nothing may follow the host',
    ],
    [
      { ...SUPABASE, SUPABASE_URL: 'postgresql://postgres@db.abcd.supabase.co' },
      'SUPABASE_URL',
      'must be the URL of the project, which begins with https://, not the one of its database',
    ],
    [
      { ...SUPABASE, SUPABASE_SERVICE_ROLE_KEY: jwt({ role: 'anon' }) },
      'SUPABASE_SERVICE_ROLE_KEY',
      'must be the key of service_role; this is one of anon',
    ],
    [
      { ...SUPABASE, SUPABASE_SERVICE_ROLE_KEY: 'sb_publishable_1' },
      'SUPABASE_SERVICE_ROLE_KEY',
      'must be a secret key of Supabase or the JWT of its service_role; this is a publishable Supabase key',
    ],
    [
      { ...SUPABASE, SUPABASE_SERVICE_ROLE_KEY: jwt({ role: 'service_role', ref: 'other' }) },
      'SUPABASE_SERVICE_ROLE_KEY',
      'is of another project than SUPABASE_URL',
    ],
    [
      { ...SUPABASE, SUPABASE_JWT_SECRET: jwt({ role: 'anon', iss: 'supabase' }) },
      'SUPABASE_JWT_SECRET',
      'must be the shared secret of tokens; this is a JSON web token',
    ],
    [
      { ALERT_WEBHOOK_URL: 'http://hooks.example.com/x' },
      'ALERT_WEBHOOK_URL',
      'must begin with https:// in production',
    ],
    [{ EMAIL: 'on' }, 'EMAIL', 'must be a send_email binding'],
  ])('%j is told by its name and its reason', async (change, variable, message) => {
    const written = vi.spyOn(console, 'log').mockImplementation(() => {})
    const answer = await refused({ ...PRODUCTION, ...change })
    expect([answer.status, await answer.json()]).toMatchObject([500, { code: 'misconfigured' }])
    const line =
      written.mock.calls.map(([text]) => String(text)).find((text) => text.includes('"misconfigured"')) ?? '{}'
    expect(JSON.parse(line)).toMatchObject({ level: 'error', problems: [{ variable, message }] })
    for (const text of Object.values(change)) {
      if (typeof text === 'string' && text.length > 14) expect(line).not.toContain(text)
    }
  })
})
