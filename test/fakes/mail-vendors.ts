// Resend, SendGrid and Mailgun on one real HTTP server, with the answers their documentation gives.
// From a shell: node test/fakes/mail-vendors.ts --port 9901
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'

export type Vendor = 'resend' | 'sendgrid' | 'mailgun'

/** A fixed answer; a `body` that is no string is sent as JSON. */
export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

/** quota: the account's · reject: this mail's fault. */
type Refusal = 'error500' | 'throttle_bare' | 'unauthorized' | 'quota' | 'reject'
/** refuse: the socket dies before the request is read · hang: never answered · lose_answer: taken, then the socket dies. */
type Loss = 'refuse' | 'hang' | 'lose_answer'
/** An Answer: exactly that, and nothing is taken. */
export type Mode = 'ok' | Loss | Refusal | 'throttle' | 'error503_bare' | 'html502' | Answer

export interface AcceptedMail {
  vendor: Vendor
  id: string
  /** Idempotency-Key, which only Resend honours. */
  key: string | null
  /** The bare address. */
  to: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  /** posta's own id, as a webhook would return it. */
  messageId: string | null
  attachments: { filename: string; contentType: string; contentId: string | null; content: string }[]
  at: number
}

export interface RawRequest {
  vendor: Vendor
  method: string
  path: string
  headers: Record<string, string>
  /** Empty when the socket died before it was read. */
  body: string
  at: number
}

type Mail = Omit<AcceptedMail, 'vendor' | 'id' | 'key' | 'at'>
/** Taken as this mail, or refused with that answer. */
type Judged = Mail | Answer
type Headers = Record<string, string>
type File = Record<'filename' | 'content' | 'type' | 'content_type' | 'content_id' | 'disposition', string | undefined>

const answer = (status: number, body: unknown, type = 'application/json'): Answer => {
  return { status, headers: { 'Content-Type': type }, body }
}
const resendError = (status: number, name: string) =>
  answer(status, { statusCode: status, name, message: `fake ${name}` })
const sendgridError = (status: number, message: string, field: string | null = null) =>
  answer(status, { errors: [{ message, field, help: null }] })
const mailgunError = (status: number, message: string) => answer(status, { message })

const isAddress = (text: unknown) => /^[^\s@<>,]+@[^\s@<>,]+$/.test(String(text))
const bare = (mailbox: unknown) => /<([^<>]*)>\s*$/.exec(String(mailbox))?.[1] ?? String(mailbox)
/** The answer of the first rule that is broken. */
const broken = (rules: [boolean, Answer][]) => rules.find(([isBroken]) => isBroken)?.[1]

function parseJson<T>(body: Buffer): Partial<T> {
  try {
    return JSON.parse(body.toString())
  } catch {
    return {}
  }
}

function copyFiles(list: File[], isInline: (file: File) => boolean): Mail['attachments'] {
  return list.map((file) => ({
    filename: file.filename ?? '',
    contentType: file.type ?? file.content_type ?? '',
    contentId: isInline(file) ? (file.content_id ?? null) : null,
    content: file.content ?? '',
  }))
}

type ResendBody = Pick<Mail, 'subject' | 'text' | 'html' | 'headers'> & { from: string; to: string | string[] } & {
  tags: { name: string; value: string }[]
  attachments: File[]
}

function judgeResend(request: IncomingMessage, body: Buffer): Judged {
  const { authorization = '', 'user-agent': agent, 'idempotency-key': key = 'none' } = request.headers
  const { from, to = '', subject = '', text = '', html = '', headers = {}, ...rest } = parseJson<ResendBody>(body)
  const recipients = [to].flat().map(bare)
  const tags = rest.tags ?? []
  const goodTags = tags.every((tag) => /^[\w-]{1,256}$/.test(tag.name) && /^[\w-]{1,256}$/.test(tag.value))
  const refusal = broken([
    [!agent, answer(403, 'error code: 1010', 'text/plain')],
    [authorization === '', resendError(401, 'missing_api_key')],
    [!authorization.startsWith('Bearer re_'), CANNED.resend.unauthorized],
    [key.length < 1 || key.length > 256, resendError(400, 'invalid_idempotency_key')],
    [!from || !recipients[0] || !subject || !(text || html), resendError(422, 'missing_required_field')],
    [!isAddress(bare(from)), resendError(422, 'invalid_from_address')],
    [!recipients.every(isAddress) || !goodTags, CANNED.resend.reject],
  ])
  const messageId = tags.find((tag) => tag.name === 'posta_mid')?.value ?? null
  const attachments = copyFiles(rest.attachments ?? [], (file) => file.content_id !== undefined)
  return refusal ?? { to: recipients[0] ?? '', subject, text, html, headers, messageId, attachments }
}

/** Header names SendGrid keeps to itself. */
const RESERVED = /^(x-sg-id|x-sg-eid|received|dkim-signature|content-.*|to|from|subject|reply-to|cc|bcc)$/i

type Person = { to?: { email: string }[]; headers?: Headers; custom_args?: Headers }
type SendgridBody = Person & { personalizations: Person[]; from: { email: string }; subject: string } & {
  content: { type: string; value: string }[]
  attachments: File[]
}

function judgeSendgrid(request: IncomingMessage, body: Buffer): Judged {
  const { personalizations, from, subject = '', content = [], ...rest } = parseJson<SendgridBody>(body)
  const person = personalizations?.[0]
  const types = content.map((part) => part.type)
  const [text = '', html = ''] = ['text/plain', 'text/html'].map((type) => content[types.indexOf(type)]?.value)
  const headers = { ...rest.headers, ...person?.headers }
  const to = person?.to?.[0]?.email ?? ''
  const refusal = broken([
    [!request.headers.authorization?.startsWith('Bearer SG.'), CANNED.sendgrid.unauthorized],
    [!request.headers.accept, sendgridError(406, 'Missing Accept header')],
    [!isAddress(to), CANNED.sendgrid.reject],
    [!isAddress(from?.email), sendgridError(400, 'Invalid address', 'from.email')],
    [!subject, sendgridError(400, 'The subject is required.', 'subject')],
    [!content[0] || content.some((part) => !part.value), sendgridError(400, 'Empty content', 'content')],
    [types.lastIndexOf('text/plain') > 0, sendgridError(400, 'text/plain must be first', 'content')],
    [Object.keys(headers).some((name) => RESERVED.test(name)), sendgridError(400, 'Reserved header', 'headers')],
  ])
  const messageId = { ...rest.custom_args, ...person?.custom_args }.posta_mid ?? null
  const attachments = copyFiles(rest.attachments ?? [], (file) => file.disposition === 'inline')
  return refusal ?? { to, subject, text, html, headers, messageId, attachments }
}

async function judgeMailgun(request: IncomingMessage, body: Buffer): Promise<Judged> {
  const [scheme, credentials = ''] = (request.headers.authorization ?? '').split(' ')
  const headers = { 'Content-Type': request.headers['content-type'] ?? '' }
  const form = await new Response(new Uint8Array(body), { headers }).formData().catch(() => new FormData())
  const field = (name: string) => String(form.get(name) ?? '')
  const refusal = broken([
    [scheme !== 'Basic' || !/^api:.+/.test(atob(credentials)), CANNED.mailgun.unauthorized],
    [!isAddress(bare(field('from'))), mailgunError(400, "'from' parameter is not a valid address.")],
    [!isAddress(bare(field('to'))), CANNED.mailgun.reject],
    [!field('text') && !field('html'), mailgunError(400, "Need at least one of 'text' or 'html' parameters specified")],
  ])
  const attachments: Mail['attachments'] = []
  const mailHeaders: Headers = {}
  for (const [name, value] of form) {
    if (name.startsWith('h:')) mailHeaders[name.slice(2)] = String(value)
    if (typeof value === 'string') continue
    const content = Buffer.from(await value.arrayBuffer()).toString('base64')
    const contentId = name === 'inline' ? value.name : null
    attachments.push({ filename: value.name, contentType: value.type, contentId, content })
  }
  const [to, subject, text, html] = [bare(field('to')), field('subject'), field('text'), field('html')]
  return (
    refusal ?? { to, subject, text, html, headers: mailHeaders, messageId: field('v:posta_mid') || null, attachments }
  )
}

const JUDGES = { resend: judgeResend, sendgrid: judgeSendgrid, mailgun: judgeMailgun }

/** What a mode answers without looking at the mail. */
const CANNED: Record<Vendor, Record<'error500' | 'throttle_bare' | 'unauthorized' | 'quota' | 'reject', Answer>> = {
  resend: {
    error500: resendError(500, 'internal_server_error'),
    throttle_bare: resendError(429, 'rate_limit_exceeded'),
    unauthorized: resendError(403, 'invalid_api_key'),
    quota: resendError(429, 'daily_quota_exceeded'),
    reject: resendError(422, 'validation_error'),
  },
  sendgrid: {
    error500: sendgridError(500, 'Internal Server Error'),
    throttle_bare: sendgridError(429, 'too many requests'),
    unauthorized: sendgridError(401, 'The provided authorization grant is invalid, expired, or revoked'),
    quota: sendgridError(401, 'Maximum credits exceeded'),
    reject: sendgridError(400, 'Does not contain a valid address.', 'personalizations.0.to.0.email'),
  },
  mailgun: {
    error500: mailgunError(500, 'Internal Server Error'),
    throttle_bare: mailgunError(429, 'Too Many Requests'),
    unauthorized: answer(401, 'Forbidden', 'text/plain'),
    quota: mailgunError(402, 'Payment Required'),
    reject: mailgunError(400, "'to' parameter is not a valid address. please check documentation"),
  },
}

function cannedAnswer(vendor: Vendor, mode: Mode): Answer | undefined {
  if (typeof mode === 'object') return mode
  if (mode === 'error503_bare') return answer(503, { message: 'down' })
  if (mode === 'html502') return answer(502, '<html><body>502 Bad Gateway</body></html>', 'text/html')
  if (mode !== 'throttle') return (CANNED[vendor] as Partial<Record<string, Answer>>)[mode]
  // SendGrid has no Retry-After: it names the second at which the window ends.
  const reset = { 'X-RateLimit-Reset': String(Math.ceil(Date.now() / 1_000) + 1) }
  return { ...CANNED[vendor].throttle_bare, headers: vendor === 'sendgrid' ? reset : { 'Retry-After': '1' } }
}

function vendorOf(method: string, path: string): Vendor | null {
  if (method !== 'POST') return null
  if (path === '/resend/emails') return 'resend'
  if (path === '/sendgrid/v3/mail/send') return 'sendgrid'
  return /^\/mailgun\/v3\/[^/]+\/messages$/.test(path) ? 'mailgun' : null
}

const read = async (request: IncomingMessage) => Buffer.concat(await request.toArray())

function reply(response: ServerResponse, { status, headers, body = '' }: Answer): void {
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
}

export type MailVendors = Awaited<ReturnType<typeof startMailVendors>>

export async function startMailVendors({ port = 0 }: { port?: number } = {}) {
  const accepted: AcceptedMail[] = []
  const requests: RawRequest[] = []
  const modes = new Map<Vendor, { mode: Mode; left: number }>()
  /** Resend's idempotency: key → what was taken under it. */
  const keys = new Map<string, { body: string; taken: Answer }>()

  /** `times` calls later the vendor is ok again. */
  function mode(vendor: Vendor, mode: Mode, times = Number.POSITIVE_INFINITY): void {
    modes.set(vendor, { mode, left: times })
  }

  function reset(): void {
    accepted.length = 0
    requests.length = 0
    modes.clear()
    keys.clear()
  }

  function take(vendor: Vendor, mail: Mail, key: string | null, { body, path }: RawRequest): Answer {
    const earlier = key === null ? undefined : keys.get(key)
    if (earlier) return earlier.body === body ? earlier.taken : resendError(409, 'invalid_idempotent_request')
    const id = vendor === 'mailgun' ? `<${randomUUID()}@${path.split('/')[3]}>` : randomUUID()
    accepted.push({ vendor, id, key, ...mail, at: Date.now() })
    const taken = answer(200, vendor === 'resend' ? { id } : { id, message: 'Queued. Thank you.' })
    if (key !== null) keys.set(key, { body, taken })
    return vendor === 'sendgrid' ? { status: 202, headers: { 'X-Message-Id': id } } : taken
  }

  async function serve(vendor: Vendor, path: string, request: IncomingMessage, response: ServerResponse) {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const raw: RawRequest = { vendor, method: 'POST', path, headers, body: '', at: Date.now() }
    requests.push(raw)
    const current = modes.get(vendor)
    const mode = current && current.left-- > 0 ? current.mode : 'ok'
    if (mode === 'refuse') return request.socket.destroy()
    const body = await read(request)
    raw.body = body.toString()
    if (mode === 'hang') return
    const judged = cannedAnswer(vendor, mode) ?? (await JUDGES[vendor](request, body))
    if ('status' in judged) return reply(response, judged)
    const key = vendor === 'resend' ? (headers['idempotency-key'] ?? null) : null
    const taken = take(vendor, judged, key, raw)
    return mode === 'lose_answer' ? request.socket.destroy() : reply(response, taken)
  }

  async function route(request: IncomingMessage, response: ServerResponse) {
    const { method = '', url: path = '' } = request
    const vendor = vendorOf(method, path)
    if (vendor) return serve(vendor, path, request, response)
    if (path === '/accepted') return reply(response, answer(200, accepted))
    if (path === '/requests') return reply(response, answer(200, requests))
    if (method !== 'POST') return reply(response, resendError(404, 'not_found'))
    if (path === '/reset') reset()
    if (path === '/mode') {
      const wanted = JSON.parse((await read(request)).toString())
      mode(wanted.vendor, wanted.mode, wanted.times)
    }
    reply(response, { status: path === '/reset' || path === '/mode' ? 204 : 404 })
  }

  const server = createServer((request, response) => {
    // The caller gave up while it was read; nobody is left to answer.
    route(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bound = (server.address() as AddressInfo).port
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  const url = `http://127.0.0.1:${bound}`
  return { url, port: bound, accepted: () => accepted, requests: () => requests, mode, reset, close }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '9901' } } })
  console.log((await startMailVendors({ port: Number(values.port) })).url)
}
