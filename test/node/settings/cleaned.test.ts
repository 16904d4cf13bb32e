// What editors, shells and dashboards leave around a value is not part of it; what follows from that is one and the same URL.
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../lib/config.ts'
import { cleaned } from '../../../lib/settings/readers.ts'

describe('a value', () => {
  it.each([
    ['https://x.upstash.io\n', 'https://x.upstash.io'],
    ['\uFEFFre_1', 're_1'],
    [' \t re_1 \r\n', 're_1'],
    ['re_1\u200B\u2060', 're_1'],
    ['re_1\u00A0', 're_1'],
    ['"re_1"', 're_1'],
    ["'re_1'\n", 're_1'],
    ['" re_1 "', 're_1'],
    ['"re_1\\n"', 're_1'],
    ['re_1\\r\\n', 're_1'],
    ['""', ''],
    ['"', '"'],
    ['"re_1', '"re_1'],
    ['"Ana" <a@b.test>', '"Ana" <a@b.test>'],
    ['"Ana", "Eva"', '"Ana", "Eva"'],
    ["Ana O'Neill", "Ana O'Neill"],
  ])('%j is read as %j', (text, meant) => {
    expect(cleaned(text)).toBe(meant)
    expect(cleaned(cleaned(text))).toBe(meant)
  })
})

describe('settings', () => {
  const read = (env: Record<string, unknown>) => readConfig({ POSTA_ENV: 'development\n', ...env })

  it('are cleaned whichever they are', () => {
    const config = read({
      POSTA_ENV: ' "development" ',
      POSTA_API_KEYS: `"app:send:${'AB'.repeat(32)}"\n`,
      EMAIL_FROM: '"Ana López <ana@example.com>"',
      RESEND_API_KEY: 're_1\n',
      CODE_DIGITS: '7\n',
      LIMITS: 'off\r\n',
      EMAIL_PROVIDERS: '"resend, mailgun"\n',
      CORS_ORIGINS: ' https://a.example , "https://b.example/" ',
      APP_NAME: '\uFEFFCine Sur',
    })
    expect(config).toMatchObject({
      development: true,
      POSTA_API_KEYS: [{ name: 'app', sha256: 'ab'.repeat(32) }],
      EMAIL_FROM: { name: 'Ana López', address: 'ana@example.com' },
      RESEND_API_KEY: 're_1',
      CODE_DIGITS: 7,
      LIMITS: false,
      EMAIL_PROVIDERS: ['resend', 'mailgun'],
      CORS_ORIGINS: ['https://a.example', 'https://b.example'],
      APP_NAME: 'Cine Sur',
    })
  })

  it.each<
    [
      name: 'UPSTASH_REDIS_REST_URL' | 'PUBLIC_URL' | 'APP_URL' | 'RESEND_BASE_URL' | 'ALERT_WEBHOOK_URL',
      given: string,
      kept: string,
    ]
  >([
    ['UPSTASH_REDIS_REST_URL', 'https://x.upstash.io/\n', 'https://x.upstash.io'],
    ['PUBLIC_URL', 'HTTPS://Posta.Example:443/', 'https://posta.example'],
    ['APP_URL', 'https://app.example.com/es//', 'https://app.example.com/es'],
    ['APP_URL', 'https://сайт.example', 'https://xn--80aswg.example'],
    ['RESEND_BASE_URL', 'http://127.0.0.1:9/resend/', 'http://127.0.0.1:9/resend'],
    ['ALERT_WEBHOOK_URL', 'https://chat.example/v1/x?key=1', 'https://chat.example/v1/x?key=1'],
  ])('%s=%j is kept as %j', (name, given, kept) => {
    expect(read({ [name]: given, UPSTASH_REDIS_REST_TOKEN: name.startsWith('UPSTASH') ? 't' : '' })[name]).toBe(kept)
  })

  it('may be numbers, as [vars] of wrangler.toml binds them', () => {
    expect(read({ CODE_DIGITS: 8 }).CODE_DIGITS).toBe(8)
  })

  it('keep an Upstash token that may write, and one of a host without a number', () => {
    const token = Buffer.from([1, 0, 1, 0, 2, 9, 9, 9, 9]).toString('base64')
    expect(read({ UPSTASH_REDIS_REST_URL: 'https://eu-1.upstash.io', UPSTASH_REDIS_REST_TOKEN: token })).toBeTruthy()
    const reading = Buffer.from([2, 0, 1, 0, 2, 9, 9, 9, 9]).toString('base64')
    expect(read({ UPSTASH_REDIS_REST_URL: 'https://db.example', UPSTASH_REDIS_REST_TOKEN: reading })).toBeTruthy()
  })

  it('let a shared secret hold spaces', () => {
    const SUPABASE_JWT_SECRET = 'a shared secret of forty characters, old'
    expect(read({ SUPABASE_URL: 'https://x.supabase.co', SUPABASE_JWT_SECRET })).toMatchObject({ SUPABASE_JWT_SECRET })
  })

  it('let one Mailgun key send and sign, as old accounts do', () => {
    const key = { MAILGUN_API_KEY: 'key-1', MAILGUN_SIGNING_KEY: 'key-1', MAILGUN_DOMAIN: 'mg.example.com' }
    expect(read(key).ready).toEqual(['mailgun'])
  })
})
