// The development desk shows every mail and breaks providers: outside development it must not exist.
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createApp } from '../../../functions/http/app.ts'
import { routes } from '../../../functions/routes.ts'
import { wire } from '../../../lib/wire.ts'

const PRODUCTION = {
  POSTA_SECRET: `k1:${randomBytes(32).toString('base64')}`,
  PUBLIC_URL: 'https://posta.example.test',
  EMAIL_FROM: 'posta@example.test',
  RESEND_API_KEY: 're_test',
}

const app = createApp(() =>
  wire({
    env: PRODUCTION,
    object: () => {
      throw new Error('no store is needed to say 404')
    },
    now: () => 0,
    random: (bytes) => new Uint8Array(bytes),
    sleep: async () => {},
    write: () => {},
    background: () => {},
  }),
)

const development = routes.filter((route) => route.path.startsWith('/dev'))

it('marks every path below /dev as development only', () => {
  expect(development.length).toBeGreaterThan(5)
  expect(development.filter((route) => !route.development)).toEqual([])
})

it.each(development)('$method $path is unknown in production', async ({ method, path }) => {
  const body = method === 'POST' ? '{"provider":"resend","mode":"error"}' : null
  const answer = await app.request(path, { method, body, headers: { 'Content-Type': 'application/json' } })
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ code: 'not_found' })
})
