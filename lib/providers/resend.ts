// Resend, by its SDK: https://resend.com/docs/api-reference/emails/send-email
import type { CreateEmailOptions } from 'resend'
import { type Called, call, headerText, retryAfterMs } from '../net/call.ts'
import type { SendOutcome } from '../ports/message.ts'
import type { Mailbox, Outgoing, Provider } from '../ports/provider.ts'

const ANSWER_BYTES_MAX = 64 * 1024

export interface ResendConfig {
  apiKey: string
  baseUrl?: string | undefined
  /** True when the webhook secret is set. */
  reports: boolean
  now?: () => number
}

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
      return answer === null ? { kind: 'unavailable', code: 'not_sent' } : outcome(answer, now())
    },
  }
}

function mail(outgoing: Outgoing): CreateEmailOptions {
  const { from, to, replyTo, subject, html, text, headers, attachments, messageId } = outgoing
  return {
    from: mailbox(from),
    to: mailbox(to),
    ...(replyTo && { replyTo: mailbox(replyTo) }),
    subject: headerText(subject),
    html,
    text,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, headerText(value)])),
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

/** RFC 5322 name-addr; JSON escapes quotes and backslashes the same way. */
function mailbox({ name, address }: Mailbox): string {
  return name === null ? address : `${JSON.stringify(headerText(name))} <${address}>`
}

/** Errors: https://resend.com/docs/api-reference/errors */
function outcome(called: Called, now: number): SendOutcome {
  if (called.kind !== 'answered')
    return { kind: 'unknown', code: called.kind === 'timeout' ? 'timeout' : 'connection_lost' }
  const { status, headers, json } = called
  const { id, name } = (json ?? {}) as { id?: unknown; name?: unknown }
  if (status >= 200 && status < 300) {
    return typeof id === 'string'
      ? { kind: 'accepted', providerId: id }
      : { kind: 'unknown', code: 'unreadable_answer' }
  }
  const code = typeof name === 'string' && /^[a-z_]{1,64}$/.test(name) ? name : `http_${status}`
  if (code.includes('quota') || code === 'invalid_from_address') return { kind: 'misconfigured', code }
  switch (status) {
    case 400:
    case 413:
    case 422:
    case 451:
      return { kind: 'rejected', code }
    case 409:
      return conflict(code, retryAfterMs(headers, now))
    case 429:
      return { kind: 'throttled', code, retryAfterMs: retryAfterMs(headers, now) }
    case 408:
    case 425:
      return { kind: 'unavailable', code }
    default:
      return { kind: status >= 500 ? 'unavailable' : 'misconfigured', code }
  }
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
