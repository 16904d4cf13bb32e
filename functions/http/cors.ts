// Cross-origin calls: which pages may call, and what they may send and read.
import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { Deps } from '../../lib/wire.ts'
import type { AppEnv } from './env.ts'

/** Hono's cors for those who name an origin; it makes a second response of each, which all others are spared. */
export function crossOrigin(options: Parameters<typeof cors>[0]): MiddlewareHandler<AppEnv> {
  const answer = cors(options)
  return async (c, next) => {
    if (c.req.header('Origin') !== undefined || c.req.method === 'OPTIONS') return answer(c, next)
    await next()
    c.header('Vary', 'Origin', { append: true })
  }
}

export function allowsOrigin(config: Deps['config'], origin: string): boolean {
  if (config.CORS_ORIGINS) return config.CORS_ORIGINS.includes(origin)
  return config.development && /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(origin)
}
