// /v1/emails: what it refuses, and the older path to it.
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { KEY, type Person, type Service, service } from '../../fakes/service.ts'

interface Problem {
  code: string
  errors: { path: string; code: string; params?: Record<string, unknown> }[]
}

let posta: Service
let ana: Person
beforeAll(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
beforeEach(async () => {
  posta = service({ EMAIL_PROVIDERS: 'resend,sendgrid' })
  ana = await posta.person({ emailVerified: true })
})

const mail = (more: object = {}) => ({
  to_email: 'luis@example.com',
  subject: 'Hola',
  html_content: '<p>Hola</p>',
  ...more,
})
const fault = (provider: string, mode: string) => posta.post('/dev/faults', { provider, mode, times: 1 })

it.each<[string, object, object]>([
  [
    'an unknown provider, with those there are',
    { provider: 'mailgun' },
    { path: 'provider', code: 'not_listed', params: { values: ['resend', 'sendgrid'] } },
  ],
  ['no address', { to_email: 'luis' }, { path: 'to_email', code: 'not_email' }],
  [
    'a subject that would end its header',
    { subject: 'a\r\nBcc: x@example.com' },
    { path: 'subject', code: 'control_characters' },
  ],
  ['an empty subject', { subject: '  ' }, { path: 'subject', code: 'required' }],
  [
    'more than 100 KiB, counted in bytes',
    { html_content: 'é'.repeat(51_201) },
    { path: 'html_content', code: 'too_many_bytes', params: { max: 102_400 } },
  ],
  [
    'HTML of which nothing is left',
    { html_content: '<script>x()</script>' },
    { path: 'html_content', code: 'nothing_left' },
  ],
])('refuses %s, and keeps nothing', async (_, more, error) => {
  const { status, body } = await ana.post<Problem>('/v1/emails', mail(more))
  expect(status).toBe(422)
  expect(body.errors).toMatchObject([error])
  expect((await posta.get<{ messages: object[] }>('/v1/messages')).body.messages).toEqual([])
})

describe('the older path', () => {
  const enviar = <T = Record<string, unknown>>(more: object = {}) =>
    posta.ask<T>('POST', '/enviar-email', mail(more), ana.headers)

  it('says the same in its own words', async () => {
    expect(await enviar()).toMatchObject({
      status: 200,
      body: {
        exito: true,
        mensaje: 'Correo enviado con resend',
        proveedor_usado: 'resend',
        message_id: expect.any(String),
      },
    })
    await fault('resend', 'refuse')
    expect(await enviar()).toMatchObject({ status: 202, body: { exito: false, proveedor_usado: null } })
    await fault('sendgrid', 'error')
    expect(await enviar({ provider: 'sendgrid', use_fallback: false })).toMatchObject({
      status: 502,
      body: { code: 'not_sent', error: expect.stringContaining('sendgrid: http_500') },
    })
  })

  it('takes a backend too, and nobody without a token', async () => {
    expect((await posta.ask('POST', '/enviar-email', mail())).status).toBe(401)
    expect((await posta.ask('POST', '/enviar-email', mail(), KEY)).status).toBe(200)
  })
})
