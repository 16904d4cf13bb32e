// The data of a template: what is taken, and that everything wrong is told at once, in the names that were used.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readData, readTemplate } from '../../../functions/messages/template-data.ts'
import type { Template } from '../../../lib/templates/template.ts'
import { TEMPLATES } from '../../../lib/templates/templates.ts'

const found = (name: string): Template => {
  const result = readTemplate(name)
  if (!result.ok) throw new Error(`no template ${name}`)
  return result.value
}

/** `path code` of everything wrong, or the data. */
function read(name: string, data: Record<string, unknown>, strict = true) {
  const result = readData(found(name), data, { strict })
  if (result.ok) return result.value
  if (result.refusal.code !== 'invalid_request') throw new Error(result.refusal.code)
  return result.refusal.errors.map(({ path, code }) => `${path} ${code}`).sort()
}

/** As the cinema system sends it. */
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

it('takes the older names, the English ones, and both side by side', () => {
  const english = {
    transaction_id: 'TRANS123',
    invoice_number: 'CIN-20241201120000-ABC12345',
    purchased_at: '2024-12-01T12:00:00',
    seats: ['A1', 'A2'],
    total: 45000,
    payment_method: 'tarjeta',
    status: 'pagado',
    due_at: '2024-12-31T23:59:59',
    qr_code: 'QR-TRANS123',
  }
  expect(read('confirmacion_compra', PURCHASE)).toEqual(english)
  expect(read('purchase-confirmed', english)).toEqual(english)
  const { asientos, ...rest } = PURCHASE
  expect(read('purchase-confirmed', { ...rest, seats: asientos, moneda: 'COP' })).toEqual({
    ...english,
    currency: 'COP',
  })
})

it('takes null for what is not there', () => {
  const nothing = { codigo_qr: null, metodo_pago: null, pelicula: null }
  const { codigo_qr: _, metodo_pago: __, ...rest } = PURCHASE
  expect(read('confirmacion_compra', { ...PURCHASE, ...nothing })).toEqual(read('confirmacion_compra', rest))
  expect(read('confirmacion_compra', { ...PURCHASE, total: null })).toEqual(['data.total required'])
})

it('takes only what is required', () => {
  for (const [name, data] of [
    ['purchase-confirmed', { numero_factura: 'F1', asientos: ['A1'], total: '0.50' }],
    ['purchase-cancelled', { numero_factura: 'F1' }],
    ['show-reminder', { pelicula: 'Roma', fecha_funcion: '2026-12-05 20:30', asientos: ['A1'] }],
    ['welcome', {}],
    ['note', { text: 'Hola' }],
  ] as const) {
    expect(read(name, data)).toBeTypeOf('object')
    expect(Array.isArray(read(name, data))).toBe(false)
  }
})

describe('tells everything that is wrong at once', () => {
  it.each<[string, string, Record<string, unknown>, string[]]>([
    ['nothing', 'purchase-confirmed', {}, ['invoice_number required', 'seats required', 'total required']],
    [
      'in the older names where they are spoken',
      'confirmacion_compra',
      { transaccion_id: 7, asientos: ['A1', '', 'x'.repeat(17), 7], total: '1,5' },
      [
        'asientos.1 required',
        'asientos.2 too_long',
        'asientos.3 wrong_type',
        'numero_factura required',
        'total not_amount',
      ],
    ],
    [
      'amounts, currencies, times and codes that are none',
      'purchase-confirmed',
      {
        ...PURCHASE,
        total: -1,
        moneda: 'QQQ',
        fecha_compra: '2024-02-30',
        fecha_funcion: '2024-12-01',
        codigo_qr: 'ñ'.repeat(257),
      },
      [
        'codigo_qr too_many_bytes',
        'fecha_compra not_time',
        'fecha_funcion not_time',
        'moneda not_currency',
        'total not_amount',
      ],
    ],
    [
      'fields that are none',
      'purchase-confirmed',
      { ...PURCHASE, motivo: 'x', __proto: 1 },
      ['__proto unknown', 'motivo unknown'],
    ],
    ['a field by both names', 'purchase-confirmed', { ...PURCHASE, seats: ['B1'] }, ['asientos twice']],
    ['too many seats', 'purchase-confirmed', { ...PURCHASE, asientos: Array(51).fill('A1') }, ['asientos too_many']],
    ['no seat', 'purchase-confirmed', { ...PURCHASE, asientos: [] }, ['asientos too_few']],
    ['a total without end', 'purchase-confirmed', { ...PURCHASE, total: '1000000000000.01' }, ['total not_amount']],
    [
      'within a refund',
      'cancelacion_compra',
      { numero_factura: 'F1', reembolso: { monto: 'mucho', dias: 1.5, cuando: 'ya' } },
      ['reembolso.cuando unknown', 'reembolso.dias not_whole', 'reembolso.monto not_amount'],
    ],
    ['a refund of no kind', 'purchase-cancelled', { invoice_number: 'F1', refund: 5 }, ['refund invalid']],
    [
      'line ends in a line',
      'show-reminder',
      { film: 'a\r\nb', show_at: '2026-12-05T20:30', seats: ['A1'] },
      ['film control_characters'],
    ],
    ['blank text', 'note', { text: ' \n ' }, ['text required']],
    [
      'addresses that are none',
      'note',
      { text: 'x', action: { label: 'y', url: 'javascript:alert(1)' } },
      ['action.url not_url'],
    ],
    ['half a button', 'welcome', { action: { label: 'y' } }, ['action.url required']],
  ])('%s', (_, name, data, wrong) => {
    expect(read(name, data)).toEqual(wrong.map((one) => `data.${one}`))
  })
})

it('leaves unknown fields out where a whole older message is read, and nothing else', () => {
  const { numero_factura, ...rest } = PURCHASE
  expect(read('confirmacion_compra', { ...PURCHASE, usuario: { id: 4 }, prioridad: 'alta' }, false)).toMatchObject({
    invoice_number: numero_factura,
    seats: ['A1', 'A2'],
  })
  expect(read('confirmacion_compra', { ...rest, usuario: 4 }, false)).toEqual(['data.numero_factura required'])
  const refund = { monto: 45000, metodo: 'tarjeta', folio: 'x' }
  expect(read('cancelacion_compra', { numero_factura: 'F1', reembolso: refund }, false)).toEqual({
    invoice_number: 'F1',
    refund: { amount: 45000, method: 'tarjeta' },
  })
})

it('names every template where one is unknown', () => {
  const result = readTemplate('compra')
  expect(result).toMatchObject({
    ok: false,
    refusal: {
      errors: [{ path: 'template', code: 'not_listed', params: { values: expect.arrayContaining(['note']) } }],
    },
  })
})

describe('whatever comes', () => {
  const names = TEMPLATES.flatMap(({ older = {}, samples }) => [...Object.keys(older), ...Object.keys(samples.es)])
  const keys = fc.oneof(fc.constantFrom(...names, '__proto__', 'constructor', 'refund.monto', 'a.b'), fc.string())
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('2026-12-05T20:30', '0001-01-01T00:00', '9999-12-31T23:59:59.999999999+23:59', 'USD', 45000, '0.5'),
    fc.constantFrom({ monto: 1, metodo: null, dias: 3 }, { label: 'x', url: 'https://x.example/' }, ['A1'], null),
  )
  const data = fc.array(fc.tuple(keys, values)).map((entries) => Object.fromEntries(entries))
  const sample = fc
    .constantFrom(...TEMPLATES)
    .chain((template) =>
      fc.tuple(fc.constant(template), data, fc.boolean(), fc.constantFrom('UTC', 'America/Santiago', 'Asia/Kathmandu')),
    )

  it('is taken and can be filled, or refused with a path for everything', () => {
    fc.assert(
      fc.property(sample, fc.boolean(), ([template, more, isWhole, timeZone], strict) => {
        const given = isWhole ? { ...template.samples.es, ...more } : more
        const result = readData(template, given, { strict })
        if (result.ok) {
          const filled = template.fill(result.value, { timeZone, currency: 'USD', region: null })
          expect(JSON.parse(JSON.stringify(filled))).toEqual(filled)
        } else {
          if (result.refusal.code !== 'invalid_request') throw new Error(result.refusal.code)
          expect(result.refusal.errors.length).toBeGreaterThan(0)
          for (const { path } of result.refusal.errors) expect(path).toMatch(/^data(?:\.|$)/)
        }
      }),
      { numRuns: 2_000 },
    )
    expect(({} as Record<string, unknown>).monto).toBeUndefined()
  })
})
