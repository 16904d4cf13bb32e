// A route is data: method, path, who may call, schemas, answers, and the one use case it calls.
import type * as z from 'zod'
import type { Caller } from '../lib/auth/code-send.ts'
import type { ApiKey } from '../lib/config.ts'
import type { Usage } from '../lib/ports/limits.ts'
import type { Result } from '../lib/result.ts'
import type { Deps } from '../lib/wire.ts'

/** service and admin = an API key with that scope; holder = anyone who knows the id, or a service key. */
export type Who = 'public' | 'holder' | 'service' | 'admin'

/** Built when it is first asked for: a fresh isolate builds those of the route that is called, not of all. */
export type Schema<T = unknown> = () => z.ZodType<T>

/** What a handler is given besides its parsed input. */
export interface Call {
  deps: Deps
  request: Request
  requestId: string
  caller: Caller
  key: ApiKey | null
  /** Lets work go on after the answer. */
  background: (work: Promise<unknown>) => void
}

export interface Answer {
  status: 200 | 201 | 202 | 204
  body?: unknown
  headers?: Record<string, string>
  /** Becomes `RateLimit` and `RateLimit-Policy`. */
  usage?: Usage[]
}

export interface Input<P, Q, B> {
  params: P
  query: Q
  body: B
}

export interface RouteSpec<P, Q, B> {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Hono pattern; also what the log shows. */
  path: string
  who: Who
  summary: string
  params?: Schema<P>
  query?: Schema<Q>
  body?: Schema<B>
  bodyBytesMax?: number
  /** Schema of every success answer by status; null = no body, or a page. */
  answers: Partial<Record<Answer['status'], Schema | null>>
  /** Exists under POSTA_ENV=development only. */
  development?: boolean
  /** A Response is sent as it is: pages. */
  handle(call: Call, input: Input<P, Q, B>): Promise<Result<Answer> | Response>
}

export type Route = RouteSpec<unknown, unknown, unknown>

/** Checks a route's handler against its schemas; the table holds them with the types erased, and builds each once. */
export function route<P = undefined, Q = undefined, B = undefined>(spec: RouteSpec<P, Q, B>): Route {
  const { params, query, body } = spec
  const built = {
    ...(params && { params: once(params) }),
    ...(query && { query: once(query) }),
    ...(body && { body: once(body) }),
  }
  return { ...spec, ...built } as unknown as Route
}

/** Keeps what was built with the first call. */
export function once<T>(build: () => T): () => T {
  let built: T | undefined
  return () => {
    built ??= build()
    return built
  }
}
