// A dead provider costs seconds, never a message; a dead process neither.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../fakes/free-port.ts'
import type { Mode } from '../fakes/mail-vendors.ts'
import { clientOf, codeIn, KEY, person, until } from './client.ts'
import { using as onStage, type Stage } from './mail-stage.ts'
import { onEachWiring, type Wiring } from './wirings.ts'

onEachWiring('fallback', (open) => {
  let wiring: Wiring
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
    await new Promise<void>((resolve) => operator.listen(0, '127.0.0.1', resolve))
    operatorUrl = `http://127.0.0.1:${(operator.address() as AddressInfo).port}/alert`
  })
  afterAll(async () => {
    operator.close()
    await wiring?.close()
  })

  const using = (vars: Record<string, string>, story: (stage: Stage) => Promise<void>) => onStage(wiring, vars, story)

  /** Opens a challenge and answers how long the code took to a provider, and the record. */
  async function timed({ client, vendors }: Stage) {
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
    await using({ RESEND_BASE_URL: dead, ALERT_WEBHOOK_URL: operatorUrl }, async (stage) => {
      for (let n = 0; n < 5; n++) {
        const { ms, record } = await timed(stage)
        expect(ms).toBeLessThan(4_000)
        expect(record.attempts.map((attempt) => attempt.provider)).toEqual(['resend', 'sendgrid'])
      }
      const { record } = await timed(stage)
      expect(record.attempts.map((attempt) => attempt.provider)).toEqual(['sendgrid'])
      await until(
        async () => alerts,
        (told) => told.length > 0,
      )
      expect(alerts).toMatchObject([{ type: 'provider.down', provider: 'resend' }])
      expect(stage.worker.logs().match(/"event":"provider_outage"/g)).toHaveLength(1)
    })
  })

  async function expectFallback(stage: Stage, mode: Mode, attempt: object) {
    stage.vendors.mode('resend', mode)
    const { ms, record } = await timed(stage)
    expect(ms).toBeLessThan(4_000)
    expect(record.attempts).toMatchObject([
      { provider: 'resend', ...attempt },
      { provider: 'sendgrid', outcome: 'accepted' },
    ])
  }

  it('leaves through SendGrid within 4 s while Resend hangs', async () => {
    await using({}, (stage) => expectFallback(stage, 'hang', { outcome: 'unknown', code: 'timeout' }))
  })

  it('falls back at once whatever Resend answers: too much, no, or nothing that can be read', async () => {
    await using({}, async (stage) => {
      for (const [mode, attempt] of [
        ['throttle', { outcome: 'throttled' }],
        ['throttle_bare', { outcome: 'throttled' }],
        ['unauthorized', { outcome: 'misconfigured' }],
        ['quota', { outcome: 'misconfigured' }],
      ] as const) {
        await expectFallback(stage, mode, attempt)
        // One such answer closes Resend for a while.
        expect((await stage.client.post('/v1/admin/providers/resend/close', {}, KEY)).status).toBe(204)
      }
      // Four in a row: with the fifth Resend would be skipped.
      await expectFallback(stage, 'html502', { outcome: 'unavailable', code: 'http_502' })
      await expectFallback(stage, 'error503_bare', { outcome: 'unavailable', code: 'http_503' })
      await expectFallback(stage, 'lose_answer', { outcome: 'unknown', code: 'connection_lost' })
      await expectFallback(stage, 'refuse', { outcome: 'unknown', code: 'connection_lost' })
    })
  })

  it('does not try a refused address elsewhere, says so, and returns the slot', async () => {
    await using({}, async ({ client, vendors }) => {
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

  // These wait more than they work: all at once.

  it.concurrent('tries again by itself when every provider was down, with one key, and the code still holds', async () => {
    await using({ EMAIL_PROVIDERS: 'resend' }, async (stage) => {
      const { client, vendors } = stage
      vendors.mode('resend', 'error500', 2)
      const { record, challengeId, to } = await timed(stage)
      expect(record.attempts.map((attempt) => attempt.outcome)).toEqual(['unavailable', 'unavailable', 'accepted'])
      const keys = vendors.requests().map((request) => request.headers['idempotency-key'])
      expect(new Set(keys).size).toBe(1)
      const code = codeIn(vendors.accepted().find((mail) => mail.to === to)?.text ?? '')
      expect((await client.check(challengeId, code)).status).toBe(200)
    })
  }, 60_000)

  it.concurrent('makes a queued send due at once when it is asked again, taking no slot', async () => {
    await using({ EMAIL_PROVIDERS: 'resend' }, async ({ client, vendors }) => {
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

  it.concurrent('loses nothing when the process is killed during the call, and makes no second copy at a keyed provider', async () => {
    await using({ EMAIL_PROVIDERS: 'resend' }, async ({ worker, vendors, client: before }) => {
      vendors.mode('resend', 'hang', 1)
      const to = person()
      const { body } = await before.open(to)
      await until(
        async () => vendors.requests(),
        (requests) => requests.length > 0,
      )
      await worker.kill()
      const again = await worker.restart()
      try {
        const client = clientOf(again.url)
        // The lease of the dead worker ends after 30 s; the alarm or the sweeper finds it.
        const id = body.deliveries[0]?.message_id ?? ''
        await sleep(28_000)
        const { body: record } = await until(
          async () => {
            await again.sweep()
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
        await again.stop()
      }
    })
  }, 120_000)
})
