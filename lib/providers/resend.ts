// Resend, by its SDK: https://resend.com/docs/api-reference/emails/send-email
import type { CreateEmailOptions } from 'resend'
import { type Called, call, headerText } from '../net/call.ts'
import type { SendOutcome } from '../ports/message.ts'
import type { Outgoing, Provider } from '../ports/provider.ts'
import { ANSWER_BYTES_MAX } from '../rules/numbers.ts'
import { key } from '../settings/keys.ts'
import { optional } from '../settings/readers.ts'
import { apiUrl } from '../settings/urls.ts'
import { outcomeOf, type Reading } from './answer.ts'
import { extraHeaders, nameAddr } from './headers.ts'
import { vendor } from './vendor.ts'

export interface ResendConfig {
  apiKey: string
  baseUrl?: string | undefined
  /** True when the webhook secret is set. */
  reports: boolean
  now?: () => number
}

const SETTINGS = {
  RESEND_API_KEY: optional(key('a Resend API key', 're_')),
  RESEND_BASE_URL: optional(apiUrl('/emails')),
  RESEND_WEBHOOK_SECRET: optional(key('a webhook secret', 'whsec_')),
}

export const resend = vendor({
  name: 'resend',
  settings: SETTINGS,
  reportsWith: 'RESEND_WEBHOOK_SECRET',
  ready: ({ RESEND_API_KEY }) => RESEND_API_KEY !== undefined,
  make: ({ RESEND_API_KEY = '', RESEND_BASE_URL, RESEND_WEBHOOK_SECRET }, { now }) =>
    resendProvider({
      apiKey: RESEND_API_KEY,
      baseUrl: RESEND_BASE_URL,
      reports: RESEND_WEBHOOK_SECRET !== undefined,
      now,
    }),
})

export function resendProvider(config: ResendConfig): Provider {
  const { apiKey, baseUrl = 'https://api.resend.com', reports, now = Date.now } = config
  return {
    name: 'resend',
    channel: 'email',
    keyed: true,
    reports,
    async send(outgoing, timeoutMs) {
      let answer = null as Called | null
      try {
        const { Resend } = await import('resend')
        const client = new Resend(apiKey, { baseUrl })
        // The SDK builds the request and we carry it: its own transport hides the status of an error that names none.
        client.fetchRequest = async (path, request) => {
          const { headers, body } = request as { headers: Headers; body: string }
          answer = await call(
            { url: baseUrl + path, method: 'POST', headers, body },
            { timeoutMs, maxBytes: ANSWER_BYTES_MAX },
          )
          return { data: null, error: { name: 'application_error', statusCode: null, message: '' }, headers: null }
        }
        await client.emails.send(mail(outgoing), { idempotencyKey: outgoing.key })
      } catch {
        // Judged below: without an answer the SDK failed before anything left.
      }
      return outcomeOf(answer, READING, now())
    },
  }
}

function mail(outgoing: Outgoing): CreateEmailOptions {
  const { from, to, replyTo, subject, html, text, attachments, messageId } = outgoing
  return {
    from: nameAddr(from),
    to: nameAddr(to),
    ...(replyTo && { replyTo: nameAddr(replyTo) }),
    subject: headerText(subject),
    html,
    text,
    headers: extraHeaders(outgoing),
    ...(attachments.length > 0 && {
      attachments: attachments.map(({ filename, contentType, content, contentId }) => ({
        filename: headerText(filename),
        contentType: headerText(contentType),
        content,
        ...(contentId !== null && { contentId: headerText(contentId) }),
      })),
    }),
    // Comes back in every webhook as data.tags.posta_mid.
    tags: [{ name: 'posta_mid', value: messageId }],
  }
}

/** Errors: https://resend.com/docs/api-reference/errors */
const READING: Reading = {
  taken({ json }) {
    const { id } = (json ?? {}) as { id?: unknown }
    return typeof id === 'string' ? { providerId: id } : null
  },
  code({ json, status }) {
    const { name, message } = (json ?? {}) as { name?: unknown; message?: unknown }
    // One word for three things. 403 is a domain that is not verified, or the one for tests in a mail to somebody else.
    if (name === 'validation_error' && status === 403) return 'sender_domain_not_verified'
    if (name === 'validation_error' && /^Invalid `to` field/.test(String(message))) return 'address_refused'
    return typeof name === 'string' && /^[a-z_]{1,64}$/.test(name) ? name : null
  },
  peculiar(code, { status }, waitMs) {
    if (code.includes('quota') || code === 'invalid_from_address') return { kind: 'misconfigured', code }
    return status === 409 ? conflict(code, waitMs) : null
  },
}

function conflict(code: string, retryAfterMs: number | null): SendOutcome {
  switch (code) {
    // The key was used with another body: an earlier try of this message was taken.
    case 'invalid_idempotent_request':
      return { kind: 'accepted', providerId: null }
    // An earlier try under this key may be taking it at this moment: the next provider would make a second copy.
    case 'concurrent_idempotent_requests':
      return { kind: 'unknown', code }
    case 'resource_locked':
      return { kind: 'throttled', code, retryAfterMs }
    // Any of the above, told by nobody we know.
    default:
      return { kind: 'unknown', code }
  }
}
