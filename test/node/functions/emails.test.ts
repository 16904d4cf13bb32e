// /v1/emails as a person uses it: sent while they wait, or told at once who would not, in whose name and how often.
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { deliver } from '../../../lib/delivery/deliver.ts'
import { sweep } from '../../../lib/delivery/sweep.ts'
import { type Person, type Service, service } from '../../fakes/service.ts'
import { NEWSLETTER } from '../../html-attacks.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

interface Sent {
  success: boolean
  message_id: string
  provider_used: string | null
  status: string
}
interface Problem {
  code: string
  detail: string
  providers: { provider: string; code: string }[]
}
interface Shown {
  status: string
  template: string
  attempts: { provider: string; outcome: string }[]
}

let posta: Service
let ana: Person
beforeAll(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
const opened = async (env: Record<string, string> = {}) => {
  posta = service({
    APP_NAME: 'Cine',
    EMAIL_FROM: 'Cine <no-reply@cine.example.com>',
    EMAIL_PROVIDERS: 'resend,sendgrid',
    ...env,
  })
  ana = await posta.person({ emailVerified: true })
}
beforeEach(() => opened())

const mail = (more: object = {}) => ({
  to_email: 'luis@example.com',
  subject: 'Hola',
  html_content: '<p>Hola, <b>Luis</b></p>',
  ...more,
})
const write = <T = Sent>(more: object = {}, headers: Record<string, string> = {}) =>
  posta.ask<T>('POST', '/v1/emails', mail(more), { ...ana.headers, ...headers })
const fault = (provider: string, mode: string, times = 1) => posta.post('/dev/faults', { provider, mode, times })
const shown = async (id: string) => (await posta.get<Shown>(`/v1/messages/${id}`)).body
const received = () => posta.inbox('luis@example.com')

describe('a person', () => {
  it('writes through the first provider, as themselves by way of the app, and is answered directly', async () => {
    const { status, body } = await write({ to_name: 'Luis' })
    expect({ status, body }).toEqual({
      status: 200,
      body: { success: true, message_id: expect.stringMatching(/^msg_/), provider_used: 'resend', status: 'sent' },
    })
    const [got] = await received()
    expect(got).toMatchObject({ subject: 'Hola', text: 'Hola, Luis', provider: 'resend' })
    expect(got?.from).toContain('ana via Cine')
    expect(got?.from).toContain('no-reply@cine.example.com')
    expect(got?.reply_to).toContain('ana@example.com')
    // A person wrote it: an out-of-office answer is theirs to get.
    expect(got?.headers).not.toHaveProperty('Auto-Submitted')
    expect((await ana.get<Shown>(`/v1/messages/${body.message_id}`)).body).toMatchObject({ template: 'user-mail' })
    const eva = await posta.person({ username: 'eva', emailVerified: true })
    expect((await eva.get(`/v1/messages/${body.message_id}`)).status).toBe(404)
  })

  it('writes from their own address where its domain is ours to send from', async () => {
    await opened({ SENDER_DOMAINS: 'Example.com', EMAIL_REPLY_TO: 'help@cine.example.com' })
    await write()
    const [got] = await received()
    expect(got?.from).toContain('ana@example.com')
    expect(got?.from).not.toContain('via')
    expect(got?.reply_to).toBeNull()
  })

  it('has HTML cleaned, and plain HTML left as it is', async () => {
    await write({ html_content: `${NEWSLETTER}<script>x()</script><img src=x onerror=x()>`, text_content: 'En texto' })
    const [got] = await received()
    expect(got?.html).toContain(`<body>${NEWSLETTER}<img /></body>`)
    expect(got?.text).toBe('En texto')
  })

  it('without a verified address is told so, and nothing is kept', async () => {
    const eva = await posta.person({ username: 'eva' })
    const { status, body } = await eva.post<Problem>('/v1/emails', mail())
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'email_not_verified' })
    expect((await eva.get<Problem>('/v1/emails/providers')).status).toBe(403)
    expect(await received()).toEqual([])
  })

  it('whose sessions were ended is nobody', async () => {
    posta.pass(1)
    await posta.deps.core.store.sessions.revokeAll(ana.id, posta.now())
    expect((await write()).status).toBe(401)
    expect((await ana.get('/v1/emails/providers')).status).toBe(401)
    expect(await received()).toEqual([])
  })

  it('writes five an hour and twenty a day', async () => {
    await opened({ ACCESS_TOKEN_MINUTES: '1440' })
    const statuses: number[] = []
    for (let hour = 0; hour < 5; hour++) {
      for (let n = 0; n < 5; n++) statuses.push((await write({ to_email: `p${hour}${n}@example.com` })).status)
      if (hour < 4) {
        const over = await write<Problem>({ to_email: 'p@example.com' })
        expect(over).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
        expect(Number(over.headers.get('Retry-After'))).toBeGreaterThan(0)
      }
      posta.pass(HOUR)
    }
    expect(statuses).toEqual([...Array(20).fill(200), ...Array(5).fill(429)])
  })
})

it('a backend writes as the deployment, as often as its key may', async () => {
  await opened({ EMAIL_REPLY_TO: 'help@cine.example.com' })
  for (let n = 0; n < 7; n++) expect((await posta.post('/v1/emails', mail())).status).toBe(200)
  const [got] = await received()
  expect(got?.from).toContain('no-reply@cine.example.com')
  expect(got?.from).not.toContain('via')
  expect(got?.reply_to).toContain('help@cine.example.com')
})

describe('providers', () => {
  it('takes the next one when the first refuses', async () => {
    await fault('resend', 'error')
    expect((await write()).body).toMatchObject({ success: true, provider_used: 'sendgrid', status: 'sent' })
  })

  it('says who refused, ends there, and never tries it later', async () => {
    await fault('resend', 'error')
    await fault('sendgrid', 'throttle')
    const { status, body } = await write<Problem>({}, { 'Idempotency-Key': 'k' })
    expect(status).toBe(502)
    expect(body).toMatchObject({
      code: 'not_sent',
      providers: [
        { provider: 'resend', code: 'http_500' },
        { provider: 'sendgrid', code: 'rate_limit_exceeded' },
      ],
    })
    const { messages } = (await posta.get<{ messages: Shown[] }>('/v1/messages?template=user-mail')).body
    expect(messages.map((one) => one.status)).toEqual(['failed'])
    // The same request is told the same.
    expect(await write<Problem>({}, { 'Idempotency-Key': 'k' })).toMatchObject({
      status: 502,
      body: { code: 'not_sent' },
    })
    posta.pass(25 * HOUR)
    await posta.work()
    expect(await received()).toEqual([])
  })

  it('counts who is held as one who refused', async () => {
    for (let n = 0; n < 5; n++) {
      await fault('resend', 'error')
      await posta.post('/v1/emails', mail({ provider: 'resend', use_fallback: false }))
    }
    const { providers } = (await ana.get<{ providers: object[] }>('/v1/emails/providers')).body
    expect(providers).toEqual([
      { name: 'resend', state: 'open' },
      { name: 'sendgrid', state: 'closed' },
    ])
    const alone = await write<Problem>({ provider: 'resend', use_fallback: false })
    expect(alone).toMatchObject({ status: 502, body: { providers: [{ provider: 'resend', code: 'held' }] } })
    await fault('sendgrid', 'error')
    const both = await write<Problem>()
    expect(both).toMatchObject({
      status: 502,
      body: {
        providers: [
          { provider: 'resend', code: 'held' },
          { provider: 'sendgrid', code: 'http_500' },
        ],
      },
    })
    posta.pass(2 * MINUTE)
    await posta.work()
    expect(await received()).toEqual([])
  })

  it('in doubt says so, goes on, and leaves one copy', async () => {
    await fault('resend', 'lose_answer')
    const { status, body } = await write()
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { success: false, provider_used: null, status: 'queued' },
    })
    posta.pass(MINUTE)
    await posta.work()
    expect((await shown(body.message_id)).status).toBe('sent')
    expect((await shown(body.message_id)).attempts.map((one) => one.provider)).toEqual(['resend', 'resend'])
  })

  it('asks the one that is named first, and it alone without fallback', async () => {
    expect((await write({ provider: 'sendgrid' })).body.provider_used).toBe('sendgrid')
    await fault('sendgrid', 'error', 2)
    expect((await write({ provider: 'sendgrid' })).body.provider_used).toBe('resend')
    const alone = await write<Problem>({ provider: 'sendgrid', use_fallback: false })
    expect(alone).toMatchObject({ status: 502, body: { providers: [{ provider: 'sendgrid', code: 'http_500' }] } })
  })

  it('stays with the first no to an address, which is a no everywhere', async () => {
    await fault('resend', 'reject')
    expect(await write<Problem>()).toMatchObject({
      status: 502,
      body: { providers: [{ provider: 'resend', code: 'rejected' }] },
    })
  })

  it('are listed with whom the mail will be from', async () => {
    expect((await ana.get('/v1/emails/providers')).body).toEqual({
      providers: [
        { name: 'resend', state: 'closed' },
        { name: 'sendgrid', state: 'closed' },
      ],
      from: { address: 'no-reply@cine.example.com', name: 'ana via Cine' },
      reply_to: 'ana@example.com',
    })
    expect((await posta.get('/v1/emails/providers')).body).toMatchObject({
      from: { address: 'no-reply@cine.example.com', name: 'Cine' },
      reply_to: null,
    })
  })
})

it('is held, not refused, while sending is switched off', async () => {
  await opened({ SENDING: 'off' })
  expect(await write()).toMatchObject({ status: 202, body: { success: false, status: 'queued' } })
})

it('goes on after a worker that died, with one copy', async () => {
  const { core } = posta.deps
  const { settle } = core.store.outbox
  // The provider has taken it; the worker dies before it can write that down.
  core.store.outbox.settle = () => new Promise(() => {})
  const { sleep } = core
  core.sleep = async () => {}
  const { status, body } = await write()
  expect({ status, told: body.status }).toEqual({ status: 202, told: 'sending' })
  core.store.outbox.settle = settle
  core.sleep = sleep
  for (let minutes = 0; minutes < 3; minutes++) {
    posta.pass(MINUTE)
    await sweep(core)
    await deliver(core, { due: true })
  }
  expect((await shown(body.message_id)).status).toBe('sent')
  expect(new Set((await received()).map((one) => one.id)).size).toBe(1)
})

it('sends a repeated request once, and tells both the same', async () => {
  const first = await write({}, { 'Idempotency-Key': 'k' })
  const again = await write({}, { 'Idempotency-Key': 'k' })
  expect(again.body).toEqual(first.body)
  expect(again.headers.get('Idempotency-Replayed')).toBe('true')
  expect(await received()).toHaveLength(1)
  expect(await write<Problem>({ subject: 'x' }, { 'Idempotency-Key': 'k' })).toMatchObject({
    status: 422,
    body: { code: 'idempotency_mismatch' },
  })
})
