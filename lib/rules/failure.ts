// What a failed attempt comes to, for people: vendors have a hundred words for a few things. Decides nothing.

export const FAILURES = [
  'sender_domain_not_verified',
  'sender_refused',
  'key_refused',
  'quota',
  'address_refused',
  'mail_refused',
  'throttled',
  'provider_failed',
  'no_answer',
  'ours',
  'other',
] as const

export type Failure = (typeof FAILURES)[number]

/** Every code that a provider gives: ours, a vendor's own, or `http_<status>`. The first that fits. */
const CODES: [Failure, RegExp][] = [
  ['ours', /^(?:not_sent|send_failed|render_failed|secret_not_held|payload_unreadable)$/],
  ['no_answer', /^(?:timeout|connection_lost|lease_lost|unreadable_answer|concurrent_idempotent_requests)$/],
  ['throttled', /^(?:rate_limit_exceeded|resource_locked|http_429)$/],
  ['quota', /quota|^(?:daily_limit_exceeded|http_402)$/],
  ['sender_domain_not_verified', /^sender_(?:not_verified|domain_not_available)$/],
  ['sender_refused', /^invalid_from_address$/],
  ['key_refused', /api_key$|^(?:invalid_permission|http_401|http_403)$/],
  ['address_refused', /^recipient_/],
  [
    'provider_failed',
    /^(?:application_error|internal_server_error|service_unavailable|delivery_failed|http_408|http_5..)$/,
  ],
  [
    'mail_refused',
    /^(?:rejected|validation_error|field_missing|security_error|content_too_large|http_(?:400|413|422|451))$/,
  ],
  ['mail_refused', /^(?:invalid_(?:attachment|parameter|idempotency_key)|missing_required|too_many_|headers?_)/],
]

/**
 *     failureOf('daily_quota_exceeded') // 'quota'
 *     failureOf('quota')                // 'quota': a code may be one of these words itself
 */
export function failureOf(code: string): Failure {
  const itself = FAILURES.find((one) => one === code)
  return itself ?? CODES.find(([, pattern]) => pattern.test(code))?.[0] ?? 'other'
}
