// /v1/messages as a product uses it: sent later, together, called back, found again.
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Locale } from '../../../lib/names/locale.ts'
import {
  type Accepted,
  DAY,
  HOUR,
  iso,
  note,
  type Problem,
  productOf,
  reminder,
  SECOND,
  type Sent,
  type Shown,
} from '../../fakes/messages-kit.ts'
import { KEY, type Service, service } from '../../fakes/service.ts'

let posta: Service
beforeAll(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
beforeEach(() => {
  posta = service({ TIME_ZONE: 'America/Bogota', CURRENCY: 'COP', REGION: 'CO' })
})

const { list, send, shown } = productOf(() => posta)

describe('a scheduled message', () => {
  it('leaves at its time, 400 days ahead, and not before', async () => {
    const [one] = (await send(note({ send_at: iso(posta.now() + 400 * DAY) }))).body.messages
    posta.pass(400 * DAY - SECOND)
    await posta.work()
    expect(await posta.inbox('ana@example.com')).toEqual([])
    posta.pass(SECOND)
    await posta.work()
    expect(await posta.inbox('ana@example.com')).toHaveLength(1)
    expect(await shown(one!.id)).toMatchObject({ status: 'sent' })
  })

  it('is due so long before the show, moves, and may not move behind it', async () => {
    const now = posta.now()
    const [one] = (await send(reminder(now, { lead: 'PT3H' }))).body.messages
    expect(one).toMatchObject({ status: 'queued', due_at: iso(now + 10 * DAY - 3 * HOUR) })
    const path = `/v1/messages/${one!.id}`
    const moved = await posta.ask('PATCH', path, { send_at: iso(now + DAY) }, KEY)
    expect(moved).toMatchObject({ status: 200, body: { due_at: iso(now + DAY), status: 'queued' } })
    const late = await posta.ask<Problem>('PATCH', path, { send_at: iso(now + 11 * DAY) }, KEY)
    expect([late.status, late.body.errors[0]?.code]).toEqual([422, 'not_before_end'])
    posta.pass(DAY)
    await posta.work()
    expect(await posta.inbox('luis@example.com')).toHaveLength(1)
    const sent = await posta.ask<Problem>('PATCH', path, { send_at: iso(posta.now() + DAY) }, KEY)
    expect([sent.status, sent.body.code]).toEqual([409, 'already_sent'])
  })

  it('is called back, alone or by what its caller calls it', async () => {
    const later = { send_at: iso(posta.now() + DAY), reference: 'r1' }
    const [one] = (await send(note(later))).body.messages
    const [other] = (await send(note({ ...later, to: 'b@example.com' }))).body.messages
    const [gone] = (await send(note({ reference: 'r1' }))).body.messages
    await posta.settled()
    for (let turn = 0; turn < 2; turn++) {
      const cancelled = await posta.post(`/v1/messages/${one!.id}/cancel`, {})
      expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled' } })
    }
    const all = await posta.post<Required<Sent>>('/v1/messages/cancel', { reference: 'r1' })
    expect(all.body.cancelled).toEqual([other!.id])
    expect(all.body.not_cancelled).toContainEqual({ id: gone!.id, code: 'already_sent' })
    const sent = await posta.post<Problem>(`/v1/messages/${gone!.id}/cancel`, {})
    expect([sent.status, sent.body.code]).toEqual([409, 'already_sent'])
    posta.pass(DAY)
    await posta.work()
    expect(await posta.inbox('b@example.com')).toEqual([])
  })

  it('of a purchase goes with it when that is cancelled, unless its caller says no', async () => {
    const cancel = {
      template: 'cancelacion_compra',
      to: 'luis@example.com',
      data: { transaccion_id: 'TRANS123', numero_factura: 'F1' },
    }
    const [first] = (await send(reminder(posta.now(), { send_at: iso(posta.now() + DAY) }))).body.messages
    expect((await send({ ...cancel, cancels: false })).body.cancelled).toBeUndefined()
    expect((await shown(first!.id)).status).toBe('queued')
    expect((await send(cancel)).body.cancelled).toEqual([first!.id])
    posta.pass(DAY)
    await posta.work()
    expect((await shown(first!.id)).status).toBe('cancelled')
    expect(await posta.inbox('luis@example.com')).toHaveLength(2)
  })
})

describe('a batch', () => {
  const batch = (messages: object[], headers: Record<string, string> = {}) =>
    posta.post<{ code?: string; messages: (Partial<Accepted> & { problem?: Problem })[] }>(
      '/v1/messages/batch',
      { messages },
      headers,
    )

  it('accepts each of its messages or says why not, in order', async () => {
    const told = await batch([note(), note({ to: 'no' }), note({ to: 'b@example.com' })])
    expect(told.status).toBe(202)
    expect(told.body.messages.map((one) => one.problem?.code ?? one.status)).toEqual([
      'sending',
      'invalid_request',
      'sending',
    ])
    const none = await batch([note({ to: 'no' })])
    expect([none.status, none.body.code]).toEqual([422, 'none_accepted'])
    expect(none.body.messages[0]?.problem?.errors).toMatchObject([{ path: 'to', code: 'not_email' }])
    expect((await batch([])).status).toBe(422)
    expect((await batch(Array.from({ length: 101 }, () => note()))).status).toBe(422)
  })

  it('is repeated as a whole by its key, and each entry by its own', async () => {
    const key = { 'Idempotency-Key': 'b1' }
    const entries = [note({ idempotency_key: 'e1' }), note({ to: 'b@example.com', send_at: iso(posta.now() + DAY) })]
    const first = await batch(entries, key)
    await posta.settled()
    const again = await batch(entries, key)
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect(again.body.messages.map((one) => one.id)).toEqual(first.body.messages.map((one) => one.id))
    expect(again.body.messages[0]?.status).toBe('sent')
    expect((await batch([note()], key)).body).toMatchObject({ code: 'idempotency_mismatch' })
    const alone = await batch([note({ idempotency_key: 'e1' })])
    expect(alone.body.messages[0]?.id).toBe(first.body.messages[0]?.id)
    expect(await posta.inbox('ana@example.com')).toHaveLength(1)
  })

  it('counts what is attached over all of it', async () => {
    const attachments = [{ filename: 'a', content_type: 'a/b', content: 'A'.repeat(800_000) }]
    const told = await batch([note({ attachments }), note({ attachments }), note()])
    expect(told.body.messages.map((one) => one.problem?.errors[0]?.code ?? 'fine')).toEqual([
      'fine',
      'too_many_bytes',
      'fine',
    ])
  })
})

describe('a list', () => {
  it('is filtered by all that a product asks for, and goes on behind its cursor', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++) {
      posta.pass(SECOND)
      ids.unshift(
        (await send(note({ to: `n${n}@example.com`, reference: n % 2 ? 'odd' : 'even' }))).body.messages[0]!.id,
      )
    }
    await posta.settled()
    const [all, odd, to, none] = [
      await list('limit=2'),
      await list('reference=odd'),
      await list('to=n3%40example.com'),
      await list('status=failed'),
    ]
    expect(all.messages.map((one) => one.id)).toEqual(ids.slice(0, 2))
    expect((await list(`limit=2&cursor=${all.cursor}`)).messages.map((one) => one.id)).toEqual(ids.slice(2, 4))
    expect(odd.messages.map((one) => one.id)).toEqual([ids[1], ids[3]])
    expect(to.messages.map((one) => one.id)).toEqual([ids[1]])
    expect(none.messages).toEqual([])
    expect((await list('provider=inbox&template=note&channel=email&limit=100')).messages).toHaveLength(5)
    const found = await posta.post<{ messages: Shown[] }>('/v1/messages/search', { to: 'N3@example.com' })
    expect(found.body.messages.map((one) => one.id)).toEqual([ids[1]])
    for (const query of ['limit=0', 'limit=101', 'status=gone', 'cursor=x', 'since=yesterday', 'to=nobody']) {
      expect((await posta.get(`/v1/messages?${query}`)).status, query).toBe(422)
    }
  })
})

describe('a message to an account', () => {
  it('goes to its address in its language, and its owner may see it, nobody else', async () => {
    const register = (name: string, locale: Locale) => posta.person({ username: name, locale })
    const ana = await register('ana.maria', 'es')
    const eve = await register('eve.smith', 'en')
    const [one] = (await send(note({ to: { user_id: ana.id } }))).body.messages
    await posta.settled()
    const mails = await posta.inbox('ana.maria@example.com')
    expect(mails.some((mail) => mail.id === one!.id && /lang="es"/.test(mail.html))).toBe(true)
    const path = `/v1/messages/${one!.id}`
    expect((await ana.get(path)).status).toBe(200)
    expect((await eve.get(path)).status).toBe(404)
    await posta.ask('POST', '/v1/auth/logout-all', {}, ana.headers)
    expect((await ana.get(path)).status).toBe(401)
  })
})
