// Cross-origin calls: which pages may call, and what they may send and read.
import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { type Log, seldom } from '../../lib/log.ts'
import { isLocalOrigin } from '../../lib/net/local.ts'
import { hostOf, matchesOrigin } from '../../lib/net/urls.ts'
import { MINUTE } from '../../lib/rules/units.ts'
import type { Deps } from '../../lib/wire.ts'
import type { AppEnv } from './env.ts'

/**
 * Hono's cors for pages that may call; it makes a second response of each, which all others are spared. Of those that may
 * not, one a minute is logged (`origin_refused`): their browsers say why to nobody but their developers.
 */
export function crossOrigin(): MiddlewareHandler<AppEnv> {
  const answer = cors({
    origin: (origin) => origin,
    allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'],
    // No allowHeaders: what a preflight asks for is allowed. Monitoring adds headers of its own to every call, and there
    // is nothing to protect by a list: no cookie is read here.
    exposeHeaders: [
      'Preference-Applied',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'X-Request-Id',
      'Idempotency-Replayed',
    ],
    maxAge: 600,
  })
  let logSeldom: Log | undefined
  return async (c, next) => {
    const origin = c.req.header('Origin')
    if (origin !== undefined && allowsOrigin(c.var.deps.config, origin)) return answer(c, next)
    // Browsers name our own pages too, and ask nobody whether these may call.
    if (origin !== undefined && origin !== new URL(c.req.url).origin) {
      const { log, now } = c.var.deps.core
      logSeldom ??= seldom(log, MINUTE, now)
      logSeldom('warn', 'origin_refused', { host: hostOf(origin) })
    }
    // Nothing is told to a page that may not call: its browser keeps the answer from it.
    if (c.req.method === 'OPTIONS') return c.body(null, 204, { Vary: 'Origin' })
    await next()
    c.header('Vary', 'Origin', { append: true })
  }
}

/** In development, while CORS_ORIGINS is unset, every page of this machine and this network may call. */
export function allowsOrigin(config: Pick<Deps['config'], 'CORS_ORIGINS' | 'development'>, origin: string): boolean {
  if (config.CORS_ORIGINS) return config.CORS_ORIGINS.some((pattern) => matchesOrigin(pattern, origin))
  return config.development && isLocalOrigin(origin)
}
