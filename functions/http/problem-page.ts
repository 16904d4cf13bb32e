// Problems for people: in development, a browser that opens an address is shown a page instead of JSON.
import type { MiddlewareHandler } from 'hono'
import type { ShownProblem } from '../dev/front.tsx'
import type { AppEnv } from './env.ts'

/** A page where the caller asked for one: what a browser sends when somebody opens an address, and no program does. */
export function problemPages(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next()
    if (!c.var.deps.config.development || !asksForPage(c.req.header('Accept'))) return
    if (c.res.headers.get('Content-Type') !== 'application/problem+json') return
    const { problemPage } = await import('../dev/front.tsx')
    const { html, headers } = await problemPage((await c.res.json()) as ShownProblem)
    const all = new Headers(c.res.headers)
    for (const [name, value] of Object.entries({ ...headers, 'Content-Type': 'text/html; charset=utf-8' }))
      all.set(name, value)
    all.append('Vary', 'Accept')
    const { status } = c.res
    c.res = undefined
    c.res = new Response(c.req.method === 'HEAD' ? null : html, { status, headers: all })
  }
}

const asksForPage = (accept = ''): boolean => /(?:^|,)\s*text\/html\s*(?:;|,|$)/i.test(accept)
