// POST /v1/admin/doctor: each provider is asked once, and what is told is what it said.
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Fault } from '../../../lib/outcome/fault.ts'
import { type MailVendors, startMailVendors } from '../../fakes/mail-vendors.ts'
import { type Service, service } from '../../fakes/service.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const TO = 'boss@example.com'

interface Told {
  code?: string
  limit?: string
  retry_after?: number
  providers: { name: string; answer: string; message_id: string; last_report_at: string | null }[]
  cron_last_at: string | null
  webhook_urls: Record<string, string>
}

let vendors: MailVendors
let posta: Service
beforeAll(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
afterEach(() => vendors?.close())

const real = async (more: Record<string, string> = {}) => {
  vendors = await startMailVendors()
  posta = service({
    ...{ EMAIL_FROM: 'Cine <no-reply@cine.pe>', RESEND_API_KEY: 're_1', RESEND_BASE_URL: `${vendors.url}/resend` },
    ...{
      SENDGRID_API_KEY: 'SG.1',
      SENDGRID_BASE_URL: `${vendors.url}/sendgrid`,
      SENDGRID_WEBHOOK_KEY: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE',
    },
    ...{ MAILGUN_API_KEY: 'mg_1', MAILGUN_DOMAIN: 'cine.pe', MAILGUN_BASE_URL: `${vendors.url}/mailgun` },
    ...more,
  })
}
const examine = (body: object = { to: TO }, headers = {}) => posta.post<Told>('/v1/admin/doctor', body, headers)

describe('an examination', () => {
  it('sends one mail by each provider, and tells its answer, its domain and what is not set', async () => {
    await real({ ADMIN_EMAILS: TO })
    vendors.mode('sendgrid', 'unauthorized')
    vendors.mode('mailgun', { status: 404, body: { message: 'Domain not found: cine.pe' } })
    const boss = await posta.person({ username: 'boss', emailVerified: true })
    const { status, body } = await boss.post<Told>('/v1/admin/doctor', { to: TO })
    expect(status).toBe(200)
    const common = { ms: expect.any(Number), message_id: expect.stringMatching(/^msg_/), last_report_at: null }
    const domain = (state: string) => ({ name: 'cine.pe', state })
    expect(body).toEqual({
      providers: [
        {
          ...{ ...common, name: 'resend', answer: 'accepted', code: null, failure: null, what: null },
          ...{ domain: domain('accepted'), webhook: { setting: 'RESEND_WEBHOOK_SECRET', set: false } },
        },
        {
          ...{ ...common, name: 'sendgrid', answer: 'misconfigured', code: 'http_401', failure: 'key_refused' },
          ...{ what: expect.stringContaining('Check its API key'), domain: domain('unknown') },
          webhook: { setting: 'SENDGRID_WEBHOOK_KEY', set: true },
        },
        {
          ...{ ...common, name: 'mailgun', answer: 'misconfigured', code: 'sender_domain_not_verified' },
          ...{ failure: 'sender_domain_not_verified', what: expect.stringContaining('EMAIL_FROM') },
          ...{ domain: domain('refused'), webhook: { setting: 'MAILGUN_SIGNING_KEY', set: false } },
        },
      ],
      sending: 'on',
      store: { name: 'sqlite', ms: expect.any(Number) },
      scheduler: { name: 'alarm', answer: 'ok', ms: expect.any(Number) },
      cron_last_at: null,
      clock: { at: new Date(posta.now()).toISOString() },
      webhook_urls: expect.any(Object),
    })
    expect(
      vendors
        .requests()
        .map((one) => one.vendor)
        .sort(),
    ).toEqual(['mailgun', 'resend', 'sendgrid'])
    const [mail] = vendors.accepted()
    expect(mail).toMatchObject({ to: TO, messageId: body.providers[0]?.message_id })
    expect(mail?.subject).toContain('resend')
    expect(mail?.text).toContain('by way of resend')
  })

  it('tries nothing later: what has not left is called back, and no other provider takes it', async () => {
    await real()
    vendors.mode('resend', 'error500')
    const { body } = await examine()
    expect(body.providers[0]).toMatchObject({ answer: 'unavailable', failure: 'provider_failed' })
    vendors.mode('resend', 'ok')
    posta.pass(MINUTE)
    await posta.work()
    expect(
      vendors
        .accepted()
        .map((one) => one.vendor)
        .sort(),
    ).toEqual(['mailgun', 'sendgrid'])
    expect((await posta.get(`/v1/messages/${body.providers[0]?.message_id}`)).body).toMatchObject({
      status: 'cancelled',
      attempts: [{ provider: 'resend' }],
    })
    expect((await posta.get('/v1/admin/stats')).body).toMatchObject({ queue_depth: 0, dead: 0 })
  })

  it('of a provider that is left alone says why, and does not ask it', async () => {
    await real()
    vendors.mode('resend', 'unauthorized')
    await examine()
    const before = vendors.requests().filter((one) => one.vendor === 'resend').length
    posta.pass(MINUTE)
    const { body } = await examine()
    expect(body.providers[0]).toMatchObject({ answer: 'held', ms: null, failure: 'key_refused' })
    expect(vendors.requests().filter((one) => one.vendor === 'resend')).toHaveLength(before)
  })

  it.each([
    ['off', 'off'],
    ['drop', 'dropped'],
    ['shadow', 'shadowed'],
  ])('under SENDING=%s calls nobody, and says so: %s', async (sending, told) => {
    await real({ SENDING: sending })
    const { body } = await examine()
    expect(body).toMatchObject({ sending, providers: [{ answer: told }, { answer: told }, { answer: told }] })
    expect(vendors.requests()).toEqual([])
    expect((await posta.get('/v1/admin/stats')).body).toMatchObject({ queue_depth: 0 })
  })

  it('knows when the cron was last here, and when a provider last reported', async () => {
    await real()
    const first = await examine()
    expect(first.body).toMatchObject({ cron_last_at: null })
    await posta.work()
    const sweptAt = posta.now()
    posta.pass(MINUTE)
    const messageId = first.body.providers[1]!.message_id
    const report = { messageId, provider: 'sendgrid', type: 'delivered', eventId: 'e1' } as const
    await posta.deps.core.store.outbox.report({ ...report, at: posta.now() - 5, now: posta.now() })
    const { body } = await examine()
    expect(body.cron_last_at).toBe(new Date(sweptAt).toISOString())
    const reported = new Date(posta.now()).toISOString()
    expect(body.providers.map((one) => one.last_report_at)).toEqual([null, reported, null])
  })

  it('tells of a scheduler that does not answer', async () => {
    await real()
    const { core } = posta.deps
    core.scheduler.wake = () => Promise.reject(new Fault('scheduler'))
    expect((await examine()).body).toMatchObject({ scheduler: { name: 'alarm', answer: 'unavailable' } })
  })

  it('happens three times an hour, whoever asks and whatever LIMITS says', async () => {
    await real({ LIMITS: 'off' })
    for (let n = 0; n < 3; n++) expect((await examine()).status).toBe(200)
    const sent = vendors.requests().length
    const more = await examine()
    expect([more.status, more.body.code, more.body.limit]).toEqual([429, 'too_many_requests', 'doctor'])
    expect(more.headers.get('Retry-After')).toBe('3600')
    expect(vendors.requests()).toHaveLength(sent)
    posta.pass(HOUR)
    expect((await examine()).status).toBe(200)
  })

  it('wants one address, and an operator', async () => {
    await real()
    for (const to of [undefined, 'boss', [TO]]) expect((await examine({ to })).status).toBe(422)
    expect((await posta.ask('POST', '/v1/admin/doctor', { to: TO })).status).toBe(401)
    const ana = await posta.person()
    expect((await ana.post('/v1/admin/doctor', { to: TO })).status).toBe(403)
    expect(vendors.requests()).toEqual([])
  })

  it('names addresses for reports only where something answers', async () => {
    await real({ PUBLIC_URL: 'http://localhost:8787' })
    const { body } = await examine()
    for (const [name, url] of Object.entries(body.webhook_urls)) {
      expect(url).toBe(`http://localhost:8787/hooks/providers/${name}`)
      expect((await posta.ask('POST', new URL(url).pathname, {})).status).not.toBe(404)
    }
    for (const { name } of body.providers) {
      const { status } = await posta.ask('POST', `/hooks/providers/${name}`, {})
      expect({ name, told: name in body.webhook_urls }).toEqual({ name, told: status !== 404 })
    }
  })
})
