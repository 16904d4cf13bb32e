// Development has a key that everybody knows and shows everybody's mails: a tunnel, a public address or a name that was
// pointed at this machine reaches none of it.
import { afterEach, expect, it, vi } from 'vitest'
import { createApp } from '../../../functions/http/app.ts'
import { wire } from '../../../lib/wire.ts'

const appWith = (env: Record<string, string>) =>
  createApp(() =>
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
const production = {
  POSTA_SECRET: `k1:${btoa('the quick brown fox, who jumps .')}`,
  PUBLIC_URL: 'https://posta.example.com',
  EMAIL_FROM: 'no-reply@example.com',
  RESEND_API_KEY: 're_1',
}

afterEach(() => vi.restoreAllMocks())

it.each([
  'https://posta.example.com',
  'https://abc.trycloudflare.com',
  'http://203.0.113.7:8787',
  'http://evil.example.com:8787',
])('is refused at %s, whatever is asked', async (origin) => {
  const written = vi.spyOn(console, 'log').mockImplementation(() => {})
  const app = appWith({ POSTA_ENV: 'development' })
  for (const path of ['/health', '/dev/inbox', '/dev/inbox.json?to=ana@example.com', '/v1/messages/x', '/nothing']) {
    const answer = await app.request(`${origin}${path}`, { headers: { Authorization: 'Bearer posta_development' } })
    expect([answer.status, await answer.json()]).toMatchObject([500, { code: 'misconfigured' }])
  }
  const line = written.mock.calls.map(([text]) => String(text)).find((text) => text.includes('"misconfigured"'))
  const message = 'is development, which answers only on loopback and private hosts'
  expect(JSON.parse(line ?? '{}')).toMatchObject({ problems: [{ variable: 'POSTA_ENV', message }] })
})

it.each([
  'http://localhost:8787',
  'http://127.0.0.1',
  'http://[::1]:8787',
  'http://192.168.1.20:8787',
  'http://posta:8787',
])('answers at %s', async (origin) => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  expect((await appWith({ POSTA_ENV: 'development' }).request(`${origin}/.well-known/jwks.json`)).status).toBe(200)
})

it('production answers wherever it is', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  expect((await appWith(production).request('https://posta.example.com/.well-known/jwks.json')).status).toBe(200)
})

it.each([
  ['https://posta.example.com', 500],
  ['https://posta.example.test', 200],
  ['http://192.168.1.20:8787', 200],
])('development with PUBLIC_URL %s answers %i', async (PUBLIC_URL, status) => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  expect(
    (await appWith({ POSTA_ENV: 'development', PUBLIC_URL }).request('http://localhost/.well-known/jwks.json')).status,
  ).toBe(status)
})
