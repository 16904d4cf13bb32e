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

export interface CloudflareConfig {
  email: EmailBinding
  sleep?: (ms: number) => Promise<void>
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
    return cloudflareProvider({ email: EMAIL })
  },
})

export function cloudflareProvider({ email, sleep = pause }: CloudflareConfig): Provider {
  return {
    name: 'cloudflare',
    channel: 'email',
    keyed: false,
    reports: false,
    async send(outgoing, timeoutMs) {
      const sent = email.send(mail(outgoing)).then(accepted, refused)
      // The binding has no time-out of its own, and what it does after ours nobody sees.
      return Promise.race([sent, sleep(timeoutMs).then((): SendOutcome => ({ kind: 'unknown', code: 'timeout' }))])
    },
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

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

/** Our domain, our plan or our quota, by the code of the error. */
const OURS = new Set([
  'E_SENDER_NOT_VERIFIED',
  'E_SENDER_DOMAIN_NOT_AVAILABLE',
  'E_DAILY_LIMIT_EXCEEDED',
  // Before the account may mail anybody, or by the binding's own allow-list: another provider will take it.
  'E_RECIPIENT_NOT_ALLOWED',
])
/** It took nothing and may take it later. */
const LATER = new Set(['E_DELIVERY_FAILED', 'E_INTERNAL_SERVER_ERROR'])

/** Errors carry `code`: https://developers.cloudflare.com/email-service/api/send-emails/workers-api/#error-codes */
function refused(error: unknown): SendOutcome {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown }
  // Without a code of theirs nobody knows how far it came.
  if (typeof code !== 'string' || !/^E_[A-Z_]{1,60}$/.test(code)) return { kind: 'unknown', code: 'connection_lost' }
  const word = code.slice(2).toLowerCase()
  if (code === 'E_RATE_LIMIT_EXCEEDED') return { kind: 'throttled', code: word, retryAfterMs: null }
  if (OURS.has(code)) return { kind: 'misconfigured', code: word }
  return { kind: LATER.has(code) ? 'unavailable' : 'rejected', code: word }
}
