// The kernel's pure parts: ids, keys, seals, codes, addresses, IPs, settings, log.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../../lib/config.ts'
import { jsonLog, type LogFields } from '../../../lib/log.ts'
import { maskEmail, parseEmail, parseMailbox } from '../../../lib/names/address.ts'
import { isId, newId } from '../../../lib/names/ids.ts'
import { ipPrefix } from '../../../lib/net/ip.ts'
import { bucketOf, edgeMs, percentileMs } from '../../../lib/rules/histogram.ts'
import { codeMac, deriveCode, linkToken, readLinkToken } from '../../../lib/secrets/code.ts'
import { keysFrom, parseSecrets, type Secret } from '../../../lib/secrets/keys.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const secret = (kid: string): Secret => ({ kid, bytes: random(32) })

describe('ids', () => {
  it('sort by the time they were made at', () => {
    const ids = [1, 2, 65_536, 1_800_000_000_000, 1_800_000_000_001].map((now) => newId('msg', now, random))
    expect([...ids].sort()).toEqual(ids)
  })

  it('are recognised by their shape alone', () => {
    expect(isId('ch', newId('ch', Date.now(), random))).toBe(true)
    for (const text of ['', 'ch_', 'msg_1', `ch_${'u'.repeat(36)}`, `ch_${'0'.repeat(37)}`])
      expect(isId('ch', text)).toBe(false)
  })
})

describe('keys', () => {
  const [old, young] = [secret('a'), secret('b')]
  const before = keysFrom([old], random)
  const after = keysFrom([young, old], random)

  it('open what they sealed, for that id only, also after a rotation', async () => {
    const sealed = await before.seal('msg_1', 'ana@example.com')
    expect(sealed).not.toContain('ana')
    expect(await before.open('msg_1', sealed)).toBe('ana@example.com')
    expect(await after.open('msg_1', sealed)).toBe('ana@example.com')
    expect(await before.open('msg_2', sealed)).toBeNull()
    expect(await keysFrom([young], random).open('msg_1', sealed)).toBeNull()
  })

  it('refuse a seal with any bit changed', async () => {
    const sealed = await before.seal('msg_1', 'text')
    for (let at = 2; at < sealed.length - 1; at++) {
      const bent = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
      expect(await before.open('msg_1', bent)).toBeNull()
    }
  })

  it('hash addresses by the last secret, so that a rotation forgets nobody', async () => {
    expect(await after.hash('address', 'x')).toBe(await before.hash('address', 'x'))
    expect(await after.hash('address', 'x')).not.toBe(await keysFrom([young], random).hash('address', 'x'))
  })

  it('seal payloads of two mebibytes', async () => {
    const text = 'é'.repeat(1024 * 1024)
    expect(await before.open('msg_1', await before.seal('msg_1', text))).toBe(text)
  })

  it.each([
    '',
    'a',
    'a:',
    'a:AAAA',
    `a:${btoa('x'.repeat(31))}`,
    `a:${btoa('x'.repeat(33))}`,
    `a:${btoa('x'.repeat(32))},a:${btoa('y'.repeat(32))}`,
  ])('refuse the secret %j', (text) => expect(parseSecrets(text)).toBeNull())
})

describe('codes', () => {
  const keys = keysFrom([secret('a')], random)
  const source = {
    kid: 'a',
    challengeId: 'ch_1',
    purpose: 'login',
    channel: 'email',
    address: 'ana@example.com',
    digits: 6,
  } as const

  it('follow from their source alone, and differ by each part of it', async () => {
    const code = await deriveCode(keys, source)
    expect(await deriveCode(keys, source)).toBe(code)
    expect(code).toMatch(/^\d{6}$/)
    const others = [
      { ...source, challengeId: 'ch_2' },
      { ...source, purpose: 'register' },
      { ...source, channel: 'sms' as const },
      { ...source, address: 'eve@example.com' },
    ]
    for (const other of others) expect(await deriveCode(keys, other)).not.toBe(code)
  })

  it('are spread evenly over all digits', async () => {
    const counts = new Array<number>(10).fill(0)
    for (let n = 0; n < 2_000; n++) {
      for (const digit of await deriveCode(keys, { ...source, challengeId: `ch_${n}` }))
        counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1
    }
    // 12,000 digits: 1,200 each, standard deviation 33; six of them are never seen by chance.
    for (const count of counts) expect(Math.abs(count - 1_200)).toBeLessThan(200)
  })

  it('have a MAC that binds them to their challenge', async () => {
    expect(await codeMac(keys, 'ch_1', '123456')).not.toBe(await codeMac(keys, 'ch_2', '123456'))
  })

  it('come with link tokens of base64url that name their challenge and cannot be bent', async () => {
    const id = newId('ch', Date.now(), random)
    const token = await linkToken(keys, id, 'email', 'a')
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(await readLinkToken(keys, token)).toEqual({ challengeId: id, channel: 'email' })
    for (let at = 0; at < token.length - 1; at++) {
      const bent = token.slice(0, at) + (token[at] === '0' ? '1' : '0') + token.slice(at + 1)
      expect(await readLinkToken(keys, bent)).toBeNull()
    }
  })
})

describe('addresses', () => {
  it.each([
    ['Ana@Example.com', 'Ana@Example.com', 'ana@example.com'],
    ['ana+shop@example.com', 'ana+shop@example.com', 'ana@example.com'],
    ['a.n.a+x@gmail.com', 'a.n.a+x@gmail.com', 'ana@gmail.com'],
    ['a.n.a@googlemail.com', 'a.n.a@googlemail.com', 'ana@gmail.com'],
    ['a.n.a@example.com', 'a.n.a@example.com', 'a.n.a@example.com'],
    ['ana@BÜCHER.example', 'ana@xn--bcher-kva.example', 'ana@xn--bcher-kva.example'],
    ["o'hara_1@sub.example.museum", "o'hara_1@sub.example.museum", "o'hara_1@sub.example.museum"],
  ])('%s is delivered to as typed and known as its normal form', (typed, deliver, normal) => {
    expect(parseEmail(typed)).toEqual({ deliver, normal })
  })

  it('never let a control character or a second address through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const parsed = parseEmail(text)
        if (parsed) expect(parsed.deliver).toMatch(/^[\x21-\x7e]+$/)
        if (parsed) expect(parsed.deliver.split('@')).toHaveLength(2)
      }),
      { numRuns: 2_000 },
    )
  })

  it('are one person whatever the case and the tag', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const [local = '', domain] = text.split('@')
        const tagged = `${local.toUpperCase()}+tag@${domain?.toUpperCase()}`
        if (local.length < 60 && !local.includes('+')) expect(parseEmail(tagged)?.normal).toBe(parseEmail(text)?.normal)
      }),
    )
  })

  it.each([
    ['Ana <ana@b.test>', { name: 'Ana', address: 'ana@b.test' }],
    ['"Cine, Sur" <a@b.test>', { name: 'Cine, Sur', address: 'a@b.test' }],
    ['a@b.test', { name: null, address: 'a@b.test' }],
    ['Ana <ana>', null],
    ['Ana\n <a@b.test>', null],
  ])('%j as a sender', (text, mailbox) => expect(parseMailbox(text)).toEqual(mailbox))

  it('are shown by their first letters only', () => expect(maskEmail('ana@mail.example.com')).toBe('a…@m….com'))
})

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8::1', '2001:db8:0:0'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::1', '0:0:0:0'],
  ['203.0.113.256', null],
  ['203.0.113', null],
  ['2001:db8::1::2', null],
  ['localhost', null],
  ['', null],
])('the limits know the IP %j as %j', (text, prefix) => expect(ipPrefix(text)).toBe(prefix))

describe('settings', () => {
  const production = {
    POSTA_SECRET: `k1:${btoa('x'.repeat(32))}`,
    PUBLIC_URL: 'https://posta.example.com',
    EMAIL_FROM: 'Cine <no-reply@example.com>',
    RESEND_API_KEY: 're_123',
  }
  const variables = (env: Record<string, string>) => {
    try {
      readConfig(env)
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.variables
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

  it.each<[Record<string, string>, string[]]>([
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
    [{ UPSTASH_REDIS_REST_URL: 'https://x.upstash.io' }, ['UPSTASH_REDIS_REST_TOKEN']],
    [{ UPSTASH_REDIS_REST_TOKEN: 'token' }, ['UPSTASH_REDIS_REST_URL']],
    [{ QSTASH_TOKEN: 't', QSTASH_CURRENT_SIGNING_KEY: 'sig_a' }, ['QSTASH_NEXT_SIGNING_KEY']],
    [{ EMAIL_PROVIDERS: 'inbox' }, ['EMAIL_PROVIDERS']],
    [{ EMAIL_PROVIDERS: 'resend,sendgrid' }, ['EMAIL_PROVIDERS']],
    [{ EMAIL_PROVIDERS: 'resend,resend' }, ['EMAIL_PROVIDERS']],
    [{ RESEND_API_KEY: '' }, ['EMAIL_PROVIDERS']],
    [{ POSTA_API_KEYS: 'app:send:123' }, ['POSTA_API_KEYS']],
    [{ POSTA_ENV: 'staging' }, ['POSTA_ENV']],
    [{ SUPABASE_URL: 'https://x.supabase.co' }, ['SUPABASE_SERVICE_ROLE_KEY']],
    [{ SUPABASE_SERVICE_ROLE_KEY: 'key' }, ['SUPABASE_URL']],
    [{ SUPABASE_JWT_SECRET: 'x'.repeat(32) }, ['SUPABASE_URL']],
    [{ SUPABASE_URL: 'https://x.supabase.co', SUPABASE_JWT_SECRET: 'short' }, ['SUPABASE_JWT_SECRET']],
    [{ ACCESS_TOKEN_MINUTES: '4' }, ['ACCESS_TOKEN_MINUTES']],
    [{ PASSWORD_MIN: '5' }, ['PASSWORD_MIN']],
    [{ REGISTRATION: 'closed' }, ['REGISTRATION']],
    [{ ADMIN_EMAILS: 'ana@example.com,nobody' }, ['ADMIN_EMAILS']],
    [{ TIME_ZONE: 'Bogota' }, ['TIME_ZONE']],
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
    }
    expect(() => readConfig(env)).toThrow(ConfigError)
    expect(() => readConfig(env)).not.toThrow(/hunter2/)
  })
})

describe('the log', () => {
  it('writes one line of JSON and drops every field that is not on its list', () => {
    const lines: string[] = []
    const log = jsonLog(
      (line) => lines.push(line),
      () => 0,
    )
    const wide = { message_id: 'msg_1', to: 'ana@example.com', code: null } as LogFields
    log('info', 'attempt', wide)
    expect(lines).toEqual(['{"at":"1970-01-01T00:00:00.000Z","level":"info","event":"attempt","message_id":"msg_1"}'])
  })
})

describe('the histogram', () => {
  it('puts every duration under an edge at least as large', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 20_000_000 }), (ms) => edgeMs(bucketOf(ms)) >= ms))
  })

  it('answers the edge that holds the part asked for', () => {
    const counts = new Map([
      [0, 95],
      [10, 5],
    ])
    expect(percentileMs(counts, 0.95)).toBe(50)
    expect(percentileMs(counts, 0.96)).toBe(edgeMs(10))
    expect(percentileMs(new Map(), 0.95)).toBeNull()
  })
})
