// Each mail adapter against its vendor over real HTTP: what it says, and what it makes of every answer.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { call, headerText } from '../../../lib/net/call.ts'
import type { SendOutcome } from '../../../lib/ports/message.ts'
import type { Outgoing, Provider } from '../../../lib/ports/provider.ts'
import { consoleProvider } from '../../../lib/providers/console.ts'
import { mailgunProvider } from '../../../lib/providers/mailgun.ts'
import { resendProvider } from '../../../lib/providers/resend.ts'
import { sendgridProvider } from '../../../lib/providers/sendgrid.ts'
import manifest from '../../../package.json' with { type: 'json' }
import { type Answer, type MailVendors, type Mode, startMailVendors, type Vendor } from '../../fakes/mail-vendors.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const now = () => NOW
const PNG = 'iVBORw0KGgo='

const outgoing: Outgoing = {
  messageId: 'msg_1',
  key: 'msg_1.0.resend',
  from: { address: 'no-reply@mail.test', name: 'Ana "la jefa" \\ (via posta)' },
  replyTo: { address: 'ana@cine.test', name: null },
  to: { address: 'luis@cine.test', name: 'Núñez, Luis' },
  subject: 'Tu código – 1',
  html: '<p>Hola ñ</p>',
  text: 'Hola ñ',
  headers: { 'List-Unsubscribe': '<https://posta.test/u/secret>' },
  attachments: [
    { filename: 'qr.png', contentType: 'image/png', content: PNG, contentId: 'qr.png' },
    { filename: 'factura.pdf', contentType: 'application/pdf', content: 'JVBERg==', contentId: null },
  ],
}

let vendors: MailVendors
let providers: Record<Vendor, Provider>

function providersAt(url: string): Record<Vendor, Provider> {
  return {
    resend: resendProvider({ apiKey: 're_test', baseUrl: `${url}/resend`, reports: true, now }),
    sendgrid: sendgridProvider({ apiKey: 'SG.test', baseUrl: `${url}/sendgrid`, reports: true, now }),
    mailgun: mailgunProvider({ apiKey: 'test', domain: 'mg.test', baseUrl: `${url}/mailgun`, reports: false, now }),
  }
}

beforeAll(async () => {
  vendors = await startMailVendors()
  providers = providersAt(vendors.url)
})
beforeEach(() => {
  vendors.reset()
  vi.spyOn(console, 'warn')
})
// Whatever a vendor says: the SendGrid SDK warns about keys that do not start as its own do.
afterEach(() => expect(console.warn).not.toHaveBeenCalled())
afterAll(() => vendors.close())

const VENDORS: Vendor[] = ['resend', 'sendgrid', 'mailgun']
const send = (vendor: Vendor, changes: Partial<Outgoing> = {}, timeoutMs = 2_000) =>
  providers[vendor].send({ ...outgoing, ...changes }, timeoutMs)

const unknown = (code: string): SendOutcome => ({ kind: 'unknown', code })
const throttled = (code: string, ms: number | null): SendOutcome => ({ kind: 'throttled', code, retryAfterMs: ms })
const accepted: SendOutcome = { kind: 'accepted', providerId: null }

type Definite = 'rejected' | 'misconfigured' | 'unavailable'
type Row = [Vendor, Mode, SendOutcome]

const bare = (status: number, headers = {}): Answer => ({ status, headers, body: { message: 'x' } })
const named = (status: number, name: string): Answer => ({ status, body: { statusCode: status, name, message: 'x' } })
const resetIn = (seconds: number) => bare(429, { 'X-RateLimit-Reset': String(NOW / 1_000 + seconds) })
const after = (value: string) => bare(429, { 'Retry-After': value })

const statuses = (vendor: Vendor, kind: Definite, list: number[]) =>
  list.map((status): Row => [vendor, bare(status), { kind, code: `http_${status}` }])
const resend = (kind: Definite, status: number, names: string) =>
  names.split(' ').map((name): Row => ['resend', named(status, name), { kind, code: name }])

/** What every adapter makes of an answer that needs no vendor's words. */
const common = (vendor: Vendor): Row[] => [
  ...statuses(vendor, 'unavailable', [408, 425, 500, 502, 503, 504]),
  ...statuses(vendor, 'misconfigured', [401, 402, 403, 404, 405, 406, 418]),
  ...statuses(vendor, 'rejected', [400, 413]),
  [vendor, 'html502', { kind: 'unavailable', code: 'http_502' }],
  [vendor, bare(307, { Location: '/accepted' }), { kind: 'misconfigured', code: 'http_307' }],
  [vendor, 'error503_bare', { kind: 'unavailable', code: 'http_503' }],
  [vendor, { status: 200, body: '<h1>Welcome to nginx</h1>' }, unknown('unreadable_answer')],
  [vendor, 'refuse', unknown('connection_lost')],
  [vendor, 'lose_answer', unknown('connection_lost')],
]

const answers: Row[] = [
  ...VENDORS.flatMap(common),
  ...resend('unavailable', 500, 'application_error internal_server_error'),
  ...resend('unavailable', 503, 'service_unavailable'),
  ...resend('rejected', 400, 'validation_error invalid_idempotency_key'),
  ...resend('rejected', 422, 'validation_error invalid_attachment invalid_parameter missing_required_field'),
  ...resend('rejected', 422, 'missing_required_parameter invalid_access invalid_region'),
  ...resend('rejected', 451, 'security_error'),
  ...resend('misconfigured', 422, 'invalid_from_address'),
  ...resend('misconfigured', 401, 'missing_api_key restricted_api_key'),
  ...resend('misconfigured', 403, 'invalid_api_key suspended_api_key invalid_permission'),
  ...resend('misconfigured', 404, 'not_found'),
  ...resend('misconfigured', 405, 'method_not_allowed'),
  ...resend('misconfigured', 429, 'daily_quota_exceeded monthly_quota_exceeded'),
  ['resend', 'throttle', throttled('rate_limit_exceeded', 1_000)],
  ['resend', 'throttle_bare', throttled('rate_limit_exceeded', null)],
  ['resend', named(409, 'invalid_idempotent_request'), accepted],
  ['resend', named(409, 'concurrent_idempotent_requests'), unknown('concurrent_idempotent_requests')],
  ['resend', named(409, 'resource_locked'), throttled('resource_locked', null)],
  ['resend', bare(409), unknown('http_409')],
  ['resend', named(422, 'Ana <ana@cine.test> is bad'), { kind: 'rejected', code: 'http_422' }],
  ...statuses('sendgrid', 'misconfigured', [451]),
  ['sendgrid', 'unauthorized', { kind: 'misconfigured', code: 'http_401' }],
  ['sendgrid', { status: 202 }, accepted],
  ['sendgrid', resetIn(3), throttled('http_429', 3_000)],
  ['sendgrid', resetIn(-3), throttled('http_429', 0)],
  ['sendgrid', resetIn(9_999_999), throttled('http_429', 3_600_000)],
  ['sendgrid', 'throttle_bare', throttled('http_429', null)],
  ['mailgun', 'unauthorized', { kind: 'misconfigured', code: 'http_401' }],
  ['mailgun', 'throttle', throttled('http_429', 1_000)],
  ['mailgun', 'throttle_bare', throttled('http_429', 5_000)],
  ['mailgun', after('Sun, 22 Nov 2026 10:00:09 GMT'), throttled('http_429', 9_000)],
  ['mailgun', after('Sun, 22 Nov 2026 09:00:00 GMT'), throttled('http_429', 0)],
  ['mailgun', after('999999999'), throttled('http_429', 3_600_000)],
  ...['-5', 'soon', 'soon GMT'].map((odd): Row => ['mailgun', after(odd), throttled('http_429', 5_000)]),
]

describe('a provider', () => {
  it.each(answers)('%s answers %j → %j', async (vendor, mode, expected) => {
    vendors.mode(vendor, mode)
    expect(await send(vendor)).toEqual(expected)
  })

  it.each(VENDORS)('%s takes a good mail under its own id', async (vendor) => {
    const outcome = await send(vendor)
    const [mail] = vendors.accepted()
    expect(outcome).toEqual({ kind: 'accepted', providerId: mail?.id.replace(/[<>]/g, '') })
    expect(mail).toMatchObject({ vendor, to: 'luis@cine.test', subject: outgoing.subject, messageId: 'msg_1' })
    expect(mail).toMatchObject({ text: outgoing.text, html: outgoing.html })
    expect(mail?.headers).toMatchObject(outgoing.headers)
    expect(mail?.attachments).toEqual(outgoing.attachments)
  })

  it.each(VENDORS)('%s that hangs is given up after timeoutMs', async (vendor) => {
    await send(vendor)
    vendors.mode(vendor, 'hang')
    const started = performance.now()
    expect(await send(vendor, {}, 150)).toEqual(unknown('timeout'))
    expect(performance.now() - started).toBeGreaterThan(140)
    expect(performance.now() - started).toBeLessThan(600)
  })

  it.each(VENDORS)('%s behind a closed port looks like a lost answer', async (vendor) => {
    const closed = await startMailVendors()
    await closed.close()
    expect(await providersAt(closed.url)[vendor].send(outgoing, 2_000)).toEqual(unknown('connection_lost'))
  })

  it.each(VENDORS)('%s lets no line break out of a name, a subject or a header', async (vendor) => {
    const evil = 'x\r\nBcc: eve@evil.test\u2028y'
    const clean = headerText(evil)
    const headers = { 'List-Unsubscribe': evil }
    const from = { address: 'no-reply@mail.test', name: evil }
    const to = { address: 'luis@cine.test', name: evil }
    const attachments = [{ filename: evil, contentType: evil, content: PNG, contentId: evil }]
    expect((await send(vendor, { from, to, subject: evil, headers, attachments })).kind).toBe('accepted')
    const [request] = vendors.requests()
    expect(request?.body).not.toMatch(/(\r|\n|\\r|\\n|%0d|%0a|\u2028)Bcc/i)
    expect(vendors.accepted()[0]).toMatchObject({ subject: clean, headers: { 'List-Unsubscribe': clean } })
  })

  it.each(VENDORS)('%s sends bare addresses and no empty lists', async (vendor) => {
    const plain = { address: 'a@b.test', name: null }
    const outcome = await send(vendor, { from: plain, to: plain, replyTo: null, headers: {}, attachments: [] })
    expect(outcome.kind).toBe('accepted')
    expect(vendors.requests()[0]?.body).not.toMatch(/attachments|reply|"name":(null|"")|< *a@b/i)
  })
})

/** Headers the runtime adds by itself; what is left was said by the adapter. */
const RUNTIME = ['host', 'connection', 'accept-language', 'sec-fetch-mode', 'accept-encoding', 'content-length']
const FROM = '"Ana \\"la jefa\\" \\\\ (via posta)" <no-reply@mail.test>'
const json = { 'content-type': 'application/json' }
const multipart = { 'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/) }

describe('the request as the vendor receives it', () => {
  it.each([
    ['/resend/emails', { ...json, accept: '*/*', authorization: 'Bearer re_test', 'idempotency-key': outgoing.key }],
    // No List-Unsubscribe: the SDK would have copied it here.
    ['/sendgrid/v3/mail/send', { ...json, accept: 'application/json', authorization: 'Bearer SG.test' }],
    ['/mailgun/v3/mg.test/messages', { ...multipart, accept: 'application/json', authorization: 'Basic YXBpOnRlc3Q=' }],
  ])('%s has these headers and no other', async (path, expected) => {
    await send(path.split('/')[1] as Vendor)
    const request = vendors.requests()[0]!
    for (const name of RUNTIME) delete request.headers[name]
    expect(request).toMatchObject({ method: 'POST', path })
    expect(request.headers).toEqual({ ...expected, 'user-agent': `posta/${manifest.version}` })
  })

  it("has Resend's body", async () => {
    await send('resend')
    expect(JSON.parse(vendors.requests()[0]!.body)).toEqual({
      from: FROM,
      to: '"Núñez, Luis" <luis@cine.test>',
      reply_to: 'ana@cine.test',
      subject: outgoing.subject,
      html: outgoing.html,
      text: outgoing.text,
      headers: outgoing.headers,
      tags: [{ name: 'posta_mid', value: 'msg_1' }],
      attachments: [
        { filename: 'qr.png', content_type: 'image/png', content: PNG, content_id: 'qr.png' },
        { filename: 'factura.pdf', content_type: 'application/pdf', content: 'JVBERg==' },
      ],
    })
  })

  it("has SendGrid's body: text first, content_id, tracking off", async () => {
    await send('sendgrid')
    expect(JSON.parse(vendors.requests()[0]!.body)).toEqual({
      personalizations: [{ to: [{ email: 'luis@cine.test', name: 'Núñez, Luis' }], headers: outgoing.headers }],
      from: { email: 'no-reply@mail.test', name: outgoing.from.name },
      reply_to: { email: 'ana@cine.test' },
      subject: outgoing.subject,
      content: [
        { type: 'text/plain', value: outgoing.text },
        { type: 'text/html', value: outgoing.html },
      ],
      custom_args: { posta_mid: 'msg_1' },
      tracking_settings: { click_tracking: { enable: false, enable_text: false }, open_tracking: { enable: false } },
      attachments: [
        { filename: 'qr.png', type: 'image/png', content: PNG, disposition: 'inline', content_id: 'qr.png' },
        { filename: 'factura.pdf', type: 'application/pdf', content: 'JVBERg==', disposition: 'attachment' },
      ],
    })
  })

  it("has Mailgun's form", async () => {
    await send('mailgun')
    const { body, headers } = vendors.requests()[0]!
    const form = await new Response(body, { headers: { 'Content-Type': headers['content-type']! } }).formData()
    const fields = [...form].map(([name, value]) => [name, typeof value === 'string' ? value : value.name])
    expect(Object.fromEntries(fields)).toEqual({
      from: FROM,
      to: '"Núñez, Luis" <luis@cine.test>',
      'h:Reply-To': 'ana@cine.test',
      subject: outgoing.subject,
      text: outgoing.text,
      html: outgoing.html,
      'h:List-Unsubscribe': '<https://posta.test/u/secret>',
      'v:posta_mid': 'msg_1',
      'o:tracking': 'no',
      'o:tracking-clicks': 'no',
      'o:tracking-opens': 'no',
      inline: 'qr.png',
      attachment: 'factura.pdf',
    })
  })
})

it.each(VENDORS)('%s refuses a wrong key as misconfigured', async (vendor) => {
  const config = { apiKey: vendor === 'mailgun' ? '' : 'odd', domain: 'mg.test', reports: true }
  const make = { resend: resendProvider, sendgrid: sendgridProvider, mailgun: mailgunProvider }[vendor]
  const outcome = await make({ ...config, baseUrl: `${vendors.url}/${vendor}` }).send(outgoing, 1_000)
  expect(outcome.kind).toBe('misconfigured')
})

it('Resend tells a lost answer again under the same key, keeps one copy, and a changed body was taken before', async () => {
  vendors.mode('resend', 'lose_answer', 1)
  expect(await send('resend')).toEqual(unknown('connection_lost'))
  expect(await send('resend')).toEqual({ kind: 'accepted', providerId: vendors.accepted()[0]?.id })
  expect(await send('resend', { text: 'other' })).toEqual(accepted)
  expect(vendors.accepted()).toHaveLength(1)
})

it.each([
  ['stalls', 'half', 5],
  ['is cut', 'half', 5],
  ['floods', 'x'.repeat(1_000_000), 100],
])('a body that %s does not hide its status', async (end, body, maxBytes) => {
  const server = createServer((_, response) => {
    response.writeHead(500)
    response.write(body, () => end === 'is cut' && setTimeout(() => response.destroy(), 20))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const called = await call({ url, method: 'POST', headers: {}, body: 'x' }, { timeoutMs: 150, maxBytes })
  expect(called).toMatchObject({ kind: 'answered', status: 500, body: body.slice(0, maxBytes), json: undefined })
  server.closeAllConnections()
  server.close()
})

it('prints mail to the console without its escape sequences', async () => {
  const lines: string[] = []
  const text = 'code 123\n\u001b[2Jend'
  expect(await consoleProvider((line) => lines.push(line)).send({ ...outgoing, text }, 1)).toEqual(accepted)
  expect(lines).toEqual(['mail msg_1', 'to: luis@cine.test', `subject: ${outgoing.subject}`, '', 'code 123', ' [2Jend'])
})
