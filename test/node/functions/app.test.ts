// What the pipeline says beside the routes: to browsers, to who leaves an id empty, to who takes another method.
import { describe, expect, it } from 'vitest'
import { createApp } from '../../../functions/http/app.ts'
import { type Deps, wire } from '../../../lib/wire.ts'

const PRODUCTION = {
  POSTA_SECRET: `k1:${Buffer.from('any thirty-two bytes that differ!'.slice(0, 32)).toString('base64')}`,
  PUBLIC_URL: 'https://posta.example.test',
  EMAIL_FROM: 'posta@example.test',
  RESEND_API_KEY: 're_test',
}
const DEVELOPMENT = { POSTA_ENV: 'development' }
const JSON_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

function appOf(env: Record<string, string>) {
  const deps = (): Deps =>
    wire({
      env,
      object: () => {
        throw new Error('no store is needed here')
      },
      now: () => 0,
      random: (bytes) => new Uint8Array(bytes),
      sleep: async () => {},
      write: () => {},
      background: () => {},
    })
  const app = createApp(deps)
  return (method: string, path: string, headers: Record<string, string> = {}) => app.request(path, { method, headers })
}
const [inProduction, inDevelopment] = [appOf(PRODUCTION), appOf(DEVELOPMENT)]

describe('every answer in production', () => {
  it.each([
    ['GET', '/health'],
    ['GET', '/'],
    ['GET', '/nowhere'],
    ['POST', '/health'],
    ['POST', '/v1/challenges'],
    ['GET', '/.well-known/jwks.json'],
  ])('to %s %s is bound to https, runs nothing and is framed nowhere', async (method, path) => {
    const { headers } = await inProduction(method, path)
    expect(headers.get('Strict-Transport-Security')).toMatch(/^max-age=\d{8}/)
    expect(headers.get('Content-Security-Policy')).toBe(JSON_POLICY)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('Referrer-Policy')).toBe('no-referrer')
  })

  it('is so too where the settings are wrong', async () => {
    const { status, headers } = await appOf({})('GET', '/health')
    expect(status).toBe(500)
    expect(headers.get('Strict-Transport-Security')).not.toBeNull()
  })

  it('says no more than one quiet line at /, and problems in JSON to browsers as well', async () => {
    const front = await inProduction('GET', '/', { Accept: BROWSER })
    expect(front.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
    expect(await front.text()).toBe('posta is running.\n')
    const nowhere = await inProduction('GET', '/nowhere', { Accept: BROWSER })
    expect(nowhere.headers.get('Content-Type')).toBe('application/problem+json')
  })
})

describe('in development a browser', () => {
  it('finds a front page that leads to the inbox', async () => {
    const answer = await inDevelopment('GET', '/', { Accept: BROWSER })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('Strict-Transport-Security')).toBeNull()
    expect(await answer.text()).toContain('href="/dev/inbox"')
  })

  it('is shown problems as pages, in its language', async () => {
    const answer = await inDevelopment('GET', '/docs', { Accept: BROWSER, 'Accept-Language': 'es-CL' })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
    const text = await answer.text()
    expect(text).toContain('No encontrado')
    expect(text).toContain('not_found')
  })

  it.each(['', '*/*', 'application/json', 'application/json, text/plain, */*', 'text/htmlx'])(
    'is no program, which sends Accept: %j',
    async (accept) => {
      const answer = await inDevelopment('GET', '/docs', accept ? { Accept: accept } : {})
      expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
    },
  )
})

describe('a preflight', () => {
  const asked = 'authorization,baggage,sentry-trace,traceparent'
  const preflight = (origin: string) =>
    appOf({ ...PRODUCTION, CORS_ORIGINS: 'https://*.vercel.app' })('OPTIONS', '/v1/auth/login', {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': asked,
    })

  it('of a page that may call is granted what it asks for', async () => {
    const { status, headers } = await preflight('https://my-app.vercel.app')
    expect(status).toBe(204)
    expect(headers.get('Access-Control-Allow-Origin')).toBe('https://my-app.vercel.app')
    expect(headers.get('Access-Control-Allow-Headers')).toBe(asked)
    expect(headers.get('Access-Control-Allow-Credentials')).toBeNull()
    expect(headers.get('Vary')).toContain('Origin')
  })

  it('of any other page is told nothing', async () => {
    for (const origin of ['https://vercel.app', 'https://evil.test', 'null']) {
      const { headers } = await preflight(origin)
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
      expect(headers.get('Vary')).toContain('Origin')
    }
  })
})

describe('a path', () => {
  it.each([
    ['POST', '/v1/challenges//check'],
    ['POST', '/v1/challenges//resend'],
    ['GET', '/v1/challenges/'],
    ['POST', '/v1/messages//cancel'],
    ['DELETE', '/v1/auth/sessions/'],
  ])('whose id is empty (%s %s) is told so', async (method, path) => {
    const answer = await inProduction(method, path)
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: 'An id is missing: a part of the path is empty.', missing: 'id' },
    })
  })

  it.each([
    ['GET', '/v1/challenges', 'You sent GET; this path takes POST.', 'POST'],
    ['POST', '/health', 'You sent POST; this path takes GET, HEAD.', 'GET, HEAD'],
    ['DELETE', '/v1/auth/me/', 'You sent DELETE; this path takes GET, HEAD, PATCH.', 'GET, HEAD, PATCH'],
  ])('that takes other methods than %s (%s) names them', async (method, path, detail, allow) => {
    const answer = await inProduction(method, path)
    expect(answer.headers.get('Allow')).toBe(allow)
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 405,
      body: { code: 'method_not_allowed', detail, allow: allow.split(', ') },
    })
  })
})
