// A route is data: method, path, who may call, schemas, answers, and the one use case it calls.
import type * as z from 'zod'
import type { Accounts } from '../../lib/accounts/accounts.ts'
import type { Caller } from '../../lib/codes/caller.ts'
import type { ApiKey } from '../../lib/config.ts'
import type { FieldError } from '../../lib/outcome/refusal.ts'
import type { Result } from '../../lib/outcome/result.ts'
import type { Origin } from '../../lib/ports/audit.ts'
import type { Bearer } from '../../lib/ports/sessions.ts'
import type { Usage } from '../../lib/rules/windows.ts'
import type { SupabasePerson } from '../../lib/secrets/supabase-token.ts'
import type { Deps } from '../../lib/wire.ts'

/**
 * public = anyone; holder = anyone who knows the id; service and admin = an API key with that scope;
 * user = an access token of ours; guest = the same, or nobody; person = the same, or a Supabase token.
 */
export type Who = 'public' | 'holder' | 'service' | 'admin' | 'user' | 'guest' | 'person'

/** Built when it is first asked for: a fresh isolate builds those of the route that is called, not of all. */
export type Schema<T = unknown> = () => z.ZodType<T>

/** What a handler is given besides its parsed input. */
export interface Call extends Identity {
  deps: Deps
  accounts: Accounts
  request: Request
  requestId: string
  /** Lets work go on after the answer. */
  background: (work: Promise<unknown>) => void
}

/** Who was recognised. */
export interface Identity {
  caller: Caller
  /** As far as it is kept. */
  origin: Origin
  key: ApiKey | null
  /** Of a signed-in user. */
  bearer: Bearer | null
  /** Of a token of Supabase Auth. */
  supabase: SupabasePerson | null
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
  /**
   * What the use case has against the same body: asked when the schema refuses it, so that everything wrong is said at
   * once. Paths that the schema named are left out.
   */
  objections?(accounts: Accounts, body: Record<string, unknown>): Promise<FieldError[]> | FieldError[]
  /** Schema of every success answer by status; null = no body, or a page. */
  answers: Partial<Record<Answer['status'], Schema | null>>
  /** Exists under POSTA_ENV=development only. */
  development?: boolean
  /** A path of an older system: its problems also carry `error`. */
  older?: boolean
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
