// Holds every answer that a story sees against what its route declares, so that drift fails the story that met it.
import { isDeepStrictEqual } from 'node:util'
import { EVERYWHERE } from '../../functions/http/problems.ts'
import type { Route } from '../../functions/http/route.ts'
import { routes } from '../../functions/routes.ts'

/** Failures that are ours, which no route has to name. */
const OURS = /^(?:internal_error|misconfigured|[a-z]+_unavailable)$/

function routeOf(method: string, path: string): Route | undefined {
  const segments = path.split('?', 1)[0]?.replace(/\/$/, '').split('/') ?? []
  return routes.find((route) => {
    const pattern = route.path.split('/')
    return (
      route.method === method &&
      pattern.length === segments.length &&
      pattern.every((part, at) => part.startsWith(':') || part === segments[at])
    )
  })
}

/** Throws when the answer is not one of those declared: status, body with no field too many, or the code of a problem. */
export function holdToDeclared(method: string, path: string, status: number, body: unknown): void {
  const route = routeOf(method, path)
  if (!route) return
  const place = `${method} ${route.path} answered ${status}`
  if (status >= 400) {
    const { code } = body as { code?: string }
    const isKnown = [...EVERYWHERE, ...route.problems].some((one) => one === code)
    if (!isKnown && !OURS.test(code ?? '')) throw new Error(`${place} with ${code}, which is not among its problems`)
    return
  }
  const declared = route.answers[status as 200]
  if (declared === undefined) throw new Error(`${place}, which it does not declare`)
  if (declared === null && body !== null) throw new Error(`${place} with a body`)
  if (typeof declared !== 'function') return
  const parsed = declared().safeParse(body)
  if (!parsed.success)
    throw new Error(`${place}: ${parsed.error.issues.map((one) => `${one.path.join('.')}: ${one.message}`).join('; ')}`)
  // What a schema does not know it leaves out.
  if (!isDeepStrictEqual(parsed.data, body))
    throw new Error(`${place} with more than it declares: ${JSON.stringify(body)}`)
}
