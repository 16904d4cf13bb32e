// Mailgun v3, over fetch: https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages
import { fromBase64 } from '../bytes.ts'
import { call, headerText, retryAfterMs } from '../net/call.ts'
import type { Outgoing, Provider } from '../ports/provider.ts'
import { ANSWER_BYTES_MAX } from '../rules/numbers.ts'
import { key, word } from '../settings/keys.ts'
import { optional } from '../settings/readers.ts'
import { apiUrl, domainName } from '../settings/urls.ts'
import { outcomeOf, type Reading } from './answer.ts'
import { nameAddr } from './headers.ts'
import { vendor } from './vendor.ts'

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

const SETTINGS = {
  MAILGUN_API_KEY: optional(key('a Mailgun API key')),
  MAILGUN_DOMAIN: optional(domainName),
  MAILGUN_BASE_URL: optional(apiUrl('/v3')),
  MAILGUN_SIGNING_KEY: optional(word),
}

export const mailgun = vendor({
  name: 'mailgun',
  settings: SETTINGS,
  together: ['MAILGUN_API_KEY', 'MAILGUN_DOMAIN'],
  reportsWith: 'MAILGUN_SIGNING_KEY',
  ready: ({ MAILGUN_API_KEY }) => MAILGUN_API_KEY !== undefined,
  make: ({ MAILGUN_API_KEY = '', MAILGUN_DOMAIN = '', MAILGUN_BASE_URL, MAILGUN_SIGNING_KEY }, { now }) =>
    mailgunProvider({
      apiKey: MAILGUN_API_KEY,
      domain: MAILGUN_DOMAIN,
      baseUrl: MAILGUN_BASE_URL,
      reports: MAILGUN_SIGNING_KEY !== undefined,
      now,
    }),
})

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
      const answer = await call({ url, method: 'POST', headers, body }, { timeoutMs, maxBytes: ANSWER_BYTES_MAX })
      return outcomeOf(answer, READING, now())
    },
  }
}

/** null when an attachment is not base64. */
function form(outgoing: Outgoing): FormData | null {
  const fields = new FormData()
  fields.set('from', nameAddr(outgoing.from))
  fields.set('to', nameAddr(outgoing.to))
  if (outgoing.replyTo) fields.set('h:Reply-To', nameAddr(outgoing.replyTo))
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

/** Errors carry a sentence or plain text, no codes. */
const READING: Reading = {
  taken({ json }) {
    const { id } = (json ?? {}) as { id?: unknown }
    // Webhooks name the message without the brackets.
    return typeof id === 'string' ? { providerId: id.replace(/^<|>$/g, '') } : null
  },
  code({ json }) {
    const { message } = (json ?? {}) as { message?: unknown }
    const text = String(message)
    if (/^'?to'? parameter is not a valid address/.test(text)) return 'address_refused'
    return /domain is unverified|domain not found|sandbox subdomain/i.test(text) ? 'sender_domain_not_verified' : null
  },
  waitMs: ({ headers }, now) => retryAfterMs(headers, now) ?? THROTTLED_MS,
  peculiar: (code, { status }) => (status === 422 || status === 451 ? { kind: 'misconfigured', code } : null),
}
