// What a signed-in person changes: language, name, address, password.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountClient, accountsOf, newcomer, OTHER_PASSWORD, PASSWORD } from './accounts.ts'
import { type Client, clientOf } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

onEachWiring('changes', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start({ LIMITS: 'off', APP_URL: 'https://app.example.com' })
    client = clientOf(worker.url)
    people = accountsOf(client)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  it('changes language and name at once, and nothing else', async () => {
    const who = await people.signedUp()
    const { username } = newcomer()
    const { status, body } = await people.change(who.access, { locale: 'es', username })
    expect({ status, body }).toEqual({ status: 200, body: { user_data: { ...who.user, locale: 'es', username } } })
    expect((await people.me(who.access)).body.user_data).toEqual(body.user_data)
    expect((await people.login(username)).status).toBe(200)
    expect((await people.login(who.username)).status).toBe(401)
    expect((await people.change(who.access, {})).body).toEqual({ user_data: body.user_data })
  })

  it('names every field that is wrong at once, and gives nobody a name that somebody has', async () => {
    const [who, other] = [await people.signedUp(), await people.signedUp()]
    const { status, body } = await people.change(who.access, { username: 7, locale: 'fr', email: 'x', phone: 'y' })
    expect(status).toBe(422)
    const paths = [...new Set(body.errors?.map((error) => error.path))].sort()
    expect(paths).toEqual(['current_password', 'email', 'phone', 'username'])
    const taken = await people.change(who.access, { username: other.username.toUpperCase() })
    expect(taken).toMatchObject({ status: 409, body: { code: 'username_taken' } })
  })

  it('changes the address only once the new one is proved, and tells the old one', async () => {
    const who = await people.signedUp()
    const next = newcomer().email
    const { status, body } = await people.change(who.access, { email: next, current_password: PASSWORD })
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        user_data: who.user,
        email_confirmation_sent: true,
        message: 'Please check the new address for a confirmation code. It takes effect once it is confirmed.',
        challenge_id: expect.stringMatching(/^ch_/),
        resend_after: expect.any(String),
      },
    })
    expect((await people.login(next)).status).toBe(401)
    expect((await people.login(who.email)).status).toBe(200)
    const mail = await people.newMail(next, 0)
    expect((await people.verify({ challenge_id: body.challenge_id, code: mail.code })).status).toBe(200)
    expect((await people.me(who.access)).body.user_data).toEqual({ ...who.user, email: next, email_verified: true })
    expect((await people.login(next)).status).toBe(200)
    expect((await people.login(who.email)).status).toBe(401)
    const told = await people.newMail(who.email, 1)
    expect(told.subject).toBe('The e-mail of your posta account was changed')
    expect(told.text).not.toContain(next)
    expect(await client.inbox(next)).toHaveLength(1)
    // The address that was is free again.
    expect((await people.register(newcomer({ email: who.email }))).status).toBe(201)
  })

  it('changes it by the link or by the code alone, too', async () => {
    for (const by of ['link', 'code']) {
      const who = await people.signedUp()
      const next = newcomer().email
      await people.change(who.access, { email: next, current_password: PASSWORD })
      const mail = await people.newMail(next, 0)
      const done = by === 'link' ? people.verify({ token: mail.token }) : people.verify({ code: mail.code }, who.access)
      expect((await done).status).toBe(200)
      expect((await people.me(who.access)).body.user_data.email).toBe(next)
    }
  })

  it('changes the password: this session goes on, the others end, and the person is told', async () => {
    const who = await people.signedUp()
    const { body: second } = await people.login(who.username)
    const done = await people.changePassword(who.access, PASSWORD, OTHER_PASSWORD)
    expect({ status: done.status, body: done.body }).toEqual({ status: 204, body: null })
    expect((await people.change(who.access, { locale: 'es' })).status).toBe(200)
    expect((await people.refresh(who.refresh)).status).toBe(200)
    expect((await people.refresh(second.refresh_token)).status).toBe(401)
    expect((await people.change(second.access_token, { locale: 'en' })).status).toBe(401)
    expect((await people.sessions(who.access)).body.sessions).toMatchObject([{ current: true }])
    expect((await people.login(who.username, PASSWORD)).status).toBe(401)
    expect((await people.login(who.username, OTHER_PASSWORD)).status).toBe(200)
    const told = await people.newMail(who.email, 1)
    expect(told.subject).toBe('Your posta password was changed')
  })

  it('refuses a wrong present password, a weak new one, and both of them missing', async () => {
    const who = await people.signedUp()
    const wrong = await people.changePassword(who.access, OTHER_PASSWORD, 'another good one 12')
    expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
    for (const weak of ['short', 'password123', `${who.username}1`]) {
      const { status, body } = await people.changePassword(who.access, PASSWORD, weak)
      expect({ status, paths: body.errors?.map((error) => error.path) }).toEqual({
        status: 422,
        paths: ['new_password'],
      })
    }
    const { body } = await people.send('POST', '/v1/auth/password', who.access, {})
    expect(body.errors?.map((error) => error.path).sort()).toEqual(['current_password', 'new_password'])
    expect((await people.login(who.username)).status).toBe(200)
    expect(await client.inbox(who.email)).toHaveLength(1)
  })
})
