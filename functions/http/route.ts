// A route is data: method, path, who may call, schemas, answers, refusals, and the one use case it calls.
import type * as z from 'zod'
import type { Accounts } from '../../lib/accounts/accounts.ts'
import type { ApiKey } from '../../lib/config.ts'
import type { Caller } from '../../lib/delivery/caller.ts'
import type { Locale } from '../../lib/names/locale.ts'
import type { FieldError } from '../../lib/outcome/field-error.ts'
import type { Refusal } from '../../lib/outcome/refusal.ts'
import { ok, type Result } from '../../lib/outcome/result.ts'
import type { Origin } from '../../lib/ports/audit.ts'
import type { Bearer } from '../../lib/ports/sessions.ts'
import type { Usage } from '../../lib/rules/windows.ts'
import type { SupabasePerson } from '../../lib/secrets/supabase-token.ts'
import type { Deps } from '../../lib/wire.ts'

/**
 * Any one of a route's roles is enough. public = anyone; holder = anyone who knows the id; user = an access token of ours;
 * owner = the same, and the use case asks whose the thing is; supabase = a token of Supabase Auth; service = an API key
 * that may send; admin = an API key of that scope, or a user whose verified address is in ADMIN_EMAILS.
 * `['user', 'public']` knows a signed-in user, and lets everybody else in as nobody.
 */
export type Role = 'public' | 'holder' | 'user' | 'owner' | 'supabase' | 'service' | 'admin'

/** Groups routes in the reference, one area each. */
export type Tag = 'accounts' | 'codes' | 'messages' | 'operators' | 'callbacks' | 'public' | 'older' | 'development'

/** Built when it is first asked for: a fresh isolate builds those of the route that is called, not of all. */
export type Schema<T = unknown> = () => z.ZodType<T>

/** What a handler is given besides its parsed input. */
export interface Context extends Identity {
  deps: Deps
  accounts: Accounts
  request: Request
  requestId: string
  /** What the caller reads: `locale` of the body, else Accept-Language, else the default. */
  locale: Locale
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
  /** Some token or key came with the request, good or not. */
  tokenSent: boolean
}

export type SuccessStatus = 200 | 201 | 202 | 204 | 303 | 304 | 502

/**
 * A schema = JSON; null = no body; html and text = `body` as it stands; file = bytes with a type, and a name where it is
 * to be saved; redirect = to `location`.
 */
type Shape = Schema | null | 'html' | 'text' | 'file' | 'redirect'
export type Answers = { readonly [status in SuccessStatus]?: Shape }

export interface FileBody {
  bytes: Uint8Array<ArrayBuffer> | string
  contentType: string
  /** Set when a browser is to save it. */
  filename?: string
}

type Carries<S> = S extends () => infer Z
  ? { body: Z extends z.ZodType ? z.input<Z> : never }
  : S extends 'html' | 'text'
    ? { body: string }
    : S extends 'file'
      ? { body: FileBody }
      : S extends 'redirect'
        ? { location: string }
        : { body?: undefined }

interface Beside {
  headers?: Record<string, string>
  /** Becomes `RateLimit` and `RateLimit-Policy`. */
  usage?: Usage[]
}

/** What a handler may answer: one of the statuses its route declares, with the body declared for it, and nothing else. */
export type Answer<A extends Answers = Answers> = {
  [S in keyof A & SuccessStatus]: { status: S } & Carries<A[S]> & Beside
}[keyof A & SuccessStatus]

export interface Input<P, Q, B> {
  params: P
  query: Q
  body: B
  /** Of a route that is `raw`: the bytes as they came, null when there are more than `bodyBytesMax`. Read when asked for. */
  bytes: () => Promise<Uint8Array | null>
}

export interface RouteSpec<P, Q, B, A extends Answers> {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Hono pattern; also what the log shows. */
  path: string
  who: readonly Role[]
  tag: Tag
  summary: string
  params?: Schema<P>
  query?: Schema<Q>
  body?: Schema<B>
  /** How the body comes: form = urlencoded or multipart, its text fields as an object; raw = unread, for signed calls. */
  kind?: 'json' | 'form' | 'raw'
  bodyBytesMax?: number
  /**
   * What the use case has against the same body: asked when the schema refuses it, so that everything wrong is said at
   * once. Paths that the schema named are left out.
   */
  objections?(accounts: Accounts, body: Record<string, unknown>): Promise<FieldError[]> | FieldError[]
  /** Every success it may answer, by status. */
  answers: A
  /** Every refusal of its use case; what any route may answer is not repeated here: see EVERYWHERE in problems.ts. */
  problems: readonly Refusal['code'][]
  /** Exists under POSTA_ENV=development only. */
  development?: boolean
  /** A path of an older system: its problems also carry `error`. */
  older?: boolean
  /** A named function: it parses what is left to parse, calls one use case, and answers. */
  handle(context: Context, input: Input<P, Q, B>): Promise<Result<Answer<A>>>
}

export type Route = RouteSpec<unknown, unknown, unknown, Answers>

/**
 * Checks a route's handler against its schemas and answers; the table holds them with the types erased, and builds each
 * schema once.
 *
 *     route({
 *       method: 'GET',
 *       path: '/health',
 *       who: ['public'],
 *       tag: 'public',
 *       summary: 'The Worker runs',
 *       answers: { 200: () => z.object({ status: z.literal('ok') }) },
 *       problems: [],
 *       handle: async function tellHealth() {
 *         return answer(200, { status: 'ok' })
 *       },
 *     })
 */
export function route<const A extends Answers, P = undefined, Q = undefined, B = undefined>(
  spec: RouteSpec<P, Q, B, A>,
): Route {
  const { params, query, body } = spec
  const built = {
    ...(params && { params: once(params) }),
    ...(query && { query: once(query) }),
    ...(body && { body: once(body) }),
  }
  return { ...spec, ...built } as unknown as Route
}

/**
 * An answer as its route declares it: `answer(200, { status: 'ok' })`, `answer(204)`. Its type keeps every word, so that
 * one the schema does not know does not compile.
 */
export const answer = <const S extends SuccessStatus, const B = undefined>(status: S, body?: B, beside: Beside = {}) =>
  ok({ status, body: body as B, ...beside })

/** To another page of ours: `redirect('/dev/inbox')`. */
export const redirect = (location: string, beside: Beside = {}) => ok({ status: 303 as const, location, ...beside })

/** The body of a route, as its schema gives it. */
export type Read<S extends Schema> = z.output<ReturnType<S>>

/** Keeps what was built with the first call. */
export function once<T>(build: () => T): () => T {
  let built: T | undefined
  return () => {
    built ??= build()
    return built
  }
}
