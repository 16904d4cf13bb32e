// Which status and headers a refusal has on the wire.
import { expect, it } from 'vitest'
import { problemOf } from '../../../functions/http/problems.ts'
import type { Refusal } from '../../../lib/outcome/refusal.ts'

it.each<[Refusal, number, Record<string, string>?]>([
  [{ code: 'code_locked', retryAfterMs: 899_001 }, 429, { 'Retry-After': '900' }],
  [{ code: 'too_many_sends', retryAfterMs: 1 }, 429, { 'Retry-After': '1' }],
  [{ code: 'too_many_requests', retryAfterMs: 60_000 }, 429, { 'Retry-After': '60' }],
  [{ code: 'message_busy', retryAfterMs: 0 }, 503, { 'Retry-After': '1' }],
  [{ code: 'challenge_over' }, 410],
  [{ code: 'email_taken' }, 409],
  [{ code: 'username_taken' }, 409],
  [{ code: 'already_verified' }, 409],
  [{ code: 'idempotency_mismatch' }, 422],
  [{ code: 'unauthorized' }, 401, { 'WWW-Authenticate': 'Bearer' }],
  [{ code: 'invalid_credentials' }, 401, { 'WWW-Authenticate': 'Bearer' }],
  [{ code: 'invalid_refresh_token' }, 401, { 'WWW-Authenticate': 'Bearer' }],
  [{ code: 'method_not_allowed', allow: ['GET', 'POST'] }, 405, { Allow: 'GET, POST' }],
  [{ code: 'not_deliverable' }, 489, { 'Upstash-NonRetryable-Error': 'true' }],
])('says %j with its status and headers', (refusal, status, headers = {}) => {
  const problem = problemOf(refusal)
  expect({ status: problem.status, headers: problem.headers ?? {} }).toEqual({ status, headers })
})

it('counts down the tries of a code only where they are counted', () => {
  expect(problemOf({ code: 'code_invalid', triesLeft: 0 })).toMatchObject({ status: 422, extra: { tries_left: 0 } })
  expect(problemOf({ code: 'code_invalid', triesLeft: null }).extra).toEqual({})
})
