// A dead provider costs seconds, never a message; a dead process neither.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startMailVendors } from '../fakes/mail-vendors.ts'
import { type Client, clientOf, codeIn, person, until } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'
import { freePort } from './worker.ts'

const KEYS = { RESEND_API_KEY: 're_test', SENDGRID_API_KEY: 'SG.test', LIMITS: 'off' }

onEachWiring('fallback', (open) => {
  let wiring: Wiring
  let vendors: Awaited<ReturnType<typeof startMailVendors>>
  const alerts: { type: string; provider: string }[] = []
  const operator = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      alerts.push(JSON.parse(body))
      response.end()
    })
  })
  let operatorUrl = ''

  beforeAll(async () => {
    wiring = await open()
    vendors = await startMailVendors()
    await new Promise<void>((resolve) => operator.listen(0, '127.0.0.1', resolve))
    operatorUrl = `http://127.0.0.1:${(operator.address() as AddressInfo).port}/alert`
  })
  afterAll(async () => {
    operator.close()
    await vendors?.close()
    await wiring?.close()
  })

  const settings = (more: Record<string, string> = {}) => ({
    ...KEYS,
    RESEND_BASE_URL: `${vendors.url}/resend`,
    SENDGRID_BASE_URL: `${vendors.url}/sendgrid`,
    ...more,
  })

  async function using(vars: Record<string, string>, story: (client: Client, worker: Running) => Promise<void>) {
    vendors.reset()
    const worker = await wiring.start(vars)
    try {
      await story(clientOf(worker.url), worker)
    } finally {
      await worker.stop()
    }
  }

  /** Opens a challenge and answers how long the code took to a provider, and the record. */
  async function timed(client: Client) {
    const to = person()
    const startedAt = Date.now()
    const { body } = await client.open(to)
    await until(
      async () => vendors.accepted(),
      (mails) => mails.some((mail) => mail.to === to),
    )
    const ms = Date.now() - startedAt
    const id = body.deliveries[0]?.message_id ?? ''
    const { body: record } = await until(
      () => client.message(id),
      (answer) => answer.body.status === 'sent',
    )
    return { ms, record, challengeId: body.challenge_id, to }
  }

  it('leaves through SendGrid within 4 s while Resend is a dead port, and skips it after five failures in a row, alerting once', async () => {
    alerts.length = 0
    const dead = `http://127.0.0.1:${await freePort()}`
    await using(settings({ RESEND_BASE_URL: dead, ALERT_WEBHOOK_URL: operatorUrl }), async (client, worker) => {
      for (let n = 0; n < 5; n++) {
        const { ms, record } = await timed(client)
        expect(ms).toBeLessThan(4_000)
        expect(record.attempts.map((attempt) => attempt.provider)).toEqual(['resend', 'sendgrid'])
      }
      const { record } = await timed(client)
      expect(record.attempts.map((attempt) => attempt.provider)).toEqual(['sendgrid'])
      await until(
        async () => alerts,
        (told) => told.length > 0,
      )
      expect(alerts).toMatchObject([{ type: 'provider.down', provider: 'resend' }])
      expect(worker.logs().match(/"event":"provider_outage"/g)).toHaveLength(1)
    })
  })

  it('leaves through SendGrid within 4 s while Resend hangs', async () => {
    await using(settings(), async (client) => {
      vendors.mode('resend', 'hang')
      const { ms, record } = await timed(client)
      expect(ms).toBeLessThan(4_000)
      expect(record.attempts).toMatchObject([
        { provider: 'resend', outcome: 'unknown', code: 'timeout' },
        { provider: 'sendgrid', outcome: 'accepted' },
      ])
    })
  })

  it.each([
    ['html502', { outcome: 'unavailable', code: 'http_502' }],
    ['error503_bare', { outcome: 'unavailable', code: 'http_503' }],
    ['throttle', { outcome: 'throttled' }],
    ['throttle_bare', { outcome: 'throttled' }],
    ['unauthorized', { outcome: 'misconfigured' }],
    ['quota', { outcome: 'misconfigured' }],
    ['lose_answer', { outcome: 'unknown', code: 'connection_lost' }],
    ['refuse', { outcome: 'unknown', code: 'connection_lost' }],
  ] as const)('falls back at once when Resend answers %s', async (mode, attempt) => {
    await using(settings(), async (client) => {
      vendors.mode('resend', mode)
      const { ms, record } = await timed(client)
      expect(ms).toBeLessThan(4_000)
      expect(record.attempts).toMatchObject([
        { provider: 'resend', ...attempt },
        { provider: 'sendgrid', outcome: 'accepted' },
      ])
    })
  })

  it('does not try a refused address elsewhere, says so, and returns the slot', async () => {
    await using(settings(), async (client) => {
      vendors.mode('resend', 'reject')
      const to = person()
      const { body } = await client.open(to, { Prefer: 'wait=3' })
      expect(body.deliveries).toMatchObject([{ status: 'failed' }])
      const { body: record } = await client.message(body.deliveries[0]?.message_id ?? '')
      expect(record.attempts).toMatchObject([{ provider: 'resend', outcome: 'rejected' }])
      vendors.mode('resend', 'ok')
      expect((await client.open(to)).status).toBe(201)
    })
  })

  it('tries again by itself when every provider was down, with one key, and the code still holds', async () => {
    await using(settings({ EMAIL_PROVIDERS: 'resend' }), async (client) => {
      vendors.mode('resend', 'error500', 2)
      const { record, challengeId, to } = await timed(client)
      expect(record.attempts.map((attempt) => attempt.outcome)).toEqual(['unavailable', 'unavailable', 'accepted'])
      const keys = vendors.requests().map((request) => request.headers['idempotency-key'])
      expect(new Set(keys).size).toBe(1)
      const code = codeIn(vendors.accepted().find((mail) => mail.to === to)?.text ?? '')
      expect((await client.check(challengeId, code)).status).toBe(200)
    })
  }, 60_000)

  it('makes a queued send due at once when it is asked again, taking no slot', async () => {
    await using(settings({ EMAIL_PROVIDERS: 'resend' }), async (client) => {
      vendors.mode('resend', 'error500', 3)
      const to = person()
      const { body } = await client.open(to)
      const messageId = body.deliveries[0]?.message_id ?? ''
      await until(
        () => client.message(messageId),
        (answer) => answer.body.attempts.length === 2 && answer.body.status === 'queued',
        15_000,
      )
      const again = await client.resend(body.challenge_id, { Prefer: 'wait=3' })
      expect(again.status).toBe(202)
      expect(again.body.deliveries[0]?.message_id).toBe(messageId)
      const { body: record } = await client.message(messageId)
      expect(record.attempts).toHaveLength(3)
    })
  }, 60_000)

  it('loses nothing when the process is killed during the call, and makes no second copy at a keyed provider', async () => {
    vendors.reset()
    const vars = settings({ EMAIL_PROVIDERS: 'resend' })
    let worker = await wiring.start(vars)
    try {
      vendors.mode('resend', 'hang', 1)
      const to = person()
      const { body } = await clientOf(worker.url).open(to)
      await until(
        async () => vendors.requests(),
        (requests) => requests.length > 0,
      )
      await worker.kill()
      worker = await worker.restart()
      const client = clientOf(worker.url)
      // The lease of the dead worker ends after 30 s; the alarm or the sweeper finds it.
      const id = body.deliveries[0]?.message_id ?? ''
      await sleep(28_000)
      const { body: record } = await until(
        async () => {
          await worker.sweep()
          return client.message(id)
        },
        (answer) => answer.body.status === 'sent',
        30_000,
      )
      expect(record.attempts).toMatchObject([
        { provider: 'resend', outcome: 'unknown', code: 'lease_lost' },
        { provider: 'resend', outcome: 'accepted' },
      ])
      expect(vendors.accepted().filter((mail) => mail.to === to)).toHaveLength(1)
      const code = codeIn(vendors.accepted().find((mail) => mail.to === to)?.text ?? '')
      expect((await client.check(body.challenge_id, code)).status).toBe(200)
    } finally {
      await worker.stop()
    }
  }, 120_000)
})
