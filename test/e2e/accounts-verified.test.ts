// REGISTRATION=verified: no account before its address is proved, and nobody learns whose address it is.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountClient, accountsOf, newcomer, OTHER_PASSWORD, PASSWORD } from './accounts.ts'
import { type Client, clientOf, wrongCode } from './client.ts'
import { stateText } from './state.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

const ASKED = 'If this address can be used, a confirmation code is on its way to it.'

onEachWiring('verified sign-up', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start({ LIMITS: 'off', REGISTRATION: 'verified', APP_URL: 'https://app.example.com' })
    client = clientOf(worker.url)
    people = accountsOf(client)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  /** Somebody who waits for their code. */
  async function waiting(more: Record<string, unknown> = {}) {
    const who = newcomer(more)
    const { status, body } = await people.register(who)
    expect({ status, body }).toEqual({
      status: 202,
      body: { challenge_id: expect.stringMatching(/^ch_[0-9a-z]{36}$/), message: ASKED },
    })
    const mail = await people.newMail(who.email, 0)
    return { ...who, challengeId: body.challenge_id, code: mail.code, token: mail.token }
  }
  /** Somebody with an account. */
  async function settled() {
    const who = await waiting()
    expect((await people.verify({ challenge_id: who.challengeId, code: who.code })).status).toBe(200)
    return who
  }

  it.each(['code', 'link'])('makes the account when the address is proved by %s, and not before', async (by) => {
    const who = await waiting({ locale: 'es', referral_code: 'AMIGOS-7' })
    expect((await people.login(who.username)).status).toBe(401)
    const proof = by === 'code' ? { challenge_id: who.challengeId, code: who.code } : { token: who.token }
    const { status, body } = await people.verify(proof)
    expect({ status, body }).toEqual({ status: 200, body: { verified: true, channel: 'email' } })
    const { body: into } = await people.login(who.username)
    expect(into.user_data).toEqual({
      id: expect.stringMatching(/^usr_/),
      username: who.username,
      email: who.email,
      email_verified: true,
      phone: null,
      phone_verified: false,
      locale: 'es',
      referral_code: 'AMIGOS-7',
      created_at: expect.any(String),
    })
    expect((await people.verify(proof)).status).toBe(410)
    expect(await client.inbox(who.email)).toHaveLength(1)
  })

  it('answers a taken address as a new one, in every field and header, and tells its owner by mail', async () => {
    const owner = await settled()
    // An address that no stranger's mail went to yet: the mail of a sign-up counts as one.
    const email = newcomer().email
    const { body: into } = await people.login(owner.username)
    await people.change(into.access_token, { email, current_password: PASSWORD })
    expect((await people.verify({ token: (await people.newMail(email, 0)).token })).status).toBe(200)
    const taken = newcomer({ email: email.toUpperCase() })
    const answers = [await people.register(taken), await people.register(newcomer())]
    const [one, other] = answers
    expect(one?.body).toEqual({ challenge_id: expect.stringMatching(/^ch_/), message: ASKED })
    const variable = new Set(['date', 'x-request-id'])
    const headersOf = (answer: typeof one) => [...(answer?.headers ?? [])].filter(([name]) => !variable.has(name))
    expect(headersOf(one)).toEqual(headersOf(other))
    const told = await people.newMail(email, 1)
    expect(told.subject).toBe('You already have a posta account')
    expect(told.text).toContain('https://app.example.com/login')
    expect(told.text).not.toContain(taken.username)
    // The wrong codes of both are counted alike, and no code is right for the taken one.
    for (const left of [4, 3, 2, 1, 0]) {
      for (const answer of answers) {
        const { body } = await people.verify({ challenge_id: answer.body.challenge_id, code: '000000' })
        expect(body).toMatchObject({ code: 'code_invalid', tries_left: left })
      }
    }
    expect((await people.login(taken.username)).status).toBe(401)
    expect((await people.login(email)).status).toBe(200)
  })

  it('reserves the name meanwhile, for this address alone, whether or not the address is taken', async () => {
    const [first, other, owner] = [await waiting(), newcomer(), await settled()]
    const same = await people.register({ ...other, username: first.username.toUpperCase() })
    expect(same).toMatchObject({ status: 409, body: { code: 'username_taken' } })
    expect((await people.register(newcomer({ username: owner.username }))).body.code).toBe('username_taken')
    // The same person again: their name is no obstacle, only the 30 s between two mails.
    expect(await people.register({ ...first, password: OTHER_PASSWORD })).toMatchObject({
      status: 429,
      body: { code: 'too_many_sends' },
    })
    expect((await people.verify({ challenge_id: first.challengeId, code: first.code })).status).toBe(200)
  })

  it('makes exactly one account when two addresses are proved for one name at once', async () => {
    const { username } = newcomer()
    const answers = await Promise.all(Array.from({ length: 20 }, () => people.register(newcomer({ username }))))
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(1)
    for (const { status, body } of answers)
      if (status !== 202) expect({ status, code: body.code }).toEqual({ status: 409, code: 'username_taken' })
  })

  it('makes the account once of twenty right codes at once', async () => {
    const who = await waiting()
    const proof = { challenge_id: who.challengeId, code: who.code }
    const answers = await Promise.all(Array.from({ length: 20 }, () => people.verify(proof)))
    expect(answers.map((answer) => answer.status)).toContain(200)
    for (const { status } of answers) expect([200, 410]).toContain(status)
    expect((await people.login(who.username)).status).toBe(200)
  })

  it('ends a sign-up whose codes are guessed, but not its link', async () => {
    const who = await waiting()
    for (let n = 0; n < 5; n++) await people.verify({ challenge_id: who.challengeId, code: wrongCode(who.code) })
    expect((await people.verify({ challenge_id: who.challengeId, code: who.code })).status).toBe(410)
    expect((await people.verify({ token: who.token })).status).toBe(200)
    expect((await people.login(who.username)).status).toBe(200)
  })

  it('lets nobody ask again at once, nor for a challenge that is none', async () => {
    const who = await waiting()
    const again = (id: string) => people.resend({ challenge_id: id })
    expect((await again(who.challengeId)).status).toBe(429)
    expect((await again(`ch_${'0'.repeat(36)}`)).status).toBe(410)
  })

  it('names every field that is wrong at once', async () => {
    const { status, body } = await people.register({ username: 'admin', email: 7 })
    expect(status).toBe(422)
    expect(body.errors?.map((error) => error.path).sort()).toEqual(['email', 'password', 'username'])
  })

  it('answers the older paths the same', async () => {
    for (const [path, extra] of [
      ['/registro', { mensaje: ASKED }],
      ['/api/v1/usr/register', {}],
    ] as const) {
      const { status, body } = await client.post(path, newcomer())
      expect({ status, body }).toEqual({
        status: 202,
        body: { challenge_id: expect.any(String), message: ASKED, ...extra },
      })
    }
  })

  it('keeps neither address nor password of who waits in clear', async () => {
    const who = await waiting({ password: `${PASSWORD} ${crypto.randomUUID()}` })
    const text = `${stateText(worker.state)}\n${await worker.dump()}\n${worker.logs()}`
    expect(text).toContain(who.challengeId)
    for (const secret of [who.email, who.username, who.password, who.token]) expect(text).not.toContain(secret)
  })
})
