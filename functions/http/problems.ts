// From a refusal to the wire: RFC 9457 problem details. The one place where a no becomes a status.
import type { Locale } from '../../lib/names/locale.ts'
import type { Refusal } from '../../lib/outcome/refusal.ts'
import { type Failure, type Said, secondsOf } from './words/parts.ts'
import { saidOf, toldError, wordsOf } from './words/words.ts'

export interface Problem {
  status: number
  /** Members beside the standard ones. */
  extra?: Record<string, unknown>
  headers?: Record<string, string>
}

/** Says when to come again, to programs that read the header and to those that read the body. */
const later = (retryAfterMs: number, extra: Record<string, unknown> = {}) => ({
  extra: { ...extra, retry_after: secondsOf(retryAfterMs) },
  headers: { 'Retry-After': String(secondsOf(retryAfterMs)) },
})
const ASK_BEARER = { 'WWW-Authenticate': 'Bearer' }

export function problemOf(refusal: Refusal, locale: Locale): Problem {
  switch (refusal.code) {
    case 'malformed_json':
    case 'malformed_form':
    case 'invalid_idempotency_key':
      return { status: 400 }
    case 'unauthorized':
    case 'invalid_credentials':
    case 'invalid_refresh_token':
      return { status: 401, headers: ASK_BEARER }
    case 'signature_invalid':
      return { status: 401 }
    case 'forbidden':
    case 'email_not_verified':
      return { status: 403 }
    case 'not_sent':
      return { status: 502, extra: { providers: refusal.providers } }
    case 'not_found':
      return { status: 404, extra: refusal.missing === undefined ? {} : { missing: refusal.missing } }
    case 'method_not_allowed':
      return { status: 405, extra: { allow: refusal.allow }, headers: { Allow: refusal.allow.join(', ') } }
    case 'username_taken':
    case 'email_taken':
    case 'already_verified':
    case 'already_sent':
    case 'may_be_sent':
      return { status: 409 }
    case 'needs_force':
      return { status: 409 }
    case 'payload_gone':
      return { status: 410 }
    case 'not_dead':
    case 'already_ended':
      return { status: 409, extra: { message_status: refusal.status } }
    case 'template_not_sendable':
      return { status: 422, extra: { sendable: refusal.templates } }
    case 'already_over':
      return { status: 422 }
    case 'none_accepted':
      return { status: 422, extra: { messages: refusal.messages } }
    case 'challenge_over':
      return { status: 410 }
    case 'payload_too_large':
      return { status: 413 }
    case 'unsupported_media_type':
      return { status: 415, headers: { Accept: refusal.accepts.join(', ') } }
    case 'invalid_request':
      return { status: 422, extra: { errors: refusal.errors.map((error) => toldError(error, locale)) } }
    case 'idempotency_mismatch':
      return { status: 422 }
    case 'code_invalid':
      return { status: 422, extra: refusal.triesLeft === null ? {} : { tries_left: refusal.triesLeft } }
    case 'code_locked':
    case 'too_many_sends':
    case 'too_many_requests':
      return { status: 429, ...later(refusal.retryAfterMs, { limit: refusal.limit }) }
    case 'malformed':
    case 'not_deliverable':
      // No retries, straight to the dead letters; status and header are both needed:
      // https://upstash.com/docs/qstash/features/retry
      return { status: 489, headers: { 'Upstash-NonRetryable-Error': 'true' } }
    case 'message_busy':
      return { status: 503, ...later(refusal.retryAfterMs) }
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

/** What a problem is told about: the request, its language, and whether its path is one of the older systems'. */
export interface About {
  requestId: string
  locale: Locale
  isOlder?: boolean
}

export const refusalResponse = (refusal: Refusal, about: About, headers: Record<string, string> = {}): Response => {
  const problem = problemOf(refusal, about.locale)
  const all = { ...problem, headers: { ...headers, ...problem.headers } }
  return problemResponse(refusal.code, all, saidOf(refusal, about.locale), about)
}

/** A no to one of several, within the answer to all of them. */
export const problemWithin = (refusal: Refusal, about: About) =>
  problemBody(refusal.code, problemOf(refusal, about.locale), saidOf(refusal, about.locale), about)

/** `code` says more than the kind of a failure where a part of ours is named: `store_unavailable`. */
export function failureResponse(kind: Failure, about: About, code: string = kind, retryAfterMs = 0): Response {
  const problem = kind === 'unavailable' ? { status: 503, ...later(retryAfterMs) } : { status: 500 }
  return problemResponse(code, problem, wordsOf(about.locale).failures[kind], about)
}

function problemBody(code: string, { status, extra = {} }: Problem, { title, detail }: Said, about: About) {
  const standard = { type: `urn:posta:problem:${code}`, title, status, detail, code, request_id: about.requestId }
  // The older systems' frontends read `error`.
  return { ...standard, ...(about.isOlder ? { error: detail } : {}), ...extra }
}

function problemResponse(code: string, problem: Problem, said: Said, about: About): Response {
  const { status, headers = {} } = problem
  return new Response(JSON.stringify(problemBody(code, problem, said, about)), {
    status,
    headers: {
      ...headers,
      'Content-Type': 'application/problem+json',
      'Content-Language': about.locale,
      'Cache-Control': 'no-store',
    },
  })
}
