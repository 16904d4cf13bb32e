// Which status and headers a refusal has on the wire.
import { describe, expect, it } from 'vitest'
import { problemOf, refusalResponse } from '../../../functions/http/problems.ts'
import { toldError } from '../../../functions/http/words/words.ts'
import { LOCALES, type Locale } from '../../../lib/names/locale.ts'
import { FIELD_CODES } from '../../../lib/outcome/field-error.ts'
import type { Refusal } from '../../../lib/outcome/refusal.ts'

it.each<[Refusal, number, Record<string, string>?]>([
  [{ code: 'code_locked', limit: 'wrong', retryAfterMs: 899_001 }, 429, { 'Retry-After': '900' }],
  [{ code: 'too_many_sends', limit: 'codes-gap', retryAfterMs: 1 }, 429, { 'Retry-After': '1' }],
  [{ code: 'too_many_requests', limit: 'sends', retryAfterMs: 60_000 }, 429, { 'Retry-After': '60' }],
  [{ code: 'message_busy', retryAfterMs: 0 }, 503, { 'Retry-After': '1' }],
  [{ code: 'challenge_over' }, 410],
  [{ code: 'email_taken' }, 409],
  [{ code: 'username_taken' }, 409],
  [{ code: 'already_verified' }, 409],
  [{ code: 'idempotency_mismatch' }, 422],
  [{ code: 'unauthorized' }, 401, { 'WWW-Authenticate': 'Bearer' }],
  [{ code: 'invalid_credentials' }, 401, { 'WWW-Authenticate': 'Bearer' }],
  [{ code: 'invalid_refresh_token' }, 401, { 'WWW-Authenticate': 'Bearer' }],
  [{ code: 'method_not_allowed', method: 'PUT', allow: ['GET', 'POST'] }, 405, { Allow: 'GET, POST' }],
  [{ code: 'not_deliverable' }, 489, { 'Upstash-NonRetryable-Error': 'true' }],
])('says %j with its status and headers', (refusal, status, headers = {}) => {
  const problem = problemOf(refusal, 'en')
  expect({ status: problem.status, headers: problem.headers ?? {} }).toEqual({ status, headers })
})

it('counts down the tries of a code only where they are counted', () => {
  expect(problemOf({ code: 'code_invalid', triesLeft: 0 }, 'en')).toMatchObject({
    status: 422,
    extra: { tries_left: 0 },
  })
  expect(problemOf({ code: 'code_invalid', triesLeft: null }, 'en').extra).toEqual({})
})

it('tells programs which limit it was, and for how many seconds', async () => {
  const refusal = { code: 'too_many_sends', limit: 'codes-day', retryAfterMs: 1_834_200 } as const
  const answer = refusalResponse(refusal, { requestId: 'req_1', locale: 'en' })
  expect(answer.headers.get('Retry-After')).toBe('1835')
  expect(await answer.json()).toEqual({
    type: 'urn:posta:problem:too_many_sends',
    title: 'Too many sends',
    status: 429,
    detail: 'This address was sent enough for now. Try again in 1835 s.',
    code: 'too_many_sends',
    request_id: 'req_1',
    limit: 'codes-day',
    retry_after: 1_835,
  })
})

it('speaks the language of the caller, with the same codes', async () => {
  const errors = [{ path: 'username', code: 'too_short', params: { min: 3, max: 32 } }] as const
  const told = async (locale: Locale) =>
    refusalResponse({ code: 'invalid_request', errors: [...errors] }, { requestId: 'req_1', locale }).json()
  expect(await told('es')).toMatchObject({
    code: 'invalid_request',
    title: 'Solicitud no válida',
    errors: [{ path: 'username', code: 'too_short', message: 'debe tener al menos 3 caracteres', params: { min: 3 } }],
  })
  expect(await told('en')).toMatchObject({
    errors: [{ code: 'too_short', message: 'must have at least 3 characters' }],
  })
})

describe('every field error', () => {
  const params = { min: 1, max: 2, as: 'password', values: ['a', 'b'], channels: ['sms'], expected: 'text' }
  it.each(FIELD_CODES)('%s is said in every language', (code) => {
    const said = LOCALES.map((locale) => toldError({ path: 'x', code, params }, locale).message)
    for (const sentence of said) expect(sentence).toMatch(/^\p{Ll}.*[^ .]$/u)
    expect(new Set(said).size).toBe(LOCALES.length)
  })
})
