// Templates over HTTP, in workerd: what its language data and its compression make of them, and what a phone reads off
// the ticket.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, clientOf, KEY } from './client.ts'
import { startWorker, type Worker } from './worker.ts'

const CHROMIUM = '/usr/bin/chromium'
const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
const hasZbar = spawnSync('zbarimg', ['--version']).error === undefined
const missing = [existsSync(CHROMIUM) ? null : CHROMIUM, hasZbar ? null : 'zbarimg'].filter(Boolean)

interface Preview {
  subject: string
  html: string
  text: string
  sms: string | null
}

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
  codigo_qr: 'QR-TRANS123 Función Ñ',
}

let worker: Worker
let client: Client
beforeAll(async () => {
  const site = { TIME_ZONE: 'America/Bogota', CURRENCY: 'COP', REGION: 'CO' }
  worker = await startWorker({ APP_NAME: 'Cine Central', LIMITS: 'off', ...site })
  client = clientOf(worker.url)
})
afterAll(() => worker?.stop())

const preview = (body: object) => client.post<Preview>('/v1/messages/preview', body, KEY)

it('previews every template that is listed, by its own sample', async () => {
  const { status, body } = await client.ask<{ templates: { name: string; sample: object }[] }>('/v1/templates', {
    headers: KEY,
  })
  expect(status).toBe(200)
  expect(body.templates.length).toBeGreaterThan(12)
  for (const { name, sample } of body.templates) {
    for (const locale of ['es', 'en']) {
      const answer = await preview({ template: name, data: sample, locale })
      expect({ name, status: answer.status }).toEqual({ name, status: 200 })
      expect(answer.body.html.length).toBeLessThan(100_000)
    }
  }
})

it('tells times, amounts and short forms in workerd as in Node', async () => {
  const { body } = await preview({ template: 'confirmacion_compra', data: PURCHASE, locale: 'es' })
  expect(body.text).toContain('Fecha de compra: domingo, 1 de diciembre de 2024, 12:00\n')
  expect(body.text).toContain('Total: $ 45.000\n')
  expect(body.sms).toMatch(/^Cine Central: tu compra esta confirmada\. /)
  const english = await preview({ template: 'purchase-confirmed', data: { ...PURCHASE, moneda: 'USD' }, locale: 'en' })
  expect(english.body.text).toContain('Due: Tuesday, December 31, 2024, 11:59 PM\n')
  expect(english.body.text).toContain('Total: $45,000\n')
})

it('refuses what is wrong without a trace of it', async () => {
  const data = { ...PURCHASE, asientos: 'A1', secreto: 'do not repeat' }
  const { status, body } = await client.post('/v1/messages/preview', { template: 'confirmacion_compra', data }, KEY)
  expect(status).toBe(422)
  expect(JSON.stringify(body)).not.toMatch(/do not repeat|QR-TRANS/)
  expect(worker.logs()).not.toMatch(/do not repeat|QR-TRANS/)
})

describe.skipIf(missing.length > 0)(
  `a ticket on a screen${missing.length > 0 ? ` (no ${missing.join(', ')})` : ''}`,
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
    })
    afterAll(() => browser?.close())
    const folder = mkdtempSync(join(tmpdir(), 'posta-ticket-'))

    it.each([
      ['light', 320, PURCHASE.codigo_qr],
      ['dark', 320, PURCHASE.codigo_qr],
      ['dark', 390, `https://cine.example/t/${'0123456789abcdef'.repeat(30)}`],
    ] as const)('in %s, %i px wide, is read back as it was sent', async (colorScheme, width, code) => {
      const { body } = await preview({ template: 'confirmacion_compra', data: { ...PURCHASE, codigo_qr: code } })
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 700 }, deviceScaleFactor: 3 })
      await page.setContent(body.html)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      const path = join(folder, `${colorScheme}-${width}.png`)
      writeFileSync(path, await page.screenshot({ fullPage: true }))
      await page.close()
      const read = execFileSync('zbarimg', ['--quiet', '--raw', path], { stdio: 'pipe' }).toString('utf8')
      expect(read).toBe(`${code}\n`)
    })

    it('is shown in the gallery, and in words where images are off', async () => {
      const page = await browser.newPage()
      await page.goto(`${worker.url}/dev/templates?template=purchase-confirmed&locale=es&images=off`)
      const frame = page.frameLocator('.part iframe')
      await frame.getByText('Código de tu entrada').waitFor()
      expect(await frame.locator('img').getAttribute('src')).toBe('cid:qr.png')
      await page.getByRole('link', { name: 'No images' }).click()
      await expect
        .poll(() => frame.locator('img').evaluate('document.images[0].naturalWidth'), { timeout: 10_000 })
        .toBe(232)
      await page.getByRole('link', { name: 'SMS' }).click()
      expect(await page.locator('.part pre').textContent()).toMatch(/^Cine Central: tu compra esta confirmada/)
      for (const data of ['Least', 'Most', 'Foreign']) {
        await page.getByRole('link', { name: data }).click()
        expect(await page.locator('.part pre').textContent()).toContain('Cine Central')
      }
      await page.close()
    })

    it('is filled in the gallery with what is typed, or told why not', async () => {
      const page = await browser.newPage()
      await page.goto(`${worker.url}/dev/templates?template=show-reminder&locale=es&form=data`)
      const editor = page.getByRole('textbox', { name: 'Data as JSON' })
      expect(JSON.parse(await editor.inputValue())).toMatchObject({ film: 'La sociedad de la nieve' })
      const show = async (data: string) => {
        await editor.fill(data)
        await page.getByRole('button', { name: 'Show' }).click()
      }
      await show('{"pelicula":"Roma","asientos":[],"fecha_funcion":"ayer"}')
      const alert = page.getByRole('alert')
      await alert.getByText('data.asientos').waitFor()
      expect(await alert.textContent()).toContain('must be a date and time such as')
      expect(await editor.inputValue()).toContain('"ayer"')
      await show('{"pelicula":"Roma <b>","asientos":["C7"],"fecha_funcion":"2026-12-05 20:30"}')
      await page.frameLocator('.part iframe').getByText('Roma <b>').waitFor()
      await page.getByRole('link', { name: 'Text' }).click()
      expect(await page.locator('.part pre').textContent()).toContain('Asientos: C7\n')
      await page.close()
    })
  },
)
