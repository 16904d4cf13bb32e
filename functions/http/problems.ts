// From a refusal to the wire: RFC 9457 problem details. The one place where a no becomes a status.
import type { Refusal } from '../../lib/outcome/refusal.ts'

export interface Problem {
  status: number
  title: string
  detail: string
  /** Members beside the standard ones. */
  extra?: Record<string, unknown>
  headers?: Record<string, string>
}

const seconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1_000)))
const retryAfter = (ms: number) => ({ 'Retry-After': seconds(ms) })

export function problemOf(refusal: Refusal): Problem {
  switch (refusal.code) {
    case 'malformed_json':
      return { status: 400, title: 'Malformed JSON', detail: 'The body is not valid JSON in UTF-8.' }
    case 'malformed_form':
      return { status: 400, title: 'Malformed form', detail: 'The body is not a form that can be read.' }
    case 'invalid_request':
      return {
        status: 422,
        title: 'Invalid request',
        detail: 'Some fields are missing or not valid; see errors.',
        extra: { errors: refusal.errors },
      }
    case 'invalid_idempotency_key':
      return {
        status: 400,
        title: 'Invalid Idempotency-Key',
        detail: 'Idempotency-Key must be 1 to 255 printable ASCII characters.',
      }
    case 'unsupported_media_type':
      return {
        status: 415,
        title: 'Unsupported media type',
        detail: `Send the body as ${refusal.accepts.join(' or ')}.`,
        headers: { Accept: refusal.accepts.join(', ') },
      }
    case 'payload_too_large':
      return { status: 413, title: 'Payload too large', detail: `The body may have at most ${refusal.maxBytes} bytes.` }
    case 'not_found':
      return { status: 404, title: 'Not found', detail: 'There is nothing here, or nothing you may see.' }
    case 'method_not_allowed':
      return {
        status: 405,
        title: 'Method not allowed',
        detail: 'This path knows other methods; see Allow.',
        headers: { Allow: refusal.allow.join(', ') },
      }
    case 'unauthorized':
      return {
        status: 401,
        title: 'Unauthorized',
        detail: 'Send a valid access token or API key as Authorization: Bearer ….',
        headers: { 'WWW-Authenticate': 'Bearer' },
      }
    case 'invalid_credentials':
      return {
        status: 401,
        title: 'Invalid credentials',
        detail: 'The login or the password is not right.',
        headers: { 'WWW-Authenticate': 'Bearer' },
      }
    case 'invalid_refresh_token':
      return {
        status: 401,
        title: 'Invalid refresh token',
        detail: 'This session has ended, or the token is not one of ours. Log in again.',
        headers: { 'WWW-Authenticate': 'Bearer' },
      }
    case 'username_taken':
      return { status: 409, title: 'User name taken', detail: 'Somebody has this user name. Choose another one.' }
    case 'email_taken':
      return {
        status: 409,
        title: 'E-mail taken',
        detail: 'This e-mail address has an account. Log in, or recover it.',
      }
    case 'already_verified':
      return { status: 409, title: 'Already verified', detail: 'This address is verified; there is nothing to send.' }
    case 'forbidden':
      return {
        status: 403,
        title: 'Forbidden',
        detail: 'You may not do this: it takes another scope, or another account.',
      }
    case 'idempotency_mismatch':
      return {
        status: 422,
        title: 'Idempotency key reused',
        detail: 'This Idempotency-Key was used with another body in the last 24 hours.',
      }
    case 'code_invalid':
      return {
        status: 422,
        title: 'Code not valid',
        detail: 'The code is not the one we sent.',
        extra: refusal.triesLeft === null ? {} : { tries_left: refusal.triesLeft },
      }
    case 'challenge_over':
      return {
        status: 410,
        title: 'Challenge over',
        detail: 'This challenge was used, has expired, or is out of tries. Open a new one.',
      }
    case 'code_locked':
      return {
        status: 429,
        title: 'Codes locked',
        detail: 'Too many wrong codes. Try again later.',
        headers: retryAfter(refusal.retryAfterMs),
      }
    case 'too_many_sends':
      return {
        status: 429,
        title: 'Too many sends',
        detail: 'This address was sent enough for now. Try again later.',
        headers: retryAfter(refusal.retryAfterMs),
      }
    case 'too_many_requests':
      return {
        status: 429,
        title: 'Too many requests',
        detail: 'Too many requests from you. Try again later.',
        headers: retryAfter(refusal.retryAfterMs),
      }
    case 'signature_invalid':
      return {
        status: 401,
        title: 'Signature not valid',
        detail: 'Only calls that QStash signed for this address are taken.',
      }
    case 'malformed':
    case 'not_deliverable':
      // No retries, straight to the dead letters; status and header are both needed:
      // https://upstash.com/docs/qstash/features/retry
      return {
        status: 489,
        title: 'Not deliverable',
        detail: 'This call will never succeed.',
        headers: { 'Upstash-NonRetryable-Error': 'true' },
      }
    case 'message_busy':
      return PROBLEMS.unavailable(refusal.retryAfterMs)
  }
}

/** What any route may refuse with, besides its own `problems`. */
export const EVERYWHERE: readonly Refusal['code'][] = [
  'malformed_json',
  'malformed_form',
  'invalid_request',
  'unsupported_media_type',
  'payload_too_large',
  'not_found',
  'method_not_allowed',
  'unauthorized',
  'forbidden',
]

/** Failures that are ours. */
export const PROBLEMS = {
  internal: { status: 500, title: 'Internal error', detail: 'Something went wrong on our side; quote the request id.' },
  misconfigured: { status: 500, title: 'Misconfigured', detail: 'This service is not set up correctly; see its log.' },
  unavailable: (retryAfterMs: number): Problem => ({
    status: 503,
    title: 'Temporarily unavailable',
    detail:
      'A part of the service does not answer. Try again; where you sent an Idempotency-Key nothing happens twice.',
    headers: retryAfter(retryAfterMs),
  }),
} as const

/** What a problem is told about: the request, and whether its path is one of the older systems'. */
export interface About {
  requestId: string
  isOlder?: boolean
}

export function problemResponse(code: string, problem: Problem, { requestId, isOlder = false }: About): Response {
  const { status, title, detail, extra = {}, headers = {} } = problem
  const standard = { type: `urn:posta:problem:${code}`, title, status, detail, code, request_id: requestId }
  // The older systems' frontends read `error`.
  const body = { ...standard, ...(isOlder ? { error: detail } : {}), ...extra }
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
  })
}
