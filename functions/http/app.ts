// The Worker's HTTP side: one Hono app made of the route table.

import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
// Quick to begin: no matcher is compiled for all routes before the first answer.
import { Hono } from 'hono/quick'
import type * as z from 'zod'
import type { Accounts } from '../../lib/accounts/accounts.ts'
import { ConfigError } from '../../lib/config.ts'
import { errorFields, jsonLog } from '../../lib/log.ts'
import { newId } from '../../lib/names/ids.ts'
import { Fault } from '../../lib/outcome/fault.ts'
import type { FieldError, Refusal } from '../../lib/outcome/refusal.ts'
import { ok, refuse } from '../../lib/outcome/result.ts'
import type { Usage } from '../../lib/ports/limits.ts'
import { BODY_BYTES_MAX } from '../../lib/rules/numbers.ts'
import type { Deps } from '../../lib/wire.ts'
import { routes } from '../routes.ts'
import { readJson } from './body.ts'
import { identify } from './callers.ts'
import { type About, PROBLEMS, problemOf, problemResponse } from './problems.ts'
import { rateLimitHeaders } from './rate-limit.ts'
import type { Call, Route, Schema } from './route.ts'

export type AppEnv = {
  Bindings: Cloudflare.Env
  Variables: { requestId: string; deps: Deps; route: string; isOlder: boolean }
}

/** `depsFor` is called with the bindings of each request and keeps what it built; it throws ConfigError. */
export function createApp(depsFor: (env: Cloudflare.Env) => Deps) {
  const app = new Hono<AppEnv>({ strict: false })

  app.use(async (c, next) => {
    const requestId = safeRequestId(c.req.header('X-Request-Id')) ?? newId('req', Date.now(), randomBytes)
    c.set('requestId', requestId)
    c.set('route', 'none')
    c.set('isOlder', false)
    const startedAt = Date.now()
    await next()
    c.res.headers.set('X-Request-Id', requestId)
    c.res.headers.set('X-Content-Type-Options', 'nosniff')
    c.res.headers.set('Referrer-Policy', 'no-referrer')
    const fields = { request_id: requestId, method: c.req.method, route: c.var.route, status: c.res.status }
    log('info', 'request', { ...fields, duration_ms: Date.now() - startedAt })
  })
  app.use(async (c, next) => {
    c.set('deps', depsFor(c.env))
    await next()
  })
  app.use(
    crossOrigin({
      origin: (origin, c) => (allowsOrigin(c.var.deps.config, origin) ? origin : null),
      allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'],
      allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Prefer', 'X-Request-Id'],
      exposeHeaders: [
        'Preference-Applied',
        'RateLimit',
        'RateLimit-Policy',
        'Retry-After',
        'X-Request-Id',
        'Idempotency-Replayed',
      ],
      maxAge: 600,
    }),
  )

  for (const route of routes) {
    app.on(route.method, route.path, async (c, next) => {
      const { deps, requestId } = c.var
      if (route.development && !deps.config.development) return next()
      c.set('route', route.path)
      c.set('isOlder', route.older === true)
      const answered = await run(route, deps, c.req.raw, c.req.param(), requestId, (work) =>
        c.executionCtx.waitUntil(work),
      )
      if (answered instanceof Response) return answered
      if (!answered.ok) return refusalResponse(answered.refusal, c.var, answered.usage)
      const { status, body, headers, usage } = answered.value
      const all = { 'Cache-Control': 'no-store', ...rateLimitHeaders(usage ?? []), ...headers }
      return status === 204 ? c.body(null, 204, all) : c.json(body as object, status, all)
    })
  }

  app.notFound((c) => {
    const { deps } = c.var
    const known = routesOf(c.req.path, deps.config.development)
    c.set(
      'isOlder',
      known.some((route) => route.older),
    )
    const allow = methodsOf(known)
    return refusalResponse(allow.length > 0 ? { code: 'method_not_allowed', allow } : { code: 'not_found' }, c.var)
  })
  app.onError((error, c) => {
    const { requestId } = c.var
    if (error instanceof ConfigError) {
      log('error', 'misconfigured', { request_id: requestId, variables: error.variables })
      return problemResponse('misconfigured', PROBLEMS.misconfigured, c.var)
    }
    log('error', 'failed', { request_id: requestId, route: c.var.route, ...errorFields(error) })
    if (error instanceof Fault) {
      return problemResponse(`${error.port}_unavailable`, PROBLEMS.unavailable(error.retryAfterMs), c.var)
    }
    return problemResponse('internal_error', PROBLEMS.internal, c.var)
  })
  return app
}

/** Hono's cors for those who name an origin; it makes a second response of each, which all others are spared. */
function crossOrigin(options: Parameters<typeof cors>[0]): MiddlewareHandler<AppEnv> {
  const answer = cors(options)
  return async (c, next) => {
    if (c.req.header('Origin') !== undefined || c.req.method === 'OPTIONS') return answer(c, next)
    await next()
    c.header('Vary', 'Origin', { append: true })
  }
}

const log = jsonLog((line) => console.log(line), Date.now)

const randomBytes = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

/** A short safe id of the caller's is kept; anything else is replaced. */
const safeRequestId = (text: string | undefined): string | null =>
  text && /^[A-Za-z0-9_-]{1,64}$/.test(text) ? text : null

async function run(
  route: Route,
  deps: Deps,
  request: Request,
  params: Record<string, string>,
  requestId: string,
  background: Call['background'],
) {
  const url = new URL(request.url)
  const accounts = deps.accountsAt(url.origin)
  const identity = await identify(request, route.who, deps, accounts)
  if (!identity.ok) return identity
  const input = await parse(route, request, url, params, accounts)
  if (!input.ok) return input
  return route.handle({ deps, accounts, request, requestId, background, ...identity.value }, input.value)
}

async function parse(route: Route, request: Request, url: URL, params: Record<string, string>, accounts: Accounts) {
  const json = route.body ? await readJson(request, route.bodyBytesMax ?? BODY_BYTES_MAX) : ok(undefined)
  if (!json.ok) return json
  const query = Object.fromEntries(url.searchParams)
  const checked = [check(route.params, params), check(route.query, query), check(route.body, json.value)] as const
  const errors = checked.flatMap((one) => (one.ok ? [] : one.refusal))
  if (errors.length > 0) {
    const objections = isFields(json.value) ? ((await route.objections?.(accounts, json.value)) ?? []) : []
    const more = objections.filter(({ path }) => !errors.some((error) => error.path === path))
    return refuse({ code: 'invalid_request', errors: [...errors, ...more] })
  }
  const [p, q, b] = checked.map((one) => (one.ok ? one.value : undefined))
  return ok({ params: p, query: q, body: b })
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function check(
  schema: Schema | undefined,
  value: unknown,
): { ok: true; value: unknown } | { ok: false; refusal: FieldError[] } {
  if (!schema) return { ok: true, value: undefined }
  const parsed = schema().safeParse(value, { error: plainWords })
  if (parsed.success) return { ok: true, value: parsed.data }
  const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  return { ok: false, refusal: errors }
}

function refusalResponse(refusal: Refusal, about: About, usage: Usage[] = []): Response {
  const problem = problemOf(refusal)
  const headers = { ...rateLimitHeaders(usage), ...problem.headers }
  return problemResponse(refusal.code, { ...problem, headers }, about)
}

const KINDS: Record<string, string> = { object: 'an object', array: 'a list', string: 'text', number: 'a number' }

/** What schemas do not say in their own words. */
function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined
  return issue.input === undefined ? 'is required' : `must be ${KINDS[issue.expected] ?? issue.expected}`
}

/** What the table knows for a path, whatever the method. */
function routesOf(path: string, development: boolean): Route[] {
  const segments = path.replace(/\/$/, '').split('/')
  return routes.filter((route) => {
    if (route.development && !development) return false
    const pattern = route.path.split('/')
    return (
      pattern.length === segments.length && pattern.every((part, at) => part.startsWith(':') || part === segments[at])
    )
  })
}

/** HEAD comes with GET. */
const methodsOf = (known: Route[]): string[] => [
  ...new Set(known.flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))),
]

function allowsOrigin(config: Deps['config'], origin: string): boolean {
  if (config.CORS_ORIGINS) return config.CORS_ORIGINS.includes(origin)
  return config.development && /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(origin)
}
