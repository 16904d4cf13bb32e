// English.
import { listed, secondsOf, type Words } from './parts.ts'

const KINDS: Record<string, string> = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  list: 'a list',
}
const UNSIGNED = ', unless you are signed in'
const waitOf = (ms: number) => `Try again in ${secondsOf(ms)} s.`

export const en: Words = {
  refusals: {
    malformed_json: () => ({ title: 'Malformed JSON', detail: 'The body is not valid JSON in UTF-8.' }),
    malformed_form: () => ({ title: 'Malformed form', detail: 'The body is not a form that can be read.' }),
    invalid_request: () => ({
      title: 'Invalid request',
      detail: 'Some fields are missing or not valid; see errors.',
    }),
    invalid_idempotency_key: () => ({
      title: 'Invalid Idempotency-Key',
      detail: 'Idempotency-Key must be 1 to 255 printable ASCII characters.',
    }),
    unsupported_media_type: ({ accepts }) => ({
      title: 'Unsupported media type',
      detail: `Send the body as ${accepts.join(' or ')}.`,
    }),
    payload_too_large: ({ maxBytes }) => ({
      title: 'Payload too large',
      detail: `The body may have at most ${maxBytes} bytes.`,
    }),
    not_found: ({ missing }) => ({
      title: 'Not found',
      detail:
        missing === undefined
          ? 'There is nothing here, or nothing you may see.'
          : `${/^[aeiou]/.test(missing) ? 'An' : 'A'} ${missing} is missing: a part of the path is empty.`,
    }),
    method_not_allowed: ({ method, allow }) => ({
      title: 'Method not allowed',
      detail: `You sent ${method}; this path takes ${allow.join(', ')}.`,
    }),
    unauthorized: () => ({
      title: 'Unauthorized',
      detail: 'Send a valid access token or API key as Authorization: Bearer ….',
    }),
    invalid_credentials: () => ({
      title: 'Invalid credentials',
      detail: 'The login or the password is not right.',
    }),
    invalid_refresh_token: () => ({
      title: 'Invalid refresh token',
      detail: 'This session has ended, or the token is not one of ours. Log in again.',
    }),
    username_taken: () => ({
      title: 'User name taken',
      detail: 'Somebody has this user name. Choose another one.',
    }),
    email_taken: () => ({
      title: 'E-mail taken',
      detail: 'This e-mail address has an account. Log in, or recover it.',
    }),
    template_not_sendable: ({ templates }) => ({
      title: 'Template not sendable',
      detail: `This template is sent by the service itself. Callers may send ${templates.join(', ')}.`,
    }),
    already_over: () => ({
      title: 'Already over',
      detail: 'What the message is about is over: nobody needs it any more, and it was not accepted.',
    }),
    already_sent: () => ({
      title: 'Already sent',
      detail: 'A provider has taken this message: it cannot be called back.',
    }),
    may_be_sent: () => ({
      title: 'May be sent',
      detail: 'This message is under way or in doubt: a copy may have left, so it cannot be called back.',
    }),
    not_dead: ({ status }) => ({
      title: 'Not a dead letter',
      detail: `This message is ${status}: only what failed, or is in doubt, is sent again.`,
    }),
    needs_force: () => ({
      title: 'In doubt',
      detail: 'A copy of this message may have left. Send `force: true` to risk a second one.',
    }),
    payload_gone: () => ({
      title: 'Payload gone',
      detail: 'What this message said was kept for a while and is gone: it cannot be sent again.',
    }),
    already_ended: ({ status }) => ({
      title: 'Already ended',
      detail: `This message has ended as ${status}: there is nothing left to change.`,
    }),
    none_accepted: () => ({
      title: 'None accepted',
      detail: 'Not one of these messages was accepted; see the problem of each.',
    }),
    already_verified: () => ({
      title: 'Already verified',
      detail: 'This address is verified; there is nothing to send.',
    }),
    email_not_verified: () => ({
      title: 'Address not verified',
      detail: 'Verify your e-mail address first: only then can you write from it.',
    }),
    not_sent: ({ providers }) => ({
      title: 'Not sent',
      detail: `No provider took it (${providers.map(({ provider, code }) => `${provider}: ${code}`).join(', ')}), and it will not be tried again.`,
    }),
    forbidden: () => ({
      title: 'Forbidden',
      detail: 'You may not do this: it takes another scope, or another account.',
    }),
    idempotency_mismatch: () => ({
      title: 'Idempotency key reused',
      detail: 'This Idempotency-Key was used with another body in the last 24 hours.',
    }),
    code_invalid: () => ({ title: 'Code not valid', detail: 'The code is not the one we sent.' }),
    challenge_over: () => ({
      title: 'Challenge over',
      detail: 'This challenge was used, has expired, or is out of tries. Open a new one.',
    }),
    code_locked: ({ retryAfterMs }) => ({
      title: 'Codes locked',
      detail: `Too many wrong codes. ${waitOf(retryAfterMs)}`,
    }),
    too_many_sends: ({ retryAfterMs }) => ({
      title: 'Too many sends',
      detail: `This address was sent enough for now. ${waitOf(retryAfterMs)}`,
    }),
    too_many_requests: ({ retryAfterMs }) => ({
      title: 'Too many requests',
      detail: `Too many requests from you. ${waitOf(retryAfterMs)}`,
    }),
    signature_invalid: () => ({
      title: 'Signature not valid',
      detail: 'Only calls that QStash signed for this address are taken.',
    }),
    malformed: () => ({ title: 'Not deliverable', detail: 'This call will never succeed.' }),
    not_deliverable: () => ({ title: 'Not deliverable', detail: 'This call will never succeed.' }),
    message_busy: () => en.failures.unavailable,
  },
  failures: {
    internal_error: {
      title: 'Internal error',
      detail: 'Something went wrong on our side; quote the request id.',
    },
    misconfigured: {
      title: 'Misconfigured',
      detail: 'This service is not set up correctly; see its log.',
    },
    unavailable: {
      title: 'Temporarily unavailable',
      detail:
        'A part of the service does not answer. Try again; where you sent an Idempotency-Key nothing happens twice.',
    },
  },
  fields: {
    required: (params) => {
      if (params.one_of) return `must name one of ${listed(params.one_of)}`
      if (params.or) return `is required, or ${listed(params.or)} in its place`
      if (params.with) return `is required with ${listed(params.with)}`
      return `is required${params.unless ? UNSIGNED : ''}`
    },
    wrong_type: ({ expected }) => `must be ${KINDS[listed(expected)] ?? 'of another type'}`,
    not_listed: ({ values, unless }) =>
      `must be ${typeof values === 'object' && values.length === 1 ? '' : 'one of '}${listed(values)}${unless ? UNSIGNED : ''}`,
    too_short: ({ min }) => `must have at least ${min} characters`,
    too_long: ({ max }) => `must have at most ${max} characters`,
    too_few: ({ min }) => `must have at least ${min} ${min === 1 ? 'item' : 'items'}`,
    too_many: ({ max }) => `must have at most ${max} items`,
    too_small: ({ min }) => `must be at least ${min}`,
    too_big: ({ max }) => `must be at most ${max}`,
    not_whole: () => 'must be a whole number',
    not_email: () => 'must be an e-mail address',
    not_phone: () => 'must be a phone number in international form, such as +34600111222',
    not_code: ({ min, max }) => `must be ${min} to ${max} digits`,
    not_slug: () => 'must be a slug such as login',
    not_ip: () => 'must be an IP address',
    too_deep: ({ max }) => `must not nest deeper than ${max} levels`,
    no_address: () => 'has no address for every channel asked for',
    not_configured: ({ channels }) => `not configured here: ${listed(channels)}`,
    not_in_challenge: () => 'is not a channel of this challenge',
    looks_like_email: () => 'must not be an e-mail address',
    not_username: () => 'must be letters and digits, with single . _ - between them',
    reserved: () => 'is reserved',
    too_common: () => 'is too common',
    own_words: () => 'must not be your own name or address',
    control_characters: () => 'must not hold control characters',
    not_same: ({ as }) => `must be the same as ${listed(as)}`,
    not_plain: ({ max }) => `must be plain text of at most ${max} characters`,
    not_alone: () => 'must be changed by a request of its own',
    unknown: () => 'is no field that is known here',
    twice: ({ as }) => `is the same field as ${listed(as)}: send one of the two`,
    not_instant: () => 'must be an RFC 3339 time with a zone, such as 2026-12-05T20:30:00Z',
    not_duration: () => 'must be an ISO 8601 duration, such as PT3H',
    too_far_ahead: ({ days }) => `may be at most ${days} days ahead`,
    not_before_end: ({ end }) => `must be before ${end}`,
    no_user: () => 'is no account here',
    use_batch: () => 'one message goes to one person: send a list with POST /v1/messages/batch',
    not_base64: () => 'must be base64',
    not_media_type: () => 'must be a media type, such as application/pdf',
    not_time: () => 'must be a date and time such as 2026-12-05T20:30:00 or 2026-12-05T20:30:00-05:00',
    not_amount: () => 'must be an amount from 0 to 1000000000000, such as 45000 or "45000.50"',
    not_currency: () => 'must be an ISO 4217 code such as USD',
    not_url: () => 'must be a whole http or https address',
    too_many_bytes: ({ max }) => `must have at most ${max} bytes`,
    nothing_left: () => 'holds nothing that may be sent',
    invalid: () => 'is not valid',
  },
  mail: {
    timeout: 'Email service did not answer in time. Please try again later.',
    unavailable: 'Email service is not available at the moment. Please try again later.',
    rejected: 'The email could not be sent to this address. Please check it, or try again later.',
    suppressed: 'This address takes no emails from us. Please use another one.',
    held: 'Sending is switched off at the moment. The email will leave later.',
    limited: 'This address was sent enough emails for now. Please ask for the code later.',
  },
}
