// SendGrid v3, by its SDK: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
import { type Called, call, headerText, waitMs } from '../net/call.ts'
import type { Mailbox, Outgoing, Provider } from '../ports/provider.ts'
import { ANSWER_BYTES_MAX } from '../rules/numbers.ts'
import { key } from '../settings/keys.ts'
import { optional } from '../settings/readers.ts'
import { apiUrl } from '../settings/urls.ts'
import { outcomeOf, type Reading } from './answer.ts'
import { extraHeaders } from './headers.ts'
import { vendor } from './vendor.ts'

export interface SendGridConfig {
  apiKey: string
  /** `https://api.eu.sendgrid.com` for EU subusers. */
  baseUrl?: string | undefined
  /** True when the webhook key is set. */
  reports: boolean
  now?: () => number
}

type Singleton = typeof import('@sendgrid/mail')
type MailData = Exclude<Parameters<Singleton['send']>[0], unknown[]>

/** What the module has and its types hide. `adapter` is axios' own option for another transport. */
interface Sdk {
  MailService: new () => Pick<Singleton, 'setApiKey' | 'send'> & { client: Client }
}

interface Client {
  isValidApiKey(key: string): boolean
  setDefaultRequest(option: 'baseUrl', value: string): void
  setDefaultRequest(option: 'adapter', value: (request: AxiosRequest) => Promise<object>): void
}

interface AxiosRequest {
  baseURL: string
  url: string
  data: string
  headers: { toJSON(): Record<string, string> }
}

const SETTINGS = {
  SENDGRID_API_KEY: optional(key('a SendGrid API key', 'SG.')),
  SENDGRID_BASE_URL: optional(apiUrl('/v3')),
  SENDGRID_WEBHOOK_KEY: optional(key('the public key of the event webhook')),
}

export const sendgrid = vendor({
  name: 'sendgrid',
  settings: SETTINGS,
  reportsWith: 'SENDGRID_WEBHOOK_KEY',
  ready: ({ SENDGRID_API_KEY }) => SENDGRID_API_KEY !== undefined,
  make: ({ SENDGRID_API_KEY = '', SENDGRID_BASE_URL, SENDGRID_WEBHOOK_KEY }, { now }) =>
    sendgridProvider({
      apiKey: SENDGRID_API_KEY,
      baseUrl: SENDGRID_BASE_URL,
      reports: SENDGRID_WEBHOOK_KEY !== undefined,
      now,
    }),
})

export function sendgridProvider(config: SendGridConfig): Provider {
  const { apiKey, baseUrl = 'https://api.sendgrid.com', reports, now = Date.now } = config
  return {
    name: 'sendgrid',
    channel: 'email',
    keyed: false,
    reports,
    async send(outgoing, timeoutMs) {
      let answer = null as Called | null
      try {
        const { MailService } = (await import('@sendgrid/mail')) as unknown as Sdk
        // One service a call: its client keeps key, base URL and transport in itself.
        const service = new MailService()
        const { client } = service
        // Else it warns on the console about keys without the usual prefix.
        client.isValidApiKey = () => true
        // In this order: setApiKey resets the base URL.
        service.setApiKey(apiKey)
        client.setDefaultRequest('baseUrl', `${baseUrl}/`)
        // The SDK builds the request and we carry it: axios keeps time differently in Node and in workerd.
        client.setDefaultRequest('adapter', async (request) => {
          const url = request.baseURL + request.url.replace(/^\//, '')
          const sent = { url, method: 'POST', headers: request.headers.toJSON(), body: request.data }
          answer = await call(sent, { timeoutMs, maxBytes: ANSWER_BYTES_MAX })
          return { status: 202, statusText: '', headers: {}, data: '', config: request }
        })
        await service.send(mail(outgoing))
      } catch {
        // Judged below: without an answer the SDK failed before anything left.
      }
      return outcomeOf(answer, READING, now())
    },
  }
}

function mail(outgoing: Outgoing): MailData {
  const { from, to, replyTo, subject, html, text, attachments, messageId } = outgoing
  return {
    // Headers belong here: the SDK copies those of the whole mail into the HTTP request as well.
    personalizations: [{ to: mailbox(to), headers: extraHeaders(outgoing) }],
    from: mailbox(from),
    ...(replyTo && { replyTo: mailbox(replyTo) }),
    subject: headerText(subject),
    // SendGrid wants text before HTML.
    content: [
      { type: 'text/plain', value: text },
      { type: 'text/html', value: html },
    ],
    attachments: attachments.map(({ filename, contentType, content, contentId }) => ({
      filename: headerText(filename),
      type: headerText(contentType),
      content,
      // `contentId`, as the SDK's type has it, reaches the wire unchanged, where SendGrid does not know it.
      ...(contentId === null
        ? { disposition: 'attachment' }
        : { disposition: 'inline', content_id: headerText(contentId) }),
    })),
    // Comes back as a top-level field of every event.
    customArgs: { posta_mid: messageId },
    // Rewritten links would send codes and reset tokens through a third party.
    trackingSettings: { clickTracking: { enable: false, enableText: false }, openTracking: { enable: false } },
  }
}

function mailbox({ name, address }: Mailbox): { email: string; name?: string } {
  return name === null ? { email: address } : { email: address, name: headerText(name) }
}

/** Errors carry sentences, no codes: https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses */
const READING: Reading = {
  taken({ status, headers }) {
    const providerId = headers.get('X-Message-Id')
    return status === 202 || (status === 200 && providerId !== null) ? { providerId } : null
  },
  code({ json }) {
    const { errors } = (json ?? {}) as { errors?: { message?: unknown; field?: unknown }[] }
    const { message, field } = (Array.isArray(errors) && errors[0]) || {}
    if (/credits exceeded/i.test(String(message))) return 'quota'
    if (/verified sender identity/i.test(String(message))) return 'sender_domain_not_verified'
    return /^personalizations\.\d+\.to\b/.test(String(field)) ? 'address_refused' : null
  },
  waitMs: ({ headers }, now) => resetMs(headers, now),
  // Unlike Resend's, these speak of the request and not of the mail. 401 is a spent quota, too.
  peculiar: (code, { status }) => (status === 422 || status === 451 ? { kind: 'misconfigured', code } : null),
}

/** There is no Retry-After; the reset is in epoch seconds. */
function resetMs(headers: Headers, now: number): number | null {
  const reset = headers.get('X-RateLimit-Reset') ?? ''
  return /^\d+$/.test(reset) ? waitMs(Number(reset) * 1_000, now) : null
}
