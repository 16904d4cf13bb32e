// A sign-up never fails because mail fails: it says so, the mail follows by itself, and what was refused costs nothing.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type MailVendors, startMailVendors } from '../fakes/mail-vendors.ts'
import { type AccountClient, accountsOf, type MailTruth, newcomer, PASSWORD } from './accounts.ts'
import { type Client, clientOf, codeIn, until } from './client.ts'
import { onEachWiring, type Wiring } from './wirings.ts'

const NOT_SENT = 'Registration successful! Email confirmation will be sent shortly.'
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

interface Stage {
  vendors: MailVendors
  client: Client
  people: AccountClient
  /** Waits for the mail that a provider takes. */
  taken: (to: string) => Promise<{ text: string; code: string }>
}

/** A Worker over Resend and SendGrid of its own. */
async function using(wiring: Wiring, vars: Record<string, string>, story: (stage: Stage) => Promise<void>) {
  const vendors = await startMailVendors()
  const worker = await wiring.start({
    LIMITS: 'off',
    RESEND_API_KEY: 're_test',
    RESEND_BASE_URL: `${vendors.url}/resend`,
    SENDGRID_API_KEY: 'SG.test',
    SENDGRID_BASE_URL: `${vendors.url}/sendgrid`,
    ...vars,
  })
  const client = clientOf(worker.url)
  const taken = async (to: string) => {
    const found = await until(
      async () => vendors.accepted().find((mail) => mail.to === to),
      (mail) => mail !== undefined,
      20_000,
    )
    return { text: found?.text ?? '', code: codeIn(found?.text ?? '') }
  }
  try {
    await story({ vendors, client, people: accountsOf(client), taken })
  } finally {
    await worker.stop()
    await vendors.close()
  }
}

const truth = (error: string, status: string) => ({
  email_confirmation_sent: false,
  message: NOT_SENT,
  email_info: {
    email_sent: false,
    error,
    can_resend: true,
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
  beforeAll(async () => {
    wiring = await open()
  })
  afterAll(() => wiring?.close())

  it('signs up in under 4 s while every provider refuses, and the mail arrives by itself once one is back', async () => {
    await using(wiring, { EMAIL_PROVIDERS: 'resend' }, async ({ vendors, people, taken }) => {
      // The first sign-up of an isolate also pays for its start.
      await people.signedUp()
      vendors.reset()
      vendors.mode('resend', 'refuse', 2)
      const who = newcomer()
      const startedAt = Date.now()
      const { status, body } = await people.register(who)
      expect(Date.now() - startedAt).toBeLessThan(4_000)
      expect(status).toBe(201)
      expect(mailPart(body)).toEqual(
        truth('Email service is not available at the moment. Please try again later.', 'queued'),
      )
      expect((await people.me(body.access_token)).body.user_data).toMatchObject({ email_verified: false })
      expect((await people.refresh(body.refresh_token)).status).toBe(200)
      expect((await people.login(who.username)).status).toBe(200)
      const { code } = await taken(who.email)
      const keys = vendors.requests().map((request) => request.headers['idempotency-key'])
      expect(keys).toHaveLength(3)
      expect(new Set(keys).size).toBe(1)
      expect((await people.verify({ challenge_id: body.challenge_id, code })).status).toBe(200)
      expect(vendors.accepted()).toHaveLength(1)
    })
  })

  it('signs up in under 4 s while every provider hangs, and the mail arrives by itself once one is back', async () => {
    await using(wiring, {}, async ({ vendors, people, taken }) => {
      // The first sign-up of an isolate also pays for its start.
      await people.signedUp()
      vendors.reset()
      vendors.mode('resend', 'hang')
      vendors.mode('sendgrid', 'hang')
      const who = newcomer()
      const startedAt = Date.now()
      const { status, body } = await people.register(who)
      expect(Date.now() - startedAt).toBeLessThan(4_000)
      expect(status).toBe(201)
      expect(mailPart(body)).toEqual(
        truth(
          'Email service did not answer in time. Please try again later.',
          expect.stringMatching(/^(sending|queued)$/),
        ),
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
  })

  it('leaves through the second provider while the first one is down, and says that it was sent', async () => {
    await using(wiring, {}, async ({ vendors, people }) => {
      vendors.mode('resend', 'error500')
      const { body } = await people.register()
      expect(body.email_confirmation_sent).toBe(true)
      expect(body).not.toHaveProperty('email_info')
    })
  })

  it('tells a resend the truth, and makes the mail that still waits leave at once', async () => {
    await using(wiring, { EMAIL_PROVIDERS: 'resend' }, async ({ vendors, people, client }) => {
      vendors.mode('resend', 'error500', 2)
      const who = newcomer()
      const { body } = await people.register(who)
      const again = await people.resend({}, body.access_token)
      expect(again.status).toBe(202)
      expect(again.body).toEqual({
        ...truth('Email service is not available at the moment. Please try again later.', 'queued'),
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
  })

  it('says that sending is switched off, and that the mail leaves later', async () => {
    await using(wiring, { SENDING: 'off' }, async ({ people, vendors }) => {
      const { status, body } = await people.register()
      expect(status).toBe(201)
      const sentence = 'Sending is switched off at the moment. The email will leave later.'
      expect(mailPart(body)).toEqual(truth(sentence, 'queued'))
      expect(vendors.requests()).toHaveLength(0)
    })
  })
})

onEachWiring('what sends cost', (open) => {
  let wiring: Wiring
  beforeAll(async () => {
    wiring = await open()
  })
  afterAll(() => wiring?.close())

  it('gives back what was refused: three real mails are still possible, and no fourth', async () => {
    await using(wiring, { EMAIL_PROVIDERS: 'resend' }, async ({ vendors, people }) => {
      vendors.mode('resend', 'reject', 4)
      const who = newcomer()
      const { status, body } = await people.register(who)
      expect(status).toBe(201)
      const sentence = 'The email could not be sent to this address. Please check it, or try again later.'
      expect(mailPart(body)).toEqual(truth(sentence, 'failed'))
      for (let n = 0; n < 3; n++) {
        const refused = await people.resend({}, body.access_token)
        expect(refused.body.email_info).toMatchObject({ status: 'failed', can_resend: true })
      }
      for (let n = 1; n <= 3; n++) {
        const sent = await people.resend({}, body.access_token)
        expect(sent.body).toMatchObject({ email_confirmation_sent: true, challenge_id: body.challenge_id })
        const early = await people.resend({}, body.access_token)
        expect(early).toMatchObject({ status: 429, body: { code: 'too_many_sends' } })
        expect(Number(early.headers.get('Retry-After'))).toBeGreaterThan(n < 3 ? 25 : 3_500)
        if (n < 3) await sleep(Number(early.headers.get('Retry-After')) * 1_000)
      }
      const codes = vendors.accepted().map((mail) => codeIn(mail.text))
      expect(codes).toHaveLength(3)
      expect(new Set(codes).size).toBe(1)
      expect((await people.verify({ code: codes[0] ?? '' }, body.access_token)).status).toBe(200)
      const done = await people.resend({}, body.access_token)
      expect(done).toMatchObject({ status: 409, body: { code: 'already_verified' } })
      expect((await people.login(who.email, PASSWORD)).status).toBe(200)
    })
  }, 120_000)
})
