// What the codes of all providers come to.
import { expect, it } from 'vitest'
import { FAILURES, failureOf } from '../../../lib/rules/failure.ts'

it.each<[string, string]>([
  ['sender_domain_not_verified', 'sender_not_verified sender_domain_not_available'],
  ['sender_refused', 'invalid_from_address'],
  ['key_refused', 'invalid_api_key missing_api_key restricted_api_key suspended_api_key invalid_permission'],
  ['key_refused', 'http_401 http_403'],
  ['quota', 'daily_quota_exceeded monthly_quota_exceeded email_above_quota daily_limit_exceeded http_402'],
  ['address_refused', 'recipient_suppressed recipient_not_allowed'],
  ['mail_refused', 'validation_error field_missing security_error http_400 http_413 http_422 http_451 rejected'],
  ['mail_refused', 'too_many_recipients header_not_allowed headers_too_large content_too_large invalid_attachment'],
  ['throttled', 'rate_limit_exceeded resource_locked http_429'],
  ['provider_failed', 'http_500 http_503 http_408 application_error internal_server_error delivery_failed'],
  ['no_answer', 'timeout connection_lost lease_lost unreadable_answer'],
  ['ours', 'not_sent send_failed render_failed secret_not_held payload_unreadable'],
  ['other', 'http_404 something_new invalid_api_keys'],
])('%s: %s', (failure, codes) => {
  for (const code of codes.split(' ')) expect([code, failureOf(code)]).toEqual([code, failure])
})

it.each(FAILURES)('%s is a code of its own where only a sentence tells', (one) => expect(failureOf(one)).toBe(one))
