// Every expected no of the service, in one closed union; functions/http/problems.ts is the only way from here to the wire.
import type { FieldError } from './field-error.ts'

export type Refusal =
  | { code: 'malformed_json' }
  | { code: 'malformed_form' }
  | { code: 'invalid_request'; errors: FieldError[] }
  | { code: 'invalid_idempotency_key' }
  | { code: 'unsupported_media_type'; accepts: string[] }
  | { code: 'payload_too_large'; maxBytes: number }
  /** `missing`: the part of the path that is empty. */
  | { code: 'not_found'; missing?: string }
  | { code: 'method_not_allowed'; method: string; allow: string[] }
  | { code: 'unauthorized' }
  | { code: 'forbidden' }
  | { code: 'idempotency_mismatch' }
  | { code: 'invalid_credentials' }
  | { code: 'invalid_refresh_token' }
  | { code: 'username_taken' }
  | { code: 'email_taken' }
  | { code: 'already_verified' }
  | { code: 'email_not_verified' }
  /** Every provider that was allowed definitely refused. */
  | { code: 'not_sent'; providers: { provider: string; code: string }[] }
  | { code: 'code_invalid'; triesLeft: number | null }
  | { code: 'challenge_over' }
  /** `templates`: those that may be sent. */
  | { code: 'template_not_sendable'; templates: string[] }
  | { code: 'already_over' }
  | { code: 'already_sent' }
  | { code: 'may_be_sent' }
  | { code: 'already_ended'; status: string }
  /** Of a replay: it has not failed. */
  | { code: 'not_dead'; status: string }
  | { code: 'needs_force' }
  | { code: 'payload_gone' }
  /** Of a batch: the problems of its messages, in order. */
  | { code: 'none_accepted'; messages: { problem: object }[] }
  /** `limit` is the name of the rule, as `RateLimit-Policy` has it. */
  | { code: 'code_locked'; limit: string; retryAfterMs: number }
  | { code: 'too_many_sends'; limit: string; retryAfterMs: number }
  | { code: 'too_many_requests'; limit: string; retryAfterMs: number }
  /** Of a scheduler's or a vendor's call to us. */
  | { code: 'signature_invalid' }
  | { code: 'malformed' }
  | { code: 'not_deliverable' }
  | { code: 'message_busy'; retryAfterMs: number }
