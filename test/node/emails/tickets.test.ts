// What somebody bought: the mails of templates as callers send them, from the wire to the words.
import { describe, expect, it } from 'vitest'
import type { Locale, Rendered } from '../../../lib/ports/renderer.ts'
import { mailRenderer } from '../../../lib/renderer/mail.ts'
import { qrPng } from '../../../lib/renderer/qr.ts'
import { schemaOf, TEMPLATES, templateOf } from '../../../lib/templates/templates.ts'

const renderer = mailRenderer()
const SITE = { timeZone: 'America/Bogota', currency: 'COP', region: 'CO' }

function render(name: string, locale: Locale, data: Record<string, unknown>, site = SITE): Promise<Rendered> {
  const template = templateOf(name)
  if (!template) throw new Error(`no template ${name}`)
  const filled = template.fill(schemaOf(template, { strict: true }).parse(data) as Record<string, unknown>, site)
  const brand = { appName: 'Cine Central' }
  return renderer.render({
    template: template.name,
    version: renderer.versionOf(template.name),
    locale,
    brand,
    data: filled,
  })
}

const sampleOf = (name: string, locale: Locale) => templateOf(name)?.samples[locale] ?? {}

describe.each(TEMPLATES.flatMap(({ name }) => (['es', 'en'] as const).map((locale) => [name, locale] as const)))(
  '%s in %s',
  (name, locale) => {
    it('is rendered from its sample, in HTML of less than 100 KB, text and, where it has one, a short form', async () => {
      const { subject, html, text, short } = await render(name, locale, sampleOf(name, locale))
      expect(`${subject}${html}${text}${short ?? ''}`).not.toMatch(/undefined|\[object|NaN|null/)
      expect(html.length).toBeLessThan(100_000)
      const isShort = templateOf(name)?.channels.some((channel) => channel === 'sms')
      if (isShort) expect(short).toMatch(/^[^\n]{20,320}$/)
      else expect(short).toBeNull()
    })
  },
)

describe('a ticket', () => {
  it.each(['purchase-confirmed', 'show-reminder'])(
    'of %s comes along as an image and stands there in words',
    async (name) => {
      const { html, text, attachments } = await render(name, 'es', { ...sampleOf(name, 'es'), qr_code: 'QR-7&"x"' })
      const [image] = attachments
      expect(attachments).toHaveLength(1)
      expect(image).toMatchObject({ filename: 'qr.png', contentType: 'image/png', contentId: 'qr.png' })
      expect([...Buffer.from(image?.content ?? '', 'base64')]).toEqual([...(await qrPng('QR-7&"x"'))])
      expect(html).toMatch(/<img[^>]*alt="Código QR de tu entrada"[^>]*src="cid:qr.png"/)
      expect(html).toContain('>QR-7&amp;&quot;x&quot;</p>')
      expect(text).toContain('Código de tu entrada:\nQR-7&"x"\n')
    },
  )

  it.each(['purchase-confirmed', 'show-reminder', 'purchase-cancelled'])(
    'is not promised by %s without one',
    async (name) => {
      const { qr_code: _, ...rest } = sampleOf(name, 'en')
      const { html, text, attachments } = await render(name, 'en', rest)
      expect(attachments).toEqual([])
      expect(`${html}${text}`).not.toMatch(/<img|cid:|Show this code|Code of your ticket/)
    },
  )
})

describe('a purchase', () => {
  const least = { invoice_number: 'F-1', seats: ['A1'], total: '45000.50' }

  it('tells what it was told, in the currency and manner of the site', async () => {
    const { subject, text } = await render('purchase-confirmed', 'es', sampleOf('purchase-confirmed', 'es'))
    expect(subject).toBe('Tu compra en Cine Central está confirmada: CIN-20241201120000-ABC12345')
    for (const fact of [
      'Asientos: A1, A2',
      'Total: $ 45.000',
      'Método de pago: Tarjeta de crédito',
      'Estado: Pagado',
      'Factura: CIN-20241201120000-ABC12345',
      'Función: jueves, 5 de diciembre de 2024, 20:30',
      'Vence: martes, 31 de diciembre de 2024',
    ])
      expect(text).toContain(`${fact}\n`)
    const inUsd = await render('purchase-confirmed', 'en', { ...least, currency: 'USD' }, { ...SITE, region: 'US' })
    expect(inUsd.text).toContain('Total: $45,000.50\n')
  })

  it('is told by a time with a zone as the site sees it', async () => {
    const { text } = await render('purchase-confirmed', 'en', { ...least, purchased_at: '2026-12-06T01:30:00Z' })
    expect(text).toContain('Purchased on: Saturday, December 5, 2026, 8:30 PM\n')
  })

  it('says no more than it knows', async () => {
    const { text } = await render('purchase-confirmed', 'en', least)
    expect(text.split('\n').filter((line) => /^\S[^.]*: /.test(line))).toEqual([
      'Seats: A1',
      'Total: COP 45,000.50',
      'Invoice: F-1',
    ])
  })

  it('keeps within 100 KB with fifty seats and names without end', async () => {
    const long = 'W'.repeat(160)
    const seats = Array.from({ length: 50 }, (_, n) => `PLATEA-ALTA-${n}`)
    const names = { film: long, room: long, payment_method: long, status: long, invoice_number: long }
    const { html } = await render('purchase-confirmed', 'es', {
      ...sampleOf('purchase-confirmed', 'es'),
      ...names,
      seats,
      qr_code: 'q'.repeat(512),
    })
    expect(html).toContain('PLATEA-ALTA-49')
    expect(html.length).toBeLessThan(100_000)
  })

  it.each<[unknown, string, string]>([
    ['En tu cuenta el lunes', 'En tu cuenta el lunes', 'En tu cuenta el lunes'],
    [{ amount: 45000 }, '$ 45.000', 'COP 45,000'],
    [{ amount: 45000, days: 1 }, '$ 45.000, en un plazo de 1 día', 'COP 45,000, within 1 day'],
    [{ amount: '9.90', method: 'PSE', days: 0 }, '$ 9,90 (PSE), de inmediato', 'COP 9.90 (PSE), right away'],
  ])('that was cancelled tells the refund %j', async (refund, es, en) => {
    const data = { invoice_number: 'F-1', refund }
    expect((await render('purchase-cancelled', 'es', data)).text).toContain(`Reembolso: ${es}\n`)
    expect((await render('purchase-cancelled', 'en', data)).text).toContain(`Refund: ${en}\n`)
  })
})

describe('a note', () => {
  it('keeps its paragraphs and lines, on the page and in text', async () => {
    const { html, text } = await render('note', 'en', { text: '  One\r\ntwo\n \n\nThree <b>& four' })
    expect(html).toMatch(/>One<br\/>two<\/p><p[^>]*>Three &lt;b&gt;&amp; four<\/p>/)
    expect(text).toContain('\n\nOne\ntwo\n\nThree <b>& four\n\n')
  })

  it('bears its title as its subject, or the name of who sends it', async () => {
    expect((await render('note', 'es', { title: 'Hola', text: 'x' })).subject).toBe('Hola')
    expect((await render('note', 'es', { text: 'x' })).subject).toBe('Un mensaje de Cine Central')
  })
})

it('a welcome may lead somewhere', async () => {
  const action = { label: 'Start', url: 'https://app.example/start?a=1&b=2' }
  const { html, text } = await render('welcome', 'en', { name: 'Ann', action })
  expect(html).toContain('href="https://app.example/start?a=1&amp;b=2"')
  expect(text).toContain('Start:\nhttps://app.example/start?a=1&b=2\n')
  expect((await render('welcome', 'en', {})).html).not.toContain('href')
})
