// The Worker's HTTP side: one Hono app made of the route table.

// Quick to begin: no matcher is compiled for all routes before the first answer.
import type { Context as Call } from 'hono'
import { Hono } from 'hono/quick'
import { ConfigError } from '../../lib/config.ts'
import { errorFields, jsonLog } from '../../lib/log.ts'
import { newId } from '../../lib/names/ids.ts'
import { localeOf } from '../../lib/names/locale.ts'
import { isLocalHost } from '../../lib/net/local.ts'
import { Fault } from '../../lib/outcome/fault.ts'
import type { Refusal } from '../../lib/outcome/refusal.ts'
import type { Deps } from '../../lib/wire.ts'
import { routes } from '../routes.ts'
import { identify } from './callers.ts'
import { crossOrigin } from './cors.ts'
import type { AppEnv } from './env.ts'
import { parse } from './input.ts'
import { problemPages } from './problem-page.ts'
import { failureResponse, refusalResponse } from './problems.ts'
import { rateLimitHeaders } from './rate-limit.ts'
import { respond } from './respond.ts'
import type { Context, Route } from './route.ts'

/** `depsFor` is called with the bindings of each request and keeps what it built; it throws ConfigError. */
export function createApp(depsFor: (env: Cloudflare.Env) => Deps) {
  const app = new Hono<AppEnv>({ strict: false })

  app.use(async (c, next) => {
    const requestId = safeRequestId(c.req.header('X-Request-Id')) ?? newId('req', Date.now(), randomBytes)
    c.set('requestId', requestId)
    c.set('route', 'none')
    c.set('isOlder', false)
    c.set('locale', localeOf(c.req.header('Accept-Language')) ?? 'en')
    const startedAt = Date.now()
    await next()
    c.res.headers.set('X-Request-Id', requestId)
    secure(c.res.headers, c.var.deps?.config.development ?? false)
    const fields = { request_id: requestId, method: c.req.method, route: c.var.route, status: c.res.status }
    // 304 is the long poll of the development inbox: nothing happened, all day long.
    if (c.res.status !== 304) log('info', 'request', { ...fields, duration_ms: Date.now() - startedAt })
  })
  app.use(async (c, next) => {
    c.set('deps', depsFor(c.env))
    c.set('locale', localeOf(c.req.header('Accept-Language')) ?? c.var.deps.config.DEFAULT_LOCALE)
    refusePublicHost(c.var.deps.config, new URL(c.req.url).hostname)
    await next()
  })
  app.use(problemPages())
  app.use(crossOrigin())

  for (const route of routes) {
    app.on(route.method, route.path, async function answerRoute(c, next) {
      const { deps, requestId } = c.var
      if (route.development && !deps.config.development) return next()
      c.set('route', route.path)
      c.set('isOlder', route.older === true)
      const answered = await run(route, c, {
        deps,
        request: c.req.raw,
        requestId,
        background: (work) => c.executionCtx.waitUntil(work),
      })
      if (!answered.ok) return refusalResponse(answered.refusal, c.var, rateLimitHeaders(answered.usage ?? []))
      return respond(c, route, answered.value)
    })
  }

  app.notFound((c) => {
    const { deps } = c.var
    // As it was sent: Hono takes the slash at the end away.
    const path = new URL(c.req.url).pathname
    const known = routesOf(path, deps.config.development)
    c.set(
      'isOlder',
      known.some((route) => route.older),
    )
    return refusalResponse(whyNotFound(path, c.req.method, known), c.var)
  })
  app.onError((error, c) => {
    const { requestId } = c.var
    if (error instanceof ConfigError) {
      log('error', 'misconfigured', { request_id: requestId, problems: error.problems })
      return failureResponse('misconfigured', c.var)
    }
    log('error', 'failed', { request_id: requestId, route: c.var.route, ...errorFields(error) })
    if (error instanceof Fault) {
      return failureResponse('unavailable', c.var, `${error.port}_unavailable`, error.retryAfterMs)
    }
    return failureResponse('internal_error', c.var)
  })
  return app
}

/** Development knows its key and shows every mail: it answers where no stranger can ask, whatever leads there. */
function refusePublicHost({ development }: Deps['config'], host: string): void {
  if (!development || isLocalHost(host)) return
  const message = 'is development, which answers only on loopback and private hosts'
  throw new ConfigError([{ variable: 'POSTA_ENV', message }])
}

const log = jsonLog((line) => console.log(line), Date.now)

const randomBytes = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

/** A short safe id of the caller's is kept; anything else is replaced. */
const safeRequestId = (text: string | undefined): string | null =>
  text && /^[A-Za-z0-9_-]{1,64}$/.test(text) ? text : null

async function run(
  route: Route,
  c: Call<AppEnv>,
  given: Pick<Context, 'deps' | 'request' | 'requestId' | 'background'>,
) {
  const { deps, request } = given
  const url = new URL(request.url)
  const accounts = deps.accountsAt(url.origin)
  const identity = await identify(request, route.who, deps, accounts)
  if (!identity.ok) return identity
  const input = await parse(route, request, url, c.req.param(), accounts, (body) => {
    c.set('locale', localeOf(body.locale) ?? c.var.locale)
  })
  if (!input.ok) return input
  return route.handle({ ...given, accounts, locale: c.var.locale, ...identity.value }, input.value)
}

/** What the table knows for a path, whatever the method; a slash at its end may stand for nothing, or before an empty id. */
function routesOf(path: string, development: boolean): Route[] {
  const forms = [path.replace(/\/$/, ''), path].map((form) => form.split('/'))
  return routes.filter((route) => {
    if (route.development && !development) return false
    const pattern = route.path.split('/')
    return forms.some(
      (segments) =>
        pattern.length === segments.length &&
        pattern.every((part, at) => part.startsWith(':') || part === segments[at]),
    )
  })
}

/** What every answer says to browsers. */
function secure(headers: Headers, development: boolean): void {
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', 'no-referrer')
  if (development) return
  headers.set('Strict-Transport-Security', 'max-age=31536000')
  // Pages bring a policy of their own; of all else nothing is to be run or framed.
  if (!headers.has('Content-Security-Policy')) {
    headers.set(
      'Content-Security-Policy',
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
  }
}

/** An id that a program left empty, another method, or nothing at all. */
function whyNotFound(path: string, method: string, known: Route[]): Refusal {
  const missing = known.map((route) => emptyPart(path, route)).find((part) => part !== null)
  if (missing) return { code: 'not_found', missing }
  const allow = methodsOf(known)
  return allow.length > 0 ? { code: 'method_not_allowed', method, allow } : { code: 'not_found' }
}

/** `id` for a path such as `/v1/challenges//check`. */
function emptyPart(path: string, route: Route): string | null {
  const segments = path.split('/')
  const empty = route.path.split('/').find((part, at) => part.startsWith(':') && segments[at] === '')
  return empty?.slice(1) ?? null
}

/** HEAD comes with GET. */
const methodsOf = (known: Route[]): string[] => [
  ...new Set(known.flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))),
]
