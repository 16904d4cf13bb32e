// Settings: what is read, what is refused, and that no value is ever repeated.
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../lib/config.ts'

describe('settings', () => {
  const production = {
    POSTA_SECRET: `k1:${btoa('the quick brown fox, who jumps .')}`,
    PUBLIC_URL: 'https://posta.example.com',
    EMAIL_FROM: 'Cine <no-reply@example.com>',
    RESEND_API_KEY: 're_123',
  }
  const variables = (env: Record<string, unknown>) => {
    try {
      readConfig(env)
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable)
      throw error
    }
  }

  it('need nothing in development', () => {
    const config = readConfig({ POSTA_ENV: 'development' })
    expect(config.EMAIL_PROVIDERS).toEqual(['inbox'])
    expect(config.POSTA_API_KEYS).toMatchObject([{ scopes: ['send', 'admin'] }])
  })

  it('are complete in production', () => expect(readConfig(production).EMAIL_PROVIDERS).toEqual(['resend']))

  it('count as unset when empty', () =>
    expect(readConfig({ ...production, MAILGUN_DOMAIN: '' }).MAILGUN_DOMAIN).toBeUndefined())

  it('know the domains of senders however they are typed', () => {
    expect(readConfig(production).SENDER_DOMAINS).toEqual([])
    const typed = { ...production, SENDER_DOMAINS: 'Example.com, münchen.example' }
    expect(readConfig(typed).SENDER_DOMAINS).toEqual(['example.com', 'xn--mnchen-3ya.example'])
  })

  const every = {
    MAILGUN_API_KEY: 'key',
    MAILGUN_DOMAIN: 'mg.example.com',
    SENDGRID_API_KEY: 'SG.123',
    EMAIL: { send: async () => ({ messageId: '<1@example.com>' }) },
  }
  it.each<[string, Record<string, unknown>, string[]]>([
    ['all that are configured, in one order', every, ['resend', 'sendgrid', 'mailgun', 'cloudflare']],
    ['the binding alone', { RESEND_API_KEY: '', EMAIL: every.EMAIL }, ['cloudflare']],
    ['the order that is named', { ...every, EMAIL_PROVIDERS: 'cloudflare, resend' }, ['cloudflare', 'resend']],
  ])('give the vendors: %s', (_, env, names) =>
    expect(readConfig({ ...production, ...env }).EMAIL_PROVIDERS).toEqual(names),
  )

  it('let development name vendors that are not configured, and know which are', () => {
    const env = { POSTA_ENV: 'development', EMAIL_PROVIDERS: 'console,inbox,resend,cloudflare', EMAIL: every.EMAIL }
    const config = readConfig(env)
    expect(config.EMAIL_PROVIDERS).toEqual(['console', 'inbox', 'resend', 'cloudflare'])
    expect(config.ready).toEqual(['cloudflare'])
  })

  it.each<[Record<string, unknown>, string[]]>([
    [{ POSTA_SECRET: '' }, ['POSTA_SECRET']],
    [{ POSTA_SECRET: 'k1:short' }, ['POSTA_SECRET']],
    [{ POSTA_SECRET: `k1:${btoa('posta development secret, not 1!')}` }, ['POSTA_SECRET']],
    [
      { POSTA_API_KEYS: 'app:send:5f3960ef6f97705324bfd10e127964f924d40f104b2fc4346d96e8a4c3fb1fd4' },
      ['POSTA_API_KEYS'],
    ],
    [{ PUBLIC_URL: '' }, ['PUBLIC_URL']],
    [{ PUBLIC_URL: 'https://posta.example.com/path' }, ['PUBLIC_URL']],
    [{ EMAIL_FROM: 'Ana\r\nBcc: x <a@b.test>' }, ['EMAIL_FROM']],
    [{ LIMITS: 'off' }, ['LIMITS']],
    [{ CODE_DIGITS: '5' }, ['CODE_DIGITS']],
    [{ CODE_MINUTES: '11' }, ['CODE_MINUTES']],
    [{ MAILGUN_API_KEY: 'key' }, ['MAILGUN_DOMAIN']],
    [{ MAILGUN_DOMAIN: 'mg.example.com' }, ['MAILGUN_API_KEY']],
    [{ EMAIL: 'on' }, ['EMAIL']],
    [{ EMAIL: { fetch() {} } }, ['EMAIL']],
    [{ UPSTASH_REDIS_REST_URL: 'https://x.upstash.io' }, ['UPSTASH_REDIS_REST_TOKEN']],
    [{ UPSTASH_REDIS_REST_TOKEN: 'token' }, ['UPSTASH_REDIS_REST_URL']],
    [{ QSTASH_TOKEN: 't', QSTASH_CURRENT_SIGNING_KEY: 'sig_a' }, ['QSTASH_NEXT_SIGNING_KEY']],
    [{ EMAIL_PROVIDERS: 'inbox' }, ['EMAIL_PROVIDERS']],
    [{ EMAIL_PROVIDERS: 'resend,sendgrid' }, ['EMAIL_PROVIDERS']],
    [{ EMAIL_PROVIDERS: 'resend,cloudflare' }, ['EMAIL_PROVIDERS']],
    [{ EMAIL_PROVIDERS: 'resend,resend' }, ['EMAIL_PROVIDERS']],
    [{ RESEND_API_KEY: '' }, ['EMAIL_PROVIDERS']],
    [{ POSTA_API_KEYS: 'app:send:123' }, ['POSTA_API_KEYS']],
    [{ POSTA_ENV: 'staging' }, ['POSTA_ENV']],
    [{ SUPABASE_URL: 'https://x.supabase.co' }, ['SUPABASE_SERVICE_ROLE_KEY']],
    [{ SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_1' }, ['SUPABASE_URL']],
    [{ SUPABASE_JWT_SECRET: 'abcd'.repeat(8) }, ['SUPABASE_URL']],
    [{ SUPABASE_URL: 'https://x.supabase.co', SUPABASE_JWT_SECRET: 'short' }, ['SUPABASE_JWT_SECRET']],
    [{ ACCESS_TOKEN_MINUTES: '4' }, ['ACCESS_TOKEN_MINUTES']],
    [{ PASSWORD_MIN: '5' }, ['PASSWORD_MIN']],
    [{ REGISTRATION: 'closed' }, ['REGISTRATION']],
    [{ ADMIN_EMAILS: 'ana@example.com,nobody' }, ['ADMIN_EMAILS']],
    [{ TIME_ZONE: 'Bogota' }, ['TIME_ZONE']],
    [{ SENDER_DOMAINS: 'example.com,ana@example.com' }, ['SENDER_DOMAINS']],
    [{ CURRENCY: 'pesos', REGION: 'Colombia' }, ['CURRENCY', 'REGION']],
    [{ CURRENCY: 'QQQ', REGION: 'QQ' }, ['CURRENCY', 'REGION']],
    [
      { CODE_DIGITS: 'x', PUBLIC_URL: '', UPSTASH_REDIS_REST_URL: 'https://x.upstash.io', RESEND_API_KEY: '' },
      ['CODE_DIGITS', 'UPSTASH_REDIS_REST_TOKEN', 'PUBLIC_URL', 'EMAIL_PROVIDERS'],
    ],
  ])('%j are refused by name', (change, names) => expect(variables({ ...production, ...change })).toEqual(names))

  it('never say a value', () => {
    const env = {
      ...production,
      POSTA_SECRET: 'hunter2',
      POSTA_API_KEYS: 'hunter2',
      EMAIL_FROM: 'hunter2',
      CODE_DIGITS: 'hunter2',
      RESEND_BASE_URL: 'hunter2',
      EMAIL: 'hunter2',
    }
    expect(() => readConfig(env)).toThrow(ConfigError)
    expect(() => readConfig(env)).not.toThrow(/hunter2/)
  })
})
