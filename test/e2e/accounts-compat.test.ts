// The older systems' own paths: their fields, the same accounts, and `error` in what is refused.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountClient, accountsOf, bearer, newcomer, OTHER_PASSWORD, PASSWORD, type Problem } from './accounts.ts'
import { type Client, clientOf } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

onEachWiring('older paths', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start({ LIMITS: 'off' })
    client = clientOf(worker.url)
    people = accountsOf(client)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  const userOf = (who: { username: string; email: string }) => ({
    id: expect.stringMatching(/^usr_/),
    username: who.username,
    email: who.email,
    email_verified: false,
    phone: null,
    phone_verified: false,
    locale: 'en',
    referral_code: null,
    created_at: expect.stringMatching(/Z$/),
  })
  const tokens = {
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: 3600,
    refresh_token: expect.stringMatching(/^ses_/),
  }
  const SENT = 'Registration successful! Please check your email for confirmation code.'

  it('signs up at /registro, in at /login, and shows the account at /perfil', async () => {
    const who = newcomer()
    const made = await client.post<{ access_token: string }>('/registro', who)
    expect({ status: made.status, body: made.body }).toEqual({
      status: 201,
      body: {
        ...tokens,
        mensaje: SENT,
        message: SENT,
        usuario: userOf(who),
        user_data: userOf(who),
        email_confirmation_sent: true,
        challenge_id: expect.stringMatching(/^ch_/),
      },
    })
    const into = await client.post<{ token: string; access_token: string }>('/login', {
      username: who.username,
      password: PASSWORD,
    })
    expect({ status: into.status, body: into.body }).toEqual({
      status: 200,
      body: { ...tokens, token: into.body.access_token, usuario: userOf(who), user_data: userOf(who) },
    })
    const profile = await client.ask('/perfil', { headers: bearer(into.body.token) })
    expect({ status: profile.status, body: profile.body }).toEqual({ status: 200, body: { usuario: userOf(who) } })
    expect((await people.me(into.body.token)).status).toBe(200)
  })

  it('takes an address for the user name of /login, as people type it', async () => {
    const who = await people.signedUp()
    expect((await client.post('/login', { username: who.email, password: PASSWORD })).status).toBe(200)
  })

  it('signs up at /api/v1/usr/register as the frontends read it', async () => {
    const who = newcomer()
    const { status, body } = await client.post('/api/v1/usr/register', who)
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        ...tokens,
        user_data: userOf(who),
        email_confirmation_sent: true,
        message: SENT,
        challenge_id: expect.stringMatching(/^ch_/),
      },
    })
  })

  it('tells the truth at /api/v1/usr/register and /api/v1/usr/email/resend while mail is down', async () => {
    await client.post('/dev/faults', { provider: 'inbox', mode: 'error', times: 2 })
    const who = newcomer()
    const { status, body } = await client.post<{ access_token: string; challenge_id: string }>(
      '/api/v1/usr/register',
      who,
    )
    expect(status).toBe(201)
    expect(body).toMatchObject({
      email_confirmation_sent: false,
      message: 'Registration successful! Email confirmation will be sent shortly.',
      email_info: { email_sent: false, error: expect.any(String), can_resend: true },
    })
    const resend = () => client.post<object>('/api/v1/usr/email/resend', {}, bearer(body.access_token))
    expect(await resend()).toMatchObject({
      status: 202,
      body: { email_confirmation_sent: false, challenge_id: body.challenge_id, email_info: { can_resend: true } },
    })
    const sent = await resend()
    expect({ status: sent.status, body: sent.body }).toEqual({
      status: 202,
      body: {
        email_confirmation_sent: true,
        message: 'Please check your email for confirmation code.',
        challenge_id: body.challenge_id,
        resend_after: expect.any(String),
      },
    })
    const { code } = await people.newMail(who.email, 0)
    expect((await people.verify({ code }, body.access_token)).status).toBe(200)
  })

  it('confirms nothing to a stranger at /api/v1/usr/email/resend', async () => {
    const who = await people.signedUp()
    for (const email of [who.email, newcomer().email]) {
      const { status, body } = await client.post('/api/v1/usr/email/resend', { email })
      expect({ status, body }).toEqual({
        status: 202,
        body: {
          email_confirmation_sent: false,
          message: expect.any(String),
          challenge_id: expect.stringMatching(/^ch_/),
          resend_after: expect.any(String),
        },
      })
    }
  })

  it('carries the detail as error in every problem of theirs, and only there', async () => {
    const who = await people.signedUp()
    const answers = [
      [401, await client.post<Problem>('/login', { username: who.username, password: OTHER_PASSWORD })],
      [422, await client.post<Problem>('/login', {})],
      [409, await client.post<Problem>('/registro', newcomer({ username: who.username }))],
      [409, await client.post<Problem>('/api/v1/usr/register', newcomer({ email: who.email }))],
      [422, await client.post<Problem>('/registro', { username: 'admin', email: 7, password: 'x' })],
      [401, await client.ask<Problem>('/perfil')],
      [401, await client.post<Problem>('/users/notify-registration', {})],
      [429, await client.post<Problem>('/api/v1/usr/email/resend', {}, bearer(who.access))],
      [415, await client.ask<Problem>('/login', { method: 'POST', body: 'username=ana' })],
    ] as const
    for (const [status, answer] of answers) {
      expect(answer.status).toBe(status)
      expect(answer.body.error).toBe(answer.body.detail)
      expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
    }
    expect(answers[4][1].body.errors?.map((error) => error.path).sort()).toEqual(['email', 'password', 'username'])
    expect((await people.login(who.username, OTHER_PASSWORD)).body).not.toHaveProperty('error')
  })
})
