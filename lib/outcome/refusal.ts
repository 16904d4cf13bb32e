// Every expected no of the service, in one closed union; functions/http/problems.ts is the only way from here to the wire.

/** One invalid field; `path` is dotted, `message` never repeats the value. */
export interface FieldError {
  path: string
  message: string
}

export type Refusal =
  | { code: 'malformed_json' }
  | { code: 'malformed_form' }
  | { code: 'invalid_request'; errors: FieldError[] }
  | { code: 'invalid_idempotency_key' }
  | { code: 'unsupported_media_type'; accepts: string[] }
  | { code: 'payload_too_large'; maxBytes: number }
  | { code: 'not_found' }
  | { code: 'method_not_allowed'; allow: string[] }
  | { code: 'unauthorized' }
  | { code: 'forbidden' }
  | { code: 'idempotency_mismatch' }
  | { code: 'invalid_credentials' }
  | { code: 'invalid_refresh_token' }
  | { code: 'username_taken' }
  | { code: 'email_taken' }
  | { code: 'already_verified' }
  | { code: 'code_invalid'; triesLeft: number | null }
  | { code: 'challenge_over' }
  | { code: 'code_locked'; retryAfterMs: number }
  | { code: 'too_many_sends'; retryAfterMs: number }
  | { code: 'too_many_requests'; retryAfterMs: number }
  /** Of a scheduler's or a vendor's call to us. */
  | { code: 'signature_invalid' }
  | { code: 'malformed' }
  | { code: 'not_deliverable' }
  | { code: 'message_busy'; retryAfterMs: number }
