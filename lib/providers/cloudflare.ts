// Cloudflare Email Service, by its binding: https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
import { headerText } from '../net/call.ts'
import type { SendOutcome } from '../ports/message.ts'
import type { Mailbox, Outgoing, Provider } from '../ports/provider.ts'
import { binding } from '../settings/readers.ts'
import { extraHeaders } from './headers.ts'
import { vendor } from './vendor.ts'

/** The form of the platform's `SendEmail` that takes fields instead of raw MIME. */
export interface EmailBinding {
  send(mail: EmailMessageBuilder): Promise<EmailSendResult>
}

const SETTINGS = {
  EMAIL: binding(
    (bound: object): bound is EmailBinding => 'send' in bound && typeof bound.send === 'function',
    'must be a send_email binding',
  ),
}

/** Uncommenting `[[send_email]]` in wrangler.toml is the switch: there is no key. It knows no idempotency key and reports nothing. */
export const cloudflare = vendor({
  name: 'cloudflare',
  settings: SETTINGS,
  ready: ({ EMAIL }) => EMAIL !== undefined,
  make({ EMAIL }) {
    if (!EMAIL) throw new Error('cloudflare: no binding')
    return cloudflareProvider(EMAIL)
  },
})

export function cloudflareProvider(email: EmailBinding): Provider {
  return {
    name: 'cloudflare',
    channel: 'email',
    keyed: false,
    reports: false,
    async send(outgoing, timeoutMs) {
      let answer: ReturnType<EmailBinding['send']>
      try {
        answer = email.send(mail(outgoing))
      } catch (error) {
        // Thrown, not rejected: the platform did not take the call, so nothing left.
        return codeOf(error) === null ? { kind: 'unavailable', code: 'not_sent' } : refused(error)
      }
      return within(timeoutMs, answer.then(accepted, refused))
    },
  }
}

/** The binding has no time-out of its own, and what it does after ours nobody sees. */
function within(ms: number, sent: Promise<SendOutcome>): Promise<SendOutcome> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'unknown', code: 'timeout' }), ms)
    void sent.then((outcome) => {
      clearTimeout(timer)
      resolve(outcome)
    })
  })
}

function mail(outgoing: Outgoing): EmailMessageBuilder {
  const { from, to, replyTo, subject, html, text, attachments } = outgoing
  return {
    from: mailbox(from),
    to: mailbox(to),
    ...(replyTo && { replyTo: mailbox(replyTo) }),
    subject: headerText(subject),
    html,
    text,
    headers: extraHeaders(outgoing),
    attachments: attachments.map(({ filename, contentType, content, contentId }) => ({
      filename: headerText(filename),
      type: headerText(contentType),
      content,
      ...(contentId === null
        ? { disposition: 'attachment' }
        : { disposition: 'inline', contentId: headerText(contentId) }),
    })),
  }
}

const mailbox = ({ name, address }: Mailbox): string | EmailAddress =>
  name === null ? address : { name: headerText(name), email: address }

const accepted = (answer: { messageId?: unknown } | undefined): SendOutcome =>
  typeof answer?.messageId === 'string'
    ? { kind: 'accepted', providerId: answer.messageId.replace(/^<|>$/g, '') }
    : { kind: 'unknown', code: 'unreadable_answer' }

/** This mail will never pass: its content, its headers, or its recipient. */
const REJECTS = new Set([
  'validation_error',
  'field_missing',
  'too_many_recipients',
  'too_many_attachments',
  'content_too_large',
  'recipient_suppressed',
  'header_not_allowed',
  'header_use_api_field',
  'header_value_invalid',
  'header_value_too_long',
  'header_name_invalid',
  'headers_too_large',
  'headers_too_many',
])
/** It took nothing and may take it later. */
const LATER = new Set(['delivery_failed', 'internal_server_error'])

/** Without a code of theirs nobody knows how far it came. */
function refused(error: unknown): SendOutcome {
  const code = codeOf(error)
  if (code === null) return { kind: 'unknown', code: 'connection_lost' }
  if (REJECTS.has(code)) return { kind: 'rejected', code }
  if (LATER.has(code)) return { kind: 'unavailable', code }
  if (code === 'rate_limit_exceeded') return { kind: 'throttled', code, retryAfterMs: null }
  // Our domain, our quota, the binding's own allow-list, or a word they add one day: another provider may take it.
  return { kind: 'misconfigured', code }
}

/** Errors carry `code`: https://developers.cloudflare.com/email-service/api/send-emails/workers-api/#error-codes */
function codeOf(error: unknown): string | null {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown }
  return typeof code === 'string' && /^E_[A-Z_]{1,60}$/.test(code) ? code.slice(2).toLowerCase() : null
}
