// /v1/templates and /v1/messages/preview over the whole pipeline, without a store.
import { describe, expect, it } from 'vitest'
import { createApp } from '../../../functions/http/app.ts'
import { wire } from '../../../lib/wire.ts'
import { holdToDeclared } from '../../e2e/declared.ts'

const app = createApp(() =>
  wire({
    env: {
      POSTA_ENV: 'development',
      APP_NAME: 'Cine Central',
      TIME_ZONE: 'America/Bogota',
      CURRENCY: 'COP',
      REGION: 'CO',
    },
    object: () => {
      throw new Error('no store is needed to look at a mail')
    },
    now: () => 0,
    random: (bytes) => new Uint8Array(bytes),
    sleep: async () => {},
    write: () => {},
    background: () => {},
  }),
)

async function ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await app.request(path, {
    method,
    headers: { Authorization: 'Bearer posta_development', 'Content-Type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const parsed = (await answer.json()) as T
  holdToDeclared(method, path, answer.status, parsed)
  return { status: answer.status, body: parsed }
}

interface Described {
  name: string
  sendable: boolean
  schema: { required?: string[]; properties: Record<string, { 'x-aliases'?: string[] }> }
  sample: Record<string, unknown>
}
interface Preview {
  subject: string
  html: string
  text: string
  sms: string | null
}
interface Problem {
  code: string
  errors: { path: string; code: string; message: string; params?: { values?: string[] } }[]
}

const preview = <T = Preview>(body: unknown, headers?: Record<string, string>) =>
  ask<T>('POST', '/v1/messages/preview', body, headers)

/** The cinema system's own data. */
const PURCHASE = {
  transaccion_id: 'TRANS123',
  numero_factura: 'CIN-20241201120000-ABC12345',
  fecha_compra: '2024-12-01T12:00:00',
  asientos: ['A1', 'A2'],
  total: 45000,
  metodo_pago: 'tarjeta',
  estado: 'pagado',
  fecha_vencimiento: '2024-12-31T23:59:59',
  codigo_qr: 'QR-TRANS123',
}

describe('GET /v1/templates', () => {
  it('describes each, with a sample that its preview takes', async () => {
    const { status, body } = await ask<{ templates: Described[] }>('GET', '/v1/templates')
    expect(status).toBe(200)
    const confirmed = body.templates.find(({ name }) => name === 'purchase-confirmed')
    expect(confirmed).toMatchObject({
      aliases: ['confirmacion_compra'],
      version: 1,
      channels: ['email', 'sms', 'push'],
      sendable: true,
      schema: { type: 'object', required: ['invoice_number', 'seats', 'total'] },
    })
    expect(confirmed?.schema.properties.seats?.['x-aliases']).toEqual(['asientos'])
    expect(body.templates.find(({ name }) => name === 'verification-code')?.sendable).toBe(false)
    for (const { name, sample } of body.templates) {
      expect((await preview({ template: name, data: sample })).status).toBe(200)
    }
  })

  it('gives samples in the language of the caller', async () => {
    const filmIn = async (language: string) => {
      const headers = { 'Accept-Language': language }
      const { body } = await ask<{ templates: Described[] }>('GET', '/v1/templates', undefined, headers)
      return body.templates.find(({ name }) => name === 'show-reminder')?.sample.film
    }
    expect(await filmIn('es-CO')).toBe('La sociedad de la nieve')
    expect(await filmIn('en')).toBe('Society of the Snow')
  })
})

describe('POST /v1/messages/preview', () => {
  it('shows the cinema system’s own data as the mail it becomes', async () => {
    const { status, body } = await preview({ template: 'confirmacion_compra', data: PURCHASE, locale: 'es-CO' })
    expect(status).toBe(200)
    expect(body.subject).toBe('Tu compra en Cine Central está confirmada: CIN-20241201120000-ABC12345')
    expect(body.html).toMatch(/src="data:image\/png;base64,[A-Za-z0-9+/=]{100,}"/)
    expect(body.html).not.toContain('cid:')
    expect(body.text).toContain('Total: $ 45.000\n')
    expect(body.text).toContain('Vence: martes, 31 de diciembre de 2024, 23:59\n')
    expect(body.sms).toBe(
      'Cine Central: tu compra esta confirmada. Asientos: A1, A2. Total: $ 45.000. Factura CIN-20241201120000-ABC12345.',
    )
  })

  it('speaks the language that is asked for, else the default, whatever the caller reads', async () => {
    const subjectIn = async (body: object) =>
      (await preview({ template: 'welcome', ...body }, { 'Accept-Language': 'es' })).body.subject
    expect(await subjectIn({ locale: 'es' })).toBe('Te damos la bienvenida a Cine Central')
    expect(await subjectIn({})).toBe('Welcome to Cine Central')
    expect(await subjectIn({ locale: 'fr' })).toBe('Welcome to Cine Central')
  })

  it('has no short form of what only e-mail carries', async () => {
    const { body } = await preview({ template: 'already-registered' })
    expect(body.sms).toBeNull()
  })

  it('names the templates that there are', async () => {
    const { status, body } = await preview<Problem>({ template: 'confirmacion' })
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ path: 'template', code: 'not_listed' }] })
    expect(body.errors[0]?.params?.values).toContain('purchase-confirmed')
  })

  it('says everything that is wrong with the data, in its own names and the caller’s language', async () => {
    const data = { ...PURCHASE, asientos: [], total: 'mucho', descuento: 10, fecha_compra: 'ayer' }
    const { status, body } = await preview<Problem>({ template: 'confirmacion_compra', data, locale: 'es' })
    expect(status).toBe(422)
    expect(body.errors.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'data.fecha_compra debe ser una fecha y hora, como 2026-12-05T20:30:00 o 2026-12-05T20:30:00-05:00',
      'data.asientos debe tener al menos 1 elemento',
      'data.total debe ser un importe de 0 a 1000000000000, como 45000 o "45000.50"',
      'data.descuento no es un campo que se conozca aquí',
    ])
  })

  it.each([
    [{}, ['template']],
    [{ template: 5, data: [] }, ['template', 'data']],
    [{ template: 'note', data: null }, ['data']],
  ])('refuses %j', async (body, paths) => {
    const answer = await preview<Problem>(body)
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map(({ path }) => path)).toEqual(paths)
  })

  it('is for services and admins alone', async () => {
    const answer = await preview<Problem>({ template: 'note' }, { Authorization: 'Bearer x' })
    expect(answer.status).toBe(401)
  })
})
