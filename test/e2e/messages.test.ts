// What a product sends, told over HTTP on both wirings: a purchase with its reminder, a batch, a provider that is down.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, KEY, person, until } from './client.ts'
import { using } from './mail-stage.ts'
import { onEachWiring, type Wiring } from './wirings.ts'

interface Sent {
  messages: { id: string; status: string; due_at: string }[]
  cancelled?: string[]
}

const send = (client: Client, body: object, headers: Record<string, string> = {}) =>
  client.post<Sent>('/v1/messages', body, { ...KEY, ...headers })

/** As the cinema system sends it. */
const purchase = (to: string, transaction: string) => ({
  to,
  subject: 'Confirmación de Compra - Cine',
  template: 'confirmacion_compra',
  data: {
    transaccion_id: transaction,
    numero_factura: 'CIN-20241201120000-ABC12345',
    asientos: ['A1', 'A2'],
    total: 45000,
    metodo_pago: 'tarjeta',
    codigo_qr: `QR-${transaction}`,
  },
  priority: 'high',
  timestamp: '2024-12-01T12:00:00',
})

const reminder = (to: string, transaction: string, at: number) => ({
  template: 'recordatorio_funcion',
  to: { email: to },
  data: {
    transaccion_id: transaction,
    pelicula: 'Nieve',
    fecha_funcion: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    asientos: ['A1'],
  },
  send_at: new Date(at).toISOString(),
})

/** A provider like Resend that takes its time, and knows how many calls were open at once. */
async function slowProvider(ms: number) {
  const calls = { open: 0, most: 0, taken: [] as string[] }
  const server: Server = createServer(async (request, response) => {
    calls.most = Math.max(calls.most, ++calls.open)
    const { to } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { to: string | string[] }
    await new Promise((resolve) => setTimeout(resolve, ms))
    calls.open--
    calls.taken.push(String(to))
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id: crypto.randomUUID() }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close }
}

onEachWiring('a product’s messages', (wiringOf) => {
  let wiring: Wiring
  beforeAll(async () => {
    wiring = await wiringOf()
  })
  afterAll(() => wiring?.close())

  it('arrive now and at their time; a cancelled purchase takes its reminder along', async () => {
    await using(wiring, {}, async ({ client, vendors, taken }) => {
      const [ana, luis] = [person(), person()]
      const sent = await send(client, purchase(ana, 'T1'))
      expect(sent.status).toBe(202)
      await taken(ana)
      const [mail] = vendors.accepted().filter((one) => one.to === ana)
      expect(mail).toMatchObject({ subject: 'Confirmación de Compra - Cine', messageId: sent.body.messages[0]!.id })
      expect(mail?.attachments).toMatchObject([{ contentType: 'image/png' }])
      const dueAt = Date.now() + 4_000
      const [soon] = (await send(client, reminder(ana, 'T1', dueAt))).body.messages
      const [never] = (await send(client, reminder(luis, 'T2', dueAt))).body.messages
      const cancel = { template: 'cancelacion_compra', to: luis, data: { transaccion_id: 'T2', numero_factura: 'F2' } }
      expect((await send(client, cancel)).body.cancelled).toEqual([never!.id])
      await until(
        () => client.message(soon!.id),
        ({ body }) => body.status === 'sent',
        20_000,
      )
      const left = vendors.accepted().find((one) => one.messageId === soon!.id)
      expect(left?.at).toBeGreaterThanOrEqual(dueAt)
      expect(vendors.accepted().some((one) => one.messageId === never!.id)).toBe(false)
    })
  })

  it('leave six at a time when there are a hundred, whatever their provider takes', async () => {
    const provider = await slowProvider(150)
    try {
      const vars = { EMAIL_PROVIDERS: 'resend', RESEND_BASE_URL: provider.url }
      await using(wiring, vars, async ({ client, worker }) => {
        const messages = Array.from({ length: 100 }, () => ({ template: 'note', to: person(), data: { text: 'Hi' } }))
        const key = { 'Idempotency-Key': 'all' }
        const told = await client.post<Sent>('/v1/messages/batch', { messages }, { ...KEY, ...key })
        expect(told.status).toBe(202)
        await until(
          async () => provider.calls.taken.length,
          (n) => n >= 100,
          60_000,
        )
        expect(new Set(provider.calls.taken).size).toBe(100)
        expect(provider.calls.taken).toHaveLength(100)
        expect(provider.calls.most).toBeLessThanOrEqual(6)
        const { backends } = worker
        if (backends) expect(backends.qstash.requests().length).toBeLessThanOrEqual(20)
        const again = await client.post<Sent>('/v1/messages/batch', { messages }, { ...KEY, ...key })
        expect(again.headers.get('Idempotency-Replayed')).toBe('true')
        expect(again.body.messages.map((one) => one.id)).toEqual(told.body.messages.map((one) => one.id))
      })
    } finally {
      await provider.close()
    }
  })

  it('go by the other provider when one is down, once, and say so', async () => {
    await using(wiring, {}, async ({ client, vendors, taken }) => {
      const ana = person()
      vendors.mode('resend', 'error500')
      const key = { 'Idempotency-Key': 'once' }
      const [one] = (await send(client, purchase(ana, 'T3'), key)).body.messages
      await taken(ana)
      const record = await until(
        () => client.message(one!.id),
        ({ body }) => body.status === 'sent',
      )
      expect(record.body.attempts.map((attempt) => attempt.provider)).toEqual(['resend', 'sendgrid'])
      const why = await client.ask<{ sentences: string[] }>(`/v1/messages/${one!.id}/explain`, { headers: KEY })
      expect(why.body.sentences.join(' ')).toMatch(
        /Resend could not take it .* So SendGrid was asked instead\. SendGrid took it/,
      )
      const again = await send(client, purchase(ana, 'T3'), key)
      expect(again.headers.get('Idempotency-Replayed')).toBe('true')
      expect(again.body.messages).toMatchObject([{ id: one!.id, status: 'sent' }])
      expect(vendors.accepted().filter((mail) => mail.to === ana)).toHaveLength(1)
    })
  })
})
