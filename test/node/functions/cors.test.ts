// Which pages may call from a browser.
import { describe, expect, it } from 'vitest'
import { createApp } from '../../../functions/http/app.ts'
import { allowsOrigin } from '../../../functions/http/cors.ts'
import { ConfigError, readConfig } from '../../../lib/config.ts'
import { hostOf } from '../../../lib/net/urls.ts'
import { wire } from '../../../lib/wire.ts'

const SECRET = `k1:${btoa('a secret of thirty-two bytes ...')}`
const production = (CORS_ORIGINS: string) =>
  readConfig({
    POSTA_SECRET: SECRET,
    PUBLIC_URL: 'https://posta.example.com',
    EMAIL_FROM: 'a@example.com',
    RESEND_API_KEY: 're_1',
    CORS_ORIGINS,
  })

describe('in production', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com', true],
    ['https://app.example.com/', 'https://app.example.com', true],
    ['https://APP.example.com:443', 'https://app.example.com', true],
    ['https://app.example.com', 'http://app.example.com', false],
    ['https://app.example.com', 'https://app.example.com:8443', false],
    ['https://app.example.com', 'https://app.example.com.evil.test', false],
    ['https://a.test, https://b.test', 'https://b.test', true],
    ['https://*.vercel.app', 'https://my-app-git-main.vercel.app', true],
    ['https://*.Vercel.app', 'https://my-app.vercel.app', true],
    ['https://*.vercel.app', 'https://vercel.app', false],
    ['https://*.vercel.app', 'https://.vercel.app', false],
    ['https://*.vercel.app', 'https://a.b.vercel.app', false],
    ['https://*.vercel.app', 'http://my-app.vercel.app', false],
    ['https://*.vercel.app', 'https://my-app.vercel.app:8443', false],
    ['https://*.vercel.app', 'https://evil.test/x.vercel.app', false],
    ['https://*.vercel.app', 'https://evil.test@vercel.app', false],
    ['https://*.vercel.app', 'https://my-app.vercel.app.evil.test', false],
    ['https://*.vercel.app', 'https://evilvercel.app', false],
    ['https://*.preview.test:8443', 'https://pr-7.preview.test:8443', true],
    ['https://*.vercel.app', 'null', false],
    ['https://app.example.com', 'http://localhost:3000', false],
  ])('%s and a page of %s: %s', (setting, origin, may) => {
    expect(allowsOrigin(production(setting), origin)).toBe(may)
  })

  it.each([
    '*',
    'https://*',
    'https://*.com',
    'https://*.*.example.com',
    'https://app.*.example.com',
    'https://app-*.example.com',
    'https://*app.example.com',
    'https://*.example.com/path',
    'https://*.10.0.0.1',
    '*.example.com',
    'app.example.com',
    'https://app.example.com/path',
    'ftp://app.example.com',
    'https://user@app.example.com',
    'https://app.example.com,*',
  ])('%s is refused by name at the start', (setting) => {
    let error: unknown
    try {
      production(setting)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).problems).toEqual([
      { variable: 'CORS_ORIGINS', message: expect.stringMatching(/^must /) },
    ])
  })
})

describe('in development', () => {
  const local = [
    ...['http://localhost:3000', 'https://localhost:3000', 'http://app.localhost:5173', 'http://127.0.0.1:8787'],
    ...['http://127.1.2.3', 'http://[::1]:3000', 'https://[::1]', 'http://192.168.1.20:5173', 'https://10.0.0.7:3000'],
    ...['http://172.16.0.2:3000', 'http://172.31.255.1', 'http://169.254.3.4', 'http://[fe80::1]:3000'],
    ...['http://[fd12:3456::1]:3000', 'https://macbook.local:3000'],
  ]
  const foreign = [
    ...[
      'https://evil.test',
      'http://172.32.0.1',
      'http://11.0.0.1',
      'http://localhost.evil.test',
      'http://127.0.0.1.nip.io',
    ],
    ...[
      'http://192.168.1.20.evil.test',
      'http://local',
      'http://[2001:db8::1]',
      'null',
      '',
      'file://',
      'http://localhost:3000/x',
    ],
  ]
  it.each(local)('a page of %s may call', (origin) =>
    expect(allowsOrigin(readConfig({ POSTA_ENV: 'development' }), origin)).toBe(true),
  )
  it.each(foreign)('one of %j may not', (origin) =>
    expect(allowsOrigin(readConfig({ POSTA_ENV: 'development' }), origin)).toBe(false),
  )
  it('only the pages of the setting may, once there is one', () => {
    const config = readConfig({ POSTA_ENV: 'development', CORS_ORIGINS: 'http://localhost:3000' })
    expect(['http://localhost:3000', 'http://localhost:3001'].map((one) => allowsOrigin(config, one))).toEqual([
      true,
      false,
    ])
  })
})

describe('a page that may not call', () => {
  const PUBLIC_URL = 'https://posta.example.com'
  /** `ask` answers with the lines of log that are about origins. */
  function service() {
    let [time, lines]: [number, string[]] = [0, []]
    const deps = wire({
      env: {
        POSTA_SECRET: SECRET,
        PUBLIC_URL,
        EMAIL_FROM: 'a@example.com',
        RESEND_API_KEY: 're_1',
        CORS_ORIGINS: 'https://app.example.com',
      },
      object: () => {
        throw new Error('no store is needed here')
      },
      now: () => time,
      random: (bytes) => new Uint8Array(bytes),
      sleep: async () => {},
      write: (line) => lines.push(line),
      background: () => {},
    })
    const app = createApp(() => deps)
    const ask = async (method: string, origin?: string) => {
      lines = []
      await app.request(`${PUBLIC_URL}/health`, { method, headers: origin === undefined ? {} : { Origin: origin } })
      return lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'origin_refused')
    }
    return { ask, pass: (ms: number) => (time += ms) }
  }

  it('leaves a line with its host, one a minute whoever calls', async () => {
    const { ask, pass } = service()
    const line = { level: 'warn', event: 'origin_refused' }
    expect(await ask('OPTIONS', 'https://www.example.com')).toMatchObject([{ ...line, host: 'www.example.com' }])
    pass(59_999)
    expect(await ask('POST', 'https://other.example.com')).toEqual([])
    pass(1)
    expect(await ask('GET', 'http://localhost:3000')).toMatchObject([{ ...line, host: 'localhost:3000' }])
  })

  it.each([
    ['one that may', 'https://app.example.com'],
    ['one of our own', PUBLIC_URL],
    ['no page at all', undefined],
  ])('leaves none when it is %s', async (_, origin) => {
    const { ask } = service()
    for (const method of ['OPTIONS', 'GET', 'POST']) expect(await ask(method, origin)).toEqual([])
  })

  it.each([
    'null',
    '',
    'https://ana:secret@evil.test',
    'https://evil.test/ana@example.com',
    `https://${'a'.repeat(101)}`,
  ])('is not named when it is no plain origin: %j', async (origin) => {
    expect(hostOf(origin)).toBeUndefined()
    const [line] = await service().ask('GET', origin)
    expect(Object.keys(line ?? {})).toEqual(['at', 'level', 'event'])
  })
})
