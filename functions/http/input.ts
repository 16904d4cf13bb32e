// What a request brings, checked against the schemas of its route.
import type { Accounts } from '../../lib/accounts/accounts.ts'
import type { FieldError } from '../../lib/outcome/field-error.ts'
import { ok, refuse } from '../../lib/outcome/result.ts'
import { BODY_BYTES_MAX } from '../../lib/rules/numbers.ts'
import { readBytes, readForm, readJson } from './body.ts'
import { codeOf, fieldErrorsOf } from './field-errors.ts'
import type { Route, Schema } from './route.ts'

/** `hear` is told the body before it is judged: it may say in which language. */
export async function parse(
  route: Route,
  request: Request,
  url: URL,
  params: Record<string, string>,
  accounts: Accounts,
  hear: (body: Record<string, unknown>) => void,
) {
  const maxBytes = route.bodyBytesMax ?? BODY_BYTES_MAX
  const bytes = () => readBytes(request, maxBytes)
  const sent = route.body ? await read(route.kind, request, maxBytes) : ok(undefined)
  if (!sent.ok) return sent
  if (isFields(sent.value)) hear(sent.value)
  const query = Object.fromEntries(url.searchParams)
  const checked = [check(route.params, params), check(route.query, query), check(route.body, sent.value)] as const
  const errors = checked.flatMap((one) => (one.ok ? [] : one.refusal))
  if (errors.length > 0) {
    const objections = isFields(sent.value) ? ((await route.objections?.(accounts, sent.value)) ?? []) : []
    const more = objections.filter(({ path }) => !errors.some((error) => error.path === path))
    return refuse({ code: 'invalid_request', errors: [...errors, ...more] })
  }
  const [p, q, b] = checked.map((one) => (one.ok ? one.value : undefined))
  return ok({ params: p, query: q, body: b, bytes })
}

const read = (kind: Route['kind'], request: Request, maxBytes: number) =>
  kind === 'form' ? readForm(request, maxBytes) : readJson(request, maxBytes)

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function check(
  schema: Schema | undefined,
  value: unknown,
): { ok: true; value: unknown } | { ok: false; refusal: FieldError[] } {
  if (!schema) return { ok: true, value: undefined }
  const parsed = schema().safeParse(value, { error: codeOf })
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, refusal: parsed.error.issues.flatMap((issue) => fieldErrorsOf(issue)) }
}
