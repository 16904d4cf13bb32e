// Reading a body, JSON or a form: type, size, encoding, depth, syntax; each wrong one has its own refusal.
import { fromStrictUtf8, joined } from '../../lib/bytes.ts'
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import { BODY_DISCARDED_MAX, JSON_DEPTH_MAX } from '../../lib/rules/numbers.ts'

/** The parsed body; an empty one counts as `{}`, whatever its type. */
export async function readJson(request: Request, maxBytes: number): Promise<Result<unknown>> {
  const bytes = await readBytes(request, maxBytes)
  if (!bytes) return refuse({ code: 'payload_too_large', maxBytes })
  if (bytes.length === 0) return ok({})
  const type = typeOf(request)
  if (type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type)) {
    return refuse({ code: 'unsupported_media_type', accepts: JSON_TYPES })
  }
  try {
    const text = fromStrictUtf8(bytes)
    if (tooDeep(text)) {
      const error = { path: '', code: 'too_deep', params: { max: JSON_DEPTH_MAX } } as const
      return refuse({ code: 'invalid_request', errors: [error] })
    }
    return ok(JSON.parse(text))
  } catch {
    return refuse({ code: 'malformed_json' })
  }
}

const JSON_TYPES = ['application/json']
const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data']

const typeOf = (request: Request): string =>
  (request.headers.get('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** The text fields of a form as an object, of a name that comes twice the last one; an empty body counts as `{}`. */
export async function readForm(request: Request, maxBytes: number): Promise<Result<unknown>> {
  const type = request.headers.get('Content-Type') ?? ''
  const bytes = await readBytes(request, maxBytes)
  if (!bytes) return refuse({ code: 'payload_too_large', maxBytes })
  if (bytes.length === 0) return ok({})
  if (!FORM_TYPES.includes(typeOf(request))) return refuse({ code: 'unsupported_media_type', accepts: FORM_TYPES })
  try {
    const form = await new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { 'Content-Type': type } }).formData()
    return ok(Object.fromEntries([...form].filter(([, value]) => typeof value === 'string')))
  } catch {
    return refuse({ code: 'malformed_form' })
  }
}

/** null when there is more than `maxBytes`: the declared length is believed when too large, never when small enough. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  const declared = Number(request.headers.get('Content-Length') ?? 0)
  if (declared > maxBytes + BODY_DISCARDED_MAX) {
    await request.body?.cancel()
    return null
  }
  const isDeclared = declared > maxBytes
  const chunks: Uint8Array[] = []
  let size = 0
  // Of what is too large, some more is read and thrown away: a proxy in between that is still sending when the answer
  // comes takes that for a broken connection, and tells its client so.
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes + BODY_DISCARDED_MAX) return null
    if (!isDeclared && size <= maxBytes) chunks.push(chunk)
  }
  return isDeclared || size > maxBytes ? null : joined(chunks)
}

/** Counted before parsing, so that no parser or validator ever recurses further. */
function tooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (inString) {
      if (char === '\\') at++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') {
      depth++
      if (depth > JSON_DEPTH_MAX) return true
    } else if (char === '}' || char === ']') depth--
  }
  return false
}
