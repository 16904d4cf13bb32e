// What operators and the cinema system's own cron do: work the queue off, read figures, send dead letters again.
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { SUBREQUESTS_MAX } from '../../../lib/rules/numbers.ts'
import { KEY, type Service, service } from '../../fakes/service.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let posta: Service
beforeAll(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
beforeEach(() => {
  posta = service({ ADMIN_EMAILS: 'boss@example.com', LIMITS: 'off' })
})

const iso = (ms: number) => new Date(ms).toISOString()
/** Ids of notes to people of their own. */
const notes = async (n: number, more: object = {}): Promise<string[]> => {
  const messages = Array.from({ length: n }, () => ({
    template: 'note',
    to: `p${crypto.randomUUID()}@example.com`,
    data: { text: 'Hi' },
    ...more,
  }))
  const told = await posta.post<{ messages: { id: string }[] }>('/v1/messages/batch', { messages })
  expect(told.status).toBe(202)
  return told.body.messages.map((one) => one.id)
}
const statusOf = async (id: string) => (await posta.get<{ status: string }>(`/v1/messages/${id}`)).body.status
const fault = (mode: string) => posta.ask('POST', '/dev/faults', { provider: 'inbox', mode })
/** Ends them failed: the provider will have none of them. */
const dead = async (n: number, more: object = {}) => {
  await fault('reject')
  const ids = await notes(n, more)
  await posta.work()
  await fault('ok')
  return ids
}

describe('the queue', () => {
  it('is worked off in batches, and says what is left', async () => {
    await notes(20, { send_at: iso(posta.now() + HOUR) })
    posta.pass(HOUR)
    const first = await posta.post('/v1/admin/queue/process', {})
    expect(first.body).toEqual({ processed: 10, sent: 10, failed: 0, remaining: 10 })
    const older = await posta.post('/api/v1/transacciones/procesar-correos', { batch_size: 7 })
    expect(older.body).toMatchObject({ mensaje: 'Se procesaron 7 correos', correos_procesados: 7, batch_size: 7 })
    const rest = await posta.post('/v1/admin/queue/process', { batch_size: 100 })
    expect(rest.body).toEqual({ processed: 3, sent: 3, failed: 0, remaining: 0 })
    for (const batch_size of [0, 101, 'ten']) {
      expect((await posta.post('/v1/admin/queue/process', { batch_size })).status).toBe(422)
    }
  })

  it('stops before the calls of one invocation are spent, with nothing held', async () => {
    await notes(60, { send_at: iso(posta.now() + HOUR) })
    posta.pass(HOUR)
    const { body } = await posta.post<{ processed: number; remaining: number }>('/v1/admin/queue/process', {
      batch_size: 100,
    })
    expect(body.processed).toBeGreaterThan(0)
    expect(body.processed * 3).toBeLessThan(SUBREQUESTS_MAX)
    expect(body.remaining).toBe(60 - body.processed)
  })

  it('is an operator’s: by key, or by a verified address that is listed', async () => {
    const boss = await posta.person({ username: 'boss', emailVerified: true })
    const ana = await posta.person({ username: 'ana', emailVerified: true })
    expect((await boss.post('/v1/admin/queue/process', {})).status).toBe(200)
    expect((await ana.post('/v1/admin/queue/process', {})).status).toBe(403)
    expect((await posta.ask('POST', '/v1/admin/queue/process', {})).status).toBe(401)
  })
})

describe('figures', () => {
  it('are told under the older names, and to Prometheus', async () => {
    await notes(2, { priority: 'high' })
    await notes(1, { priority: 'low' })
    await posta.settled()
    await dead(1)
    await notes(1, { send_at: iso(posta.now() + DAY) })
    const older = await posta.get('/api/v1/transacciones/estadisticas/correos')
    expect(older.body).toMatchObject({
      total_correos_enviados: 3,
      correos_prioridad_alta: 2,
      correos_prioridad_media: 0,
      correos_prioridad_baja: 1,
      tasa_exito: 0.75,
      correos_en_cola: 1,
      correos_fallidos: 1,
    })
    expect(older.body.fecha_ultima_actualizacion).toMatch(/Z$/)
    const metrics = await posta.ask<string>('GET', '/metrics', undefined, KEY)
    expect(metrics.headers.get('Content-Type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const lines = metrics.body.split('\n')
    for (const line of [
      'posta_sent_total 3',
      'posta_failed_total 1',
      'posta_sent_by_provider_total{provider="inbox"} 3',
      'posta_queue_depth 1',
      `posta_swept_timestamp_seconds ${posta.now() / 1_000}`,
    ]) {
      expect(lines).toContain(line)
    }
    for (const line of lines)
      expect(line).toMatch(/^(?:# (?:HELP|TYPE) posta_\w+ .+|posta_\w+(?:\{\w+="\w+"\})? [\d.e+-]+|)$/)
  })
})

describe('dead letters', () => {
  it('are listed, and sent again one by one', async () => {
    const [one] = await dead(1)
    const { body } = await posta.get<{ messages: { id: string; status: string }[] }>('/v1/admin/dead-letters')
    expect(body.messages).toMatchObject([{ id: one, status: 'failed' }])
    const path = `/v1/admin/messages/${one}/replay`
    expect(await posta.post(path, {})).toMatchObject({ status: 200, body: { id: one, status: 'queued' } })
    await posta.work()
    expect(await statusOf(one!)).toBe('sent')
    const again = await posta.post(path, {})
    expect([again.status, again.body.code]).toEqual([409, 'not_dead'])
  })

  it('are sent again by filter, once: 200 of them, and then none', async () => {
    await dead(100)
    await dead(100)
    const other = await dead(1, { template: 'welcome', data: {} })
    const dry = await posta.post('/v1/admin/dead-letters/replay', { template: 'note', limit: 1_000, dry_run: true })
    expect(dry.body).toMatchObject({ replayed: 200, skipped: [], remaining: 0 })
    const part = await posta.post<{ cursor: string }>('/v1/admin/dead-letters/replay', { template: 'note', limit: 150 })
    expect(part.body).toMatchObject({ replayed: 150, remaining: 50 })
    const rest = { template: 'note', limit: 1_000, cursor: part.body.cursor }
    expect((await posta.post('/v1/admin/dead-letters/replay', rest)).body).toMatchObject({ replayed: 50, remaining: 0 })
    await posta.work()
    const none = await posta.post('/v1/admin/dead-letters/replay', { template: 'note', limit: 1_000 })
    expect(none.body).toMatchObject({ replayed: 0, skipped: [], cursor: null })
    expect(await statusOf(other[0]!)).toBe('failed')
    expect((await posta.get('/v1/admin/stats')).body).toMatchObject({ total_sent: 200 })
  })

  it('that ended meanwhile, or whose words are gone, are skipped with the reason', async () => {
    const [over] = await dead(1, { expires_at: iso(posta.now() + HOUR) })
    posta.pass(2 * HOUR)
    const told = await posta.post<{ skipped: unknown }>('/v1/admin/dead-letters/replay', {})
    expect(told.body).toMatchObject({ replayed: 0, skipped: [{ id: over, code: 'expired' }] })
    const alone = await posta.post(`/v1/admin/messages/${over}/replay`, {})
    expect([alone.status, alone.body.code]).toEqual([422, 'already_over'])
    const [old] = await dead(1)
    posta.pass(15 * DAY)
    await posta.work()
    const gone = await posta.post(`/v1/admin/messages/${old}/replay`, {})
    expect([gone.status, gone.body.code]).toEqual([410, 'payload_gone'])
  })
})

describe('a message whose words are kept', () => {
  it('is sent anew, to the same person or to a corrected address', async () => {
    const [one] = await notes(1, { to: 'ana@exampel.com', reference: 'r1' })
    await posta.settled()
    const path = `/v1/admin/messages/${one}/resend`
    const again = await posta.post<{ messages: { id: string }[] }>(path, { to: 'ana@example.com' })
    expect(again.status).toBe(202)
    await posta.settled()
    expect(await posta.inbox('ana@example.com')).toHaveLength(1)
    const told = await posta.get(`/v1/messages/${again.body.messages[0]!.id}`)
    expect(told.body).toMatchObject({ status: 'sent', reference: 'r1', to_masked: 'a…@e….com' })
    posta.pass(2 * DAY)
    await posta.work()
    const gone = await posta.post(path, {})
    expect([gone.status, gone.body.code]).toEqual([410, 'payload_gone'])
  })

  it('is no code: those are asked for again by who may', async () => {
    const opened = await posta.post<{ deliveries: { message_id: string }[] }>('/v1/challenges', {
      to: { email: 'a@b.co' },
      purpose: 'login',
    })
    await posta.settled()
    const told = await posta.post(`/v1/admin/messages/${opened.body.deliveries[0]!.message_id}/resend`, {})
    expect([told.status, told.body.code]).toEqual([422, 'template_not_sendable'])
  })
})

describe('SENDING', () => {
  it.each([
    ['drop', 'dropped'],
    ['shadow', 'shadowed'],
  ])('=%s ends everything %s, and nothing is ever sent', async (sending, status) => {
    posta = service({ SENDING: sending })
    const [now] = await notes(1, { to: 'ana@example.com' })
    const [later] = await notes(1, { to: 'ana@example.com', send_at: iso(posta.now() + HOUR) })
    await posta.settled()
    expect(await statusOf(now!)).toBe(status)
    posta.pass(HOUR)
    await posta.work()
    const record = await posta.get(`/v1/messages/${later}`)
    expect(record.body).toMatchObject({ status, attempts: [], events: [{ type: 'queued' }, { type: status }] })
    expect(await posta.inbox('ana@example.com')).toEqual([])
    expect((await posta.get('/v1/admin/stats')).body).toMatchObject({ total_sent: 0, queue_depth: 0, dead: 0 })
  })
})

describe('a provider that refuses our key', () => {
  it('is told by /ready with what helps, and goes on when an operator says that it is well', async () => {
    posta = service({ EMAIL_PROVIDERS: 'resend' })
    expect((await posta.ask('GET', '/ready')).body).toMatchObject({ status: 'ready', email: ['resend'] })
    await posta.ask('POST', '/dev/faults', { provider: 'resend', mode: 'refuse' })
    for (let n = 0; n < 6; n++) await notes(1)
    await posta.settled()
    await posta.ask('POST', '/dev/faults', { provider: 'resend', mode: 'ok' })
    posta.pass(2_000)
    const told = await posta.ask('GET', '/ready')
    expect(told).toMatchObject({
      status: 200,
      body: { status: 'degraded', providers: [{ name: 'resend', state: 'open', what: expect.any(String) }] },
    })
    expect(await posta.post('/v1/admin/providers/resend/close', {})).toMatchObject({ status: 204 })
    posta.pass(2_000)
    expect((await posta.ask('GET', '/ready')).body).toMatchObject({ status: 'ready' })
    expect((await posta.post('/v1/admin/providers/nobody/close', {})).status).toBe(404)
  })
})
