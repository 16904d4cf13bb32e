// Mailgun v3, over fetch: https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages
import { fromBase64 } from '../bytes.ts'
import { type Called, call, headerText, retryAfterMs } from '../net/call.ts'
import type { SendOutcome } from '../ports/message.ts'
import type { Mailbox, Outgoing, Provider } from '../ports/provider.ts'

const ANSWER_BYTES_MAX = 64 * 1024
/** For a 429 that does not say. */
const THROTTLED_MS = 5_000

export interface MailgunConfig {
  apiKey: string
  domain: string
  /** `https://api.eu.mailgun.net` for EU domains: the wrong region looks like a wrong key. */
  baseUrl?: string | undefined
  /** True when the signing key is set. */
  reports: boolean
  now?: () => number
}

export function mailgunProvider(config: MailgunConfig): Provider {
  const { apiKey, domain, baseUrl = 'https://api.mailgun.net', reports, now = Date.now } = config
  const url = `${baseUrl}/v3/${encodeURIComponent(domain)}/messages`
  const headers = { Authorization: `Basic ${btoa(`api:${apiKey}`)}`, Accept: 'application/json' }
  return {
    name: 'mailgun',
    channel: 'email',
    keyed: false,
    reports,
    async send(outgoing, timeoutMs) {
      const body = form(outgoing)
      if (body === null) return { kind: 'rejected', code: 'invalid_attachment' }
      return outcome(
        await call({ url, method: 'POST', headers, body }, { timeoutMs, maxBytes: ANSWER_BYTES_MAX }),
        now(),
      )
    },
  }
}

/** null when an attachment is not base64. */
function form(outgoing: Outgoing): FormData | null {
  const fields = new FormData()
  fields.set('from', mailbox(outgoing.from))
  fields.set('to', mailbox(outgoing.to))
  if (outgoing.replyTo) fields.set('h:Reply-To', mailbox(outgoing.replyTo))
  fields.set('subject', headerText(outgoing.subject))
  fields.set('text', outgoing.text)
  fields.set('html', outgoing.html)
  for (const [name, value] of Object.entries(outgoing.headers)) fields.set(`h:${name}`, headerText(value))
  // Comes back as event-data.user-variables.posta_mid.
  fields.set('v:posta_mid', outgoing.messageId)
  // Rewritten links would send codes and reset tokens through a third party.
  for (const option of ['o:tracking', 'o:tracking-clicks', 'o:tracking-opens']) fields.set(option, 'no')
  for (const { filename, contentType, content, contentId } of outgoing.attachments) {
    const bytes = fromBase64(content)
    if (bytes === null) return null
    const file = new Blob([bytes], { type: contentType })
    // The file name of an inline part is its content id.
    if (contentId === null) fields.append('attachment', file, headerText(filename))
    else fields.append('inline', file, headerText(contentId))
  }
  return fields
}

/** RFC 5322 name-addr; JSON escapes quotes and backslashes the same way. */
function mailbox({ name, address }: Mailbox): string {
  return name === null ? address : `${JSON.stringify(headerText(name))} <${address}>`
}

/** Errors carry a sentence or plain text, no codes. */
function outcome(called: Called, now: number): SendOutcome {
  if (called.kind !== 'answered')
    return { kind: 'unknown', code: called.kind === 'timeout' ? 'timeout' : 'connection_lost' }
  const { status, headers, json } = called
  if (status >= 200 && status < 300) {
    const { id } = (json ?? {}) as { id?: unknown }
    // Webhooks name the message without the brackets.
    if (typeof id === 'string') return { kind: 'accepted', providerId: id.replace(/^<|>$/g, '') }
    return { kind: 'unknown', code: 'unreadable_answer' }
  }
  const code = `http_${status}`
  switch (status) {
    case 400:
    case 413:
      return { kind: 'rejected', code }
    case 429:
      return { kind: 'throttled', code, retryAfterMs: retryAfterMs(headers, now) ?? THROTTLED_MS }
    case 408:
    case 425:
      return { kind: 'unavailable', code }
    default:
      return { kind: status >= 500 ? 'unavailable' : 'misconfigured', code }
  }
}
