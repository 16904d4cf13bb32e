// /v1/messages as a product uses it: sent at once, once, and refused with everything that is wrong.
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { DAY, HOUR, iso, note, type Problem, productOf, reminder } from '../../fakes/messages-kit.ts'
import { type Service, service } from '../../fakes/service.ts'

let posta: Service
beforeAll(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
beforeEach(() => {
  posta = service({ TIME_ZONE: 'America/Bogota', CURRENCY: 'COP', REGION: 'CO' })
})

const { list, send, shown } = productOf(() => posta)

const refused = async (body: object) => {
  const { status, body: problem } = await posta.post<Problem>('/v1/messages', body)
  expect(status).toBe(422)
  return problem
}

/** As the cinema system sends it. */
const PURCHASE = {
  to: 'luis@example.com',
  subject: 'Confirmación de Compra - Cine',
  template: 'confirmacion_compra',
  data: {
    transaccion_id: 'TRANS123',
    numero_factura: 'CIN-20241201120000-ABC12345',
    fecha_compra: '2024-12-01T12:00:00',
    asientos: ['A1', 'A2'],
    total: 45000,
    metodo_pago: 'tarjeta',
    estado: 'pagado',
    codigo_qr: 'QR-TRANS123',
    interno: 'x',
  },
  priority: 'high',
  timestamp: '2024-12-01T12:00:00',
}

describe('a message', () => {
  it('leaves at once, and its record keeps what its caller said of it', async () => {
    const sent = await send(note({ reference: 'order-1', metadata: { plan: 'pro' } }), { Prefer: 'wait=5' })
    expect(sent.status).toBe(202)
    expect(sent.headers.get('Preference-Applied')).toBe('wait=5')
    const [one] = sent.body.messages
    expect(one).toMatchObject({ channel: 'email', status: 'sent' })
    expect(await shown(one!.id)).toMatchObject({
      template: 'note',
      status: 'sent',
      to_masked: 'a…@e….com',
      reference: 'order-1',
      metadata: { plan: 'pro' },
      attempts: [{ provider: 'inbox', outcome: 'accepted' }],
      events: [{ type: 'queued' }, { type: 'sent' }],
    })
    const [mail] = await posta.inbox('ana@example.com')
    expect(mail?.text).toContain('Hi')
    expect(JSON.stringify(mail)).not.toContain('order-1')
    expect(JSON.stringify(mail)).not.toContain('pro"')
  })

  it('of the cinema system is taken as it is: subject, names of its own, fields that nobody knows', async () => {
    const sent = await send(PURCHASE)
    await posta.settled()
    expect(await shown(sent.body.messages[0]!.id)).toMatchObject({ template: 'purchase-confirmed', priority: 'high' })
    const [mail] = await posta.inbox('luis@example.com')
    expect(mail?.subject).toBe(PURCHASE.subject)
    expect(mail?.text).toContain('CIN-20241201120000-ABC12345')
    expect(mail?.attachments).toHaveLength(1)
  })

  it('is refused with everything that is wrong, and changes nothing', async () => {
    const wrong = { ...PURCHASE, to: { email: 'no' }, priority: 'now', data: { asientos: [], total: -1, interno: 'x' } }
    const { code, errors } = await refused(wrong)
    expect(code).toBe('invalid_request')
    expect(errors.map(({ path, code }) => `${path} ${code}`).toSorted()).toEqual([
      'data.asientos too_few',
      'data.interno unknown',
      'data.numero_factura required',
      'data.total not_amount',
      'priority not_listed',
      'to.email not_email',
    ])
    expect((await list('')).messages).toEqual([])
  })

  it.each<[string, object, string, string]>([
    ['a list of people', { to: ['a@b.co', 'c@d.co'] }, 'to', 'use_batch'],
    ['a plain address that is none', { to: 'nobody' }, 'to', 'not_email'],
    ['nobody', { to: {} }, 'to', 'required'],
    ['an unknown account', { to: { user_id: 'usr_nobody' } }, 'to.user_id', 'no_user'],
    ['a name of two lines', { to: { email: 'a@b.co', name: 'A\nB' } }, 'to.name', 'control_characters'],
    ['an unknown template', { template: 'nothing' }, 'template', 'not_listed'],
    ['an unknown provider', { provider: 'pigeon' }, 'provider', 'not_listed'],
    ['a channel the template has not', { channels: ['whatsapp'] }, 'channels', 'not_listed'],
    [
      'a channel nobody has set up',
      { channels: ['sms'], to: { phone: '+573001112233' } },
      'channels',
      'not_configured',
    ],
    ['a time without a zone', { send_at: '2030-01-01T10:00:00' }, 'send_at', 'not_instant'],
    ['a time ten years ahead', { send_at: iso(Date.now() + 3_700 * DAY) }, 'send_at', 'too_far_ahead'],
    [
      'a time behind its end',
      { send_at: iso(Date.now() + 2 * DAY), expires_at: iso(Date.now() + DAY) },
      'send_at',
      'not_before_end',
    ],
    ['an end that has passed', { expires_at: iso(Date.now() - DAY) }, 'expires_at', 'not_before_end'],
    ['a lead before nothing', { lead: 'PT3H' }, 'lead', 'unknown'],
    ['a duration that is none', { lead: '3 hours' }, 'lead', 'not_duration'],
    ['a class of codes', { class: 'security' }, 'class', 'not_listed'],
    [
      'eleven words of metadata',
      { metadata: Object.fromEntries([...'abcdefghijk'].map((k) => [k, ''])) },
      'metadata',
      'too_many',
    ],
    ['metadata with a number', { metadata: { a: 1 } }, 'metadata.a', 'wrong_type'],
    ['a subject of two lines', { subject: 'a\r\nBcc: x@y.z' }, 'subject', 'control_characters'],
    ['a reference without an end', { reference: 'x'.repeat(129) }, 'reference', 'too_long'],
    [
      'an attachment that is no base64',
      { attachments: [{ filename: 'a', content_type: 'a/b', content: '!' }] },
      'attachments.0.content',
      'not_base64',
    ],
    [
      'an attachment of no type',
      { attachments: [{ filename: 'a', content_type: 'pdf', content: '' }] },
      'attachments.0.content_type',
      'not_media_type',
    ],
    [
      'too many bytes',
      { attachments: [{ filename: 'a', content_type: 'a/b', content: 'A'.repeat(1_500_000) }] },
      'attachments',
      'too_many_bytes',
    ],
  ])('for %s is refused', async (_, more, path, code) => {
    expect((await refused(note(more))).errors).toMatchObject([{ path, code }])
  })

  it('that only the service sends, or that nobody needs any more, is refused by its own name', async () => {
    const code = {
      template: 'verification-code',
      to: { email: 'a@b.co' },
      data: { code: '123456', purpose: 'login', minutes: 10 },
    }
    expect(await refused(code)).toMatchObject({ code: 'template_not_sendable' })
    const over = reminder(posta.now() - 20 * DAY)
    expect(await refused(over)).toMatchObject({ code: 'already_over' })
  })

  it('carries what is attached, also when it leaves later', async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    const content = Buffer.from(bytes).toString('base64')
    const attachments = [{ filename: 'a.bin', content_type: 'application/octet-stream', content }]
    await send(note({ attachments, send_at: iso(posta.now() + HOUR) }))
    posta.pass(HOUR)
    await posta.work()
    const [mail] = await posta.inbox('ana@example.com')
    expect(mail?.attachments).toMatchObject([{ filename: 'a.bin', content }])
  })

  it('of a key is sent once, however often it is asked for, and never with another body', async () => {
    const once = { 'Idempotency-Key': 'k1' }
    const first = await send(note(), once)
    await posta.settled()
    const again = await send(note(), once)
    expect(again.status).toBe(202)
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect(again.body.messages).toMatchObject([{ id: first.body.messages[0]!.id, status: 'sent' }])
    const other = await posta.post<Problem>('/v1/messages', note({ data: { text: 'Other' } }), once)
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch'])
    expect(await posta.inbox('ana@example.com')).toHaveLength(1)
  })

  it('to one person is one of thirty an hour', async () => {
    for (let n = 0; n < 30; n++) expect((await send(note({ send_at: iso(posta.now() + DAY) }))).status).toBe(202)
    const { status, body, headers } = await posta.post<Problem>('/v1/messages', note())
    expect([status, body.code]).toEqual([429, 'too_many_sends'])
    expect(Number(headers.get('Retry-After'))).toBeGreaterThan(3_000)
  })
})
