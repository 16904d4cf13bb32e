// Accounts in one store, ledger in another, and each of them down at the worst moment: 503, nothing half-made, no bypass.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Supabase } from '../fakes/supabase.ts'
import { redisMissing, type Upstash } from '../fakes/upstash.ts'
import {
  type AccountClient,
  accountsOf,
  bearer,
  newcomer,
  OTHER_PASSWORD,
  PASSWORD,
  type Registration,
} from './accounts.ts'
import { type Answer, type Client, clientOf } from './client.ts'
import { distributed, type Running, type Wiring } from './wirings.ts'

const expectDown = (answer: Answer<unknown>, what: 'users' | 'store') => {
  expect(answer).toMatchObject({ status: 503, body: { code: `${what}_unavailable`, status: 503 } })
  expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0)
}

describe.skipIf(redisMissing !== null)(`two stores${redisMissing ? ` (${redisMissing})` : ''}`, () => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  let supabase: Supabase
  let upstash: Upstash
  beforeAll(async () => {
    wiring = await distributed()
    worker = await wiring.start({ LIMITS: 'off', APP_URL: 'https://app.example.com' })
    client = clientOf(worker.url)
    people = accountsOf(client)
    if (!worker.backends) throw new Error('the distributed wiring has backends')
    ;({ supabase, upstash } = worker.backends)
    // Redis learns each script with its first use, which costs a second request.
    const who = await people.signedUp()
    await people.verify({ token: (await people.newMail(who.email, 0)).token })
    await people.recover(who.email)
    await people.reset({ token: (await people.newMail(who.email, 1)).token })
    const { body } = await people.login(who.username, OTHER_PASSWORD)
    await people.refresh(body.refresh_token)
  })
  afterEach(() => {
    supabase.mode({ kind: 'ok' })
    upstash.mode({ kind: 'ok' })
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  describe('Supabase down', () => {
    it('answers 503 to whatever needs an account, and makes nothing of a sign-up', async () => {
      const who = await people.signedUp()
      const next = newcomer()
      supabase.mode({ kind: 'down' })
      expectDown(await people.register(next), 'users')
      expectDown(await people.login(who.username), 'users')
      expectDown(await people.me(who.access), 'users')
      expectDown(await people.change(who.access, { locale: 'es' }), 'users')
      expectDown(await people.changePassword(who.access, PASSWORD, OTHER_PASSWORD), 'users')
      expectDown(await people.recover(who.email), 'users')
      expectDown(await people.recover(newcomer().email), 'users')
      expectDown(await client.ask('/ready'), 'users')
      supabase.mode({ kind: 'ok' })
      expect((await people.register(next)).status).toBe(201)
      expect((await people.me(who.access)).body.user_data).toEqual(who.user)
      expect((await people.login(who.username)).status).toBe(200)
      // The session never needed it.
      expect((await people.refresh(who.refresh)).status).toBe(200)
    })

    it('asks once more after one lost answer, and makes one account', async () => {
      for (const kind of ['down', 'lose_answer', 'half', 'gateway'] as const) {
        const who = newcomer()
        supabase.mode({ kind, times: 1 })
        const { status, body } = await people.register(who)
        expect({ kind, status, sent: body.email_confirmation_sent }).toEqual({ kind, status: 201, sent: true })
        expect((await people.login(who.username)).body.user_data).toEqual(body.user_data)
      }
    })

    it('lets the person in by their password when the answer to their sign-up was lost for good', async () => {
      const who = newcomer()
      supabase.mode({ kind: 'lose_answer', times: 2 })
      expectDown(await people.register(who), 'users')
      expect((await people.register(who)).body.code).toBe('username_taken')
      const { status, body } = await people.login(who.username)
      expect(status).toBe(200)
      expect((await people.resend({}, body.access_token)).body.email_confirmation_sent).toBe(true)
    })

    it('takes the same code again when it went down between the check and its effect', async () => {
      const who = await people.signedUp()
      const { code } = await people.newMail(who.email, 0)
      const proof = { challenge_id: who.challengeId, code }
      supabase.mode({ kind: 'down' })
      expectDown(await people.verify(proof), 'users')
      expectDown(await people.verify({ code }, who.access), 'users')
      supabase.mode({ kind: 'ok' })
      expect((await people.me(who.access)).body.user_data.email_verified).toBe(false)
      expect((await people.verify(proof)).body).toEqual({ verified: true, channel: 'email' })
      expect((await people.me(who.access)).body.user_data.email_verified).toBe(true)
      expect((await people.verify(proof)).status).toBe(410)
    })

    it('verifies once when only the answer was lost', async () => {
      const who = await people.signedUp()
      const { token } = await people.newMail(who.email, 0)
      supabase.mode({ kind: 'lose_answer', times: 2 })
      expectDown(await people.verify({ token }), 'users')
      expect((await people.verify({ token })).status).toBe(200)
      expect((await people.verify({ token })).status).toBe(410)
    })

    it.each([
      ['before the account was found', 0],
      ['before the password was set', 1],
    ])('takes the same recovery code again when it went down %s', async (_, after) => {
      const who = await people.signedUp()
      const { body } = await people.recover(who.email)
      const { code } = await people.newMail(who.email, 1)
      const proof = { challenge_id: body.challenge_id, code }
      supabase.mode({ kind: 'down', after })
      expectDown(await people.reset(proof), 'users')
      supabase.mode({ kind: 'ok' })
      // Approved already: nobody is signed in any more.
      expect((await people.refresh(who.refresh)).status).toBe(401)
      expect((await people.reset(proof)).status).toBe(204)
      expect((await people.login(who.username, OTHER_PASSWORD)).status).toBe(200)
      expect((await people.reset(proof)).status).toBe(410)
      expect(await client.inbox(who.email)).toHaveLength(3)
    })

    it('sets the password once when only the answer was lost, and another one no more', async () => {
      const who = await people.signedUp()
      await people.recover(who.email)
      const { token } = await people.newMail(who.email, 1)
      supabase.mode({ kind: 'lose_answer', after: 1, times: 2 })
      expectDown(await people.reset({ token }), 'users')
      expect((await people.reset({ token }, 'another good one 12')).status).toBe(410)
      expect((await people.login(who.username, OTHER_PASSWORD)).status).toBe(200)
      expect((await people.reset({ token })).status).toBe(204)
      expect(await client.inbox(who.email)).toHaveLength(3)
    })
  })

  describe('Redis down', () => {
    it('answers 503 to everything that has to be counted or written, and does none of it', async () => {
      const who = await people.signedUp()
      const { code, token } = await people.newMail(who.email, 0)
      const next = newcomer()
      for (const kind of ['down', 'readonly'] as const) {
        upstash.mode({ kind })
        const answers = [
          await people.register(next),
          await people.login(who.username),
          await people.login(who.username, OTHER_PASSWORD),
          await people.refresh(who.refresh),
          await people.verify({ challenge_id: who.challengeId, code }),
          await people.verify({ token }),
          await people.verify({ code }, who.access),
          await people.resend({}, who.access),
          await people.resend({ email: who.email }),
          await people.recover(who.email),
          await people.reset({ challenge_id: who.challengeId, code }),
          await people.change(who.access, { username: newcomer().username }),
          await people.change(who.access, { email: next.email, current_password: PASSWORD }),
          await people.changePassword(who.access, PASSWORD, OTHER_PASSWORD),
          await people.sessions(who.access),
          await people.send('POST', '/v1/auth/logout-all', who.access),
          await people.send('POST', '/v1/users/notify-registration', who.access),
          await client.post('/v1/auth/logout', { refresh_token: who.refresh }),
          await client.post('/registro', next),
          await client.post('/login', { username: who.username, password: PASSWORD }),
        ]
        for (const answer of answers) expectDown(answer, 'store')
      }
      upstash.mode({ kind: 'ok' })
      expect((await people.me(who.access)).body.user_data).toEqual(who.user)
      expect((await people.login(who.username)).status).toBe(200)
      expect((await people.refresh(who.refresh)).status).toBe(200)
      expect((await people.verify({ challenge_id: who.challengeId, code })).status).toBe(200)
      expect((await people.register(next)).status).toBe(201)
      expect(await client.inbox(who.email)).toHaveLength(1)
    }, 120_000)

    it('keeps an account that was made before it failed: signed in, told the truth, and mailed on request', async () => {
      const who = newcomer()
      upstash.mode({ kind: 'down', after: 1 })
      const { status, body } = await people.register(who)
      upstash.mode({ kind: 'ok' })
      expect({ status, body }).toEqual({
        status: 201,
        body: {
          access_token: expect.any(String),
          token_type: 'Bearer',
          expires_in: 3600,
          refresh_token: null,
          user_data: expect.objectContaining({ username: who.username, email_verified: false }),
          email_confirmation_sent: false,
          message: 'Registration successful! Email confirmation will be sent shortly.',
          challenge_id: null,
          email_info: {
            email_sent: false,
            code: 'unavailable',
            error: expect.any(String),
            can_resend: true,
            resend_after: expect.any(String),
            status: 'failed',
          },
        },
      })
      expect(Date.parse(body.email_info?.resend_after ?? '')).toBeLessThanOrEqual(Date.now())
      expect((await people.me(body.access_token)).body.user_data).toEqual(body.user_data)
      const sent = await people.resend({}, body.access_token)
      expect(sent.body).toMatchObject({ email_confirmation_sent: true, challenge_id: expect.stringMatching(/^ch_/) })
      const { code } = await people.newMail(who.email, 0)
      expect((await people.verify({ code }, body.access_token)).status).toBe(200)
      expect((await people.login(who.username)).status).toBe(200)
      // A token without a family ends with the person's sessions all the same.
      expect((await people.send('POST', '/v1/auth/logout-all', body.access_token)).status).toBe(204)
      expect((await people.change(body.access_token, { locale: 'es' })).status).toBe(401)
    })

    it('opens one family and sends one mail when the answer to that step was lost', async () => {
      for (const kind of ['lose_answer', 'half'] as const) {
        const who = newcomer()
        upstash.mode({ kind, after: 1, times: 1 })
        const { status, body } = await people.register(who)
        expect(status).toBe(201)
        if (kind === 'lose_answer')
          expect(body).toMatchObject({ email_confirmation_sent: true, refresh_token: expect.any(String) })
        upstash.mode({ kind: 'ok' })
        expect((await client.inbox(who.email)).length).toBeLessThanOrEqual(1)
        const { sessions } = (await people.sessions(body.access_token)).body
        expect(sessions.length).toBe(1)
      }
    })

    it('tells of a new password once, when it could be told only later', async () => {
      const who = await people.signedUp()
      await people.recover(who.email)
      const { token } = await people.newMail(who.email, 1)
      upstash.mode({ kind: 'down', after: 1 })
      expectDown(await people.reset({ token }), 'store')
      upstash.mode({ kind: 'ok' })
      expect((await people.login(who.username, OTHER_PASSWORD)).status).toBe(200)
      expect((await people.reset({ token })).status).toBe(204)
      await people.newMail(who.email, 2)
      expect((await people.reset({ token })).status).toBe(410)
      expect(await client.inbox(who.email)).toHaveLength(3)
    })

    it('turns a refresh token once when the answer was lost', async () => {
      const who = await people.signedUp()
      upstash.mode({ kind: 'lose_answer', times: 1 })
      const first = await people.refresh(who.refresh)
      expect(first.status).toBe(200)
      expect((await people.refresh(who.refresh)).body.refresh_token).toBe(first.body.refresh_token)
      expect((await people.refresh(first.body.refresh_token)).status).toBe(200)
    })
  })

  it('takes the same code again when the account of a verified sign-up could not be made', async () => {
    const verified = await wiring.start({ LIMITS: 'off', REGISTRATION: 'verified' })
    try {
      const strict = accountsOf(clientOf(verified.url))
      const who = newcomer()
      const { body } = await strict.register(who)
      const { code } = await strict.newMail(who.email, 0)
      const proof = { challenge_id: body.challenge_id, code }
      supabase.mode({ kind: 'down' })
      expectDown(await strict.verify(proof), 'users')
      supabase.mode({ kind: 'lose_answer', times: 2 })
      expectDown(await strict.verify(proof), 'users')
      expect((await strict.verify(proof)).status).toBe(200)
      expect((await strict.login(who.username)).body.user_data.email_verified).toBe(true)
    } finally {
      await verified.stop()
    }
  })

  it('signs up while QStash is down, and the mail leaves at once', async () => {
    worker.backends?.qstash.mode('down')
    const { status, body } = await client.post<Registration>('/v1/auth/register', newcomer())
    expect({ status, sent: body.email_confirmation_sent }).toEqual({ status: 201, sent: true })
    expect((await client.ask('/v1/auth/me', { headers: bearer(body.access_token) })).status).toBe(200)
    worker.backends?.qstash.mode('ok')
  })
})
