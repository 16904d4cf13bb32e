// A sign-up never fails because mail fails: it says so, and the mail follows by itself.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Mode } from '../fakes/mail-vendors.ts'
import { type MailTruth, newcomer } from './accounts.ts'
import { until } from './client.ts'
import { type Stage, startStage, using } from './mail-stage.ts'
import { onEachWiring, type Wiring } from './wirings.ts'

const NOT_SENT = 'Registration successful! Email confirmation will be sent shortly.'
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const truth = (code: string, error: string, status: string, mayResend = true) => ({
  email_confirmation_sent: false,
  message: NOT_SENT,
  email_info: {
    email_sent: false,
    code,
    error,
    can_resend: mayResend,
    resend_after: expect.stringMatching(INSTANT),
    status,
  },
})
const mailPart = ({ email_confirmation_sent, message, email_info }: MailTruth) => ({
  email_confirmation_sent,
  message,
  ...(email_info ? { email_info } : {}),
})

onEachWiring('mail that fails', (open) => {
  let wiring: Wiring
  let stage: Stage
  beforeAll(async () => {
    wiring = await open()
    stage = await startStage(wiring)
    // The first sign-up of an isolate also pays for its start.
    await stage.people.signedUp()
  })
  beforeEach(() => stage.vendors.reset())
  afterAll(async () => {
    await stage?.close()
    await wiring?.close()
  })
  const everyProvider = (mode: Mode, times?: number) => {
    for (const vendor of ['resend', 'sendgrid'] as const) stage.vendors.mode(vendor, mode, times)
  }

  it('signs up in under 4 s while every provider refuses, and the mail arrives by itself once one is back', async () => {
    const { vendors, people, taken } = stage
    everyProvider('refuse', 2)
    const who = newcomer()
    const startedAt = Date.now()
    const { status, body } = await people.register(who)
    expect(Date.now() - startedAt).toBeLessThan(4_000)
    expect(status).toBe(201)
    expect(mailPart(body)).toEqual(
      truth('unavailable', 'Email service is not available at the moment. Please try again later.', 'queued'),
    )
    expect((await people.me(body.access_token)).body.user_data).toMatchObject({ email_verified: false })
    expect((await people.refresh(body.refresh_token)).status).toBe(200)
    expect((await people.login(who.username)).status).toBe(200)
    const { code } = await taken(who.email)
    // SendGrid takes no key.
    const tries = vendors.requests().filter((request) => request.vendor === 'resend')
    const keys = tries.map((request) => request.headers['idempotency-key'])
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    expect((await people.verify({ challenge_id: body.challenge_id, code })).status).toBe(200)
    expect(vendors.accepted()).toHaveLength(1)
  })

  it('signs up in under 4 s while every provider hangs, and the mail arrives by itself once one is back', async () => {
    const { vendors, people, taken } = stage
    everyProvider('hang')
    const who = newcomer()
    const startedAt = Date.now()
    const { status, body } = await people.register(who)
    expect(Date.now() - startedAt).toBeLessThan(4_000)
    expect(status).toBe(201)
    expect(mailPart(body)).toEqual(
      truth('timeout', 'Email service did not answer in time. Please try again later.', 'sending', false),
    )
    expect((await people.me(body.access_token)).status).toBe(200)
    // Both have had their try before one is back.
    await until(
      async () => vendors.requests(),
      (requests) => requests.length === 2,
    )
    vendors.mode('resend', 'ok')
    const { code } = await taken(who.email)
    expect((await people.verify({ code }, body.access_token)).status).toBe(200)
    expect((await people.me(body.access_token)).body.user_data.email_verified).toBe(true)
  })

  it('leaves through the second provider while the first one is down, and says that it was sent', async () => {
    const { vendors, people } = stage
    vendors.mode('resend', 'error500')
    const { body } = await people.register()
    expect(body.email_confirmation_sent).toBe(true)
    expect(body).not.toHaveProperty('email_info')
  })

  it('tells a resend the truth, and makes the mail that still waits leave at once', async () => {
    const { vendors, people, client } = stage
    everyProvider('error500', 2)
    const who = newcomer()
    const { body } = await people.register(who)
    const again = await people.resend({}, body.access_token)
    expect(again.status).toBe(202)
    expect(again.body).toEqual({
      ...truth('unavailable', 'Email service is not available at the moment. Please try again later.', 'queued'),
      message: 'Email confirmation will be sent shortly.',
      challenge_id: body.challenge_id,
      resend_after: expect.stringMatching(INSTANT),
    })
    const sent = await people.resend({}, body.access_token)
    expect(sent.body).toEqual({
      email_confirmation_sent: true,
      message: 'Please check your email for confirmation code.',
      challenge_id: body.challenge_id,
      resend_after: expect.stringMatching(INSTANT),
    })
    expect(vendors.accepted()).toHaveLength(1)
    const older = await client.post<MailTruth>(
      '/api/v1/usr/email/resend',
      {},
      { Authorization: `Bearer ${body.access_token}` },
    )
    expect(older).toMatchObject({ status: 429, body: { code: 'too_many_sends' } })
  })

  it('says that sending is switched off, and that the mail leaves later', async () => {
    await using(wiring, { SENDING: 'off' }, async ({ people, vendors }) => {
      const { status, body } = await people.register()
      expect(status).toBe(201)
      const sentence = 'Sending is switched off at the moment. The email will leave later.'
      expect(mailPart(body)).toEqual(truth('held', sentence, 'queued', false))
      expect(vendors.requests()).toHaveLength(0)
    })
  })
})
