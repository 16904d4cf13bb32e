// A forgotten password: a code or a link chooses a new one, ends every session, and logs nobody in.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountClient, accountsOf, newcomer, OTHER_PASSWORD, PASSWORD } from './accounts.ts'
import { type Client, clientOf, wrongCode } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

const THIRD_PASSWORD = 'seven paper boats at noon'
const MAYBE = 'If this address has an account, a code to choose a new password is on its way to it.'

onEachWiring('recovery', (open) => {
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

  /** Somebody who asked for a recovery code, and its mail. */
  async function recovering(more: Record<string, unknown> = {}) {
    const who = await people.signedUp(more)
    const { status, body } = await people.recover(who.email)
    expect(status).toBe(202)
    const mail = await people.newMail(who.email, 1)
    expect(mail.subject).toMatch(/recovery|recuperar/i)
    return { ...who, recovery: body.challenge_id, code: mail.code, token: mail.token, page: mail.page }
  }
  const subjects = async (email: string) => (await client.inbox(email)).map((mail) => mail.subject)

  it.each(['code', 'link'])(
    'chooses a new password by %s, ends every session, tells by mail, and logs nobody in',
    async (by) => {
      const who = await recovering()
      const second = (await people.login(who.username)).body
      expect(who.page).toBe('https://app.example.com/reset')
      const proof = by === 'code' ? { challenge_id: who.recovery, code: who.code } : { token: who.token }
      const done = await people.reset(proof)
      expect({ status: done.status, body: done.body }).toEqual({ status: 204, body: null })
      expect(done.headers.get('Set-Cookie')).toBeNull()
      for (const { access, refresh } of [who, { access: second.access_token, refresh: second.refresh_token }]) {
        expect((await people.refresh(refresh)).status).toBe(401)
        expect((await people.change(access, { locale: 'es' })).status).toBe(401)
        expect((await people.changePassword(access, OTHER_PASSWORD, THIRD_PASSWORD)).status).toBe(401)
        expect((await people.resend({}, access)).status).toBe(401)
      }
      expect((await people.login(who.username, PASSWORD)).status).toBe(401)
      expect((await people.login(who.username, OTHER_PASSWORD)).status).toBe(200)
      const told = await people.newMail(who.email, 2)
      expect(told.subject).toBe('Your posta password was changed')
      expect(told.text).toContain('https://app.example.com/recover')
      expect((await people.reset(proof, THIRD_PASSWORD)).status).toBe(410)
      expect((await people.login(who.username, THIRD_PASSWORD)).status).toBe(401)
      expect(await subjects(who.email)).toHaveLength(3)
    },
  )

  it('lets one of two resets at once win, and answers 204 to exactly that one', async () => {
    const who = await recovering()
    const proof = { challenge_id: who.recovery, code: who.code }
    const passwords = [OTHER_PASSWORD, THIRD_PASSWORD]
    const answers = await Promise.all(passwords.map((password) => people.reset(proof, password)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([204, 410])
    const winner = answers.findIndex((answer) => answer.status === 204)
    for (const [at, password] of passwords.entries()) {
      expect((await people.login(who.username, password)).status).toBe(at === winner ? 200 : 401)
    }
    expect(await subjects(who.email)).toHaveLength(3)
  })

  it('tells both of two resets at once with the same password that it is done, and mails once', async () => {
    const who = await recovering()
    const answers = await Promise.all([1, 2].map(() => people.reset({ token: who.token })))
    expect(answers.map((answer) => answer.status)).toContain(204)
    for (const { status } of answers) expect([204, 410]).toContain(status)
    expect((await people.login(who.username, OTHER_PASSWORD)).status).toBe(200)
    expect(await subjects(who.email)).toHaveLength(3)
  })

  it('looks at the password first: a bad one costs neither the code nor a try', async () => {
    const who = await recovering()
    const proof = { challenge_id: who.recovery, code: who.code }
    for (const bad of ['short', 'password123', 'x'.repeat(10_000), 'quarry\0wagtail lantern', '']) {
      for (const attempt of [proof, { ...proof, code: wrongCode(who.code) }, { token: who.token }]) {
        const { status, body } = await people.reset(attempt, bad)
        expect({ status, paths: body?.errors?.map((error) => error.path) }).toEqual({
          status: 422,
          paths: ['new_password'],
        })
      }
    }
    const wrong = await people.reset({ ...proof, code: wrongCode(who.code) })
    expect(wrong.body).toMatchObject({ code: 'code_invalid', tries_left: 4 })
    // Whose words these are is known only to the right code, which stays good.
    expect((await people.reset(proof, `${who.username}1`)).body?.errors).toMatchObject([{ path: 'new_password' }])
    expect((await people.reset(proof)).status).toBe(204)
  })

  it('names every field of a reset that is wrong at once', async () => {
    const pathsOf = async (body: object) =>
      (await client.post<{ errors: { path: string }[] }>('/v1/auth/reset', body)).body.errors
        .map(({ path }) => path)
        .sort()
    expect(await pathsOf({})).toEqual(['code', 'new_password'])
    expect(await pathsOf({ code: '123456', new_password: 'short' })).toEqual(['challenge_id', 'new_password'])
    expect(await pathsOf({ challenge_id: 7, code: 'abc', new_password: 'short' })).toEqual([
      'challenge_id',
      'code',
      'new_password',
    ])
  })

  it('answers the same about an address nobody has, whatever is then tried on it', async () => {
    const who = await people.signedUp()
    const nobody = newcomer()
    const [known, unknown] = [await people.recover(who.email), await people.recover(nobody.email)]
    for (const answer of [known, unknown]) {
      expect({ status: answer.status, body: answer.body }).toEqual({
        status: 202,
        body: {
          challenge_id: expect.stringMatching(/^ch_[0-9a-z]{36}$/),
          message: MAYBE,
          resend_after: expect.any(String),
        },
      })
    }
    const variable = new Set(['date', 'x-request-id'])
    const headersOf = ({ headers }: typeof known) =>
      [...headers]
        .filter(([name]) => !variable.has(name))
        .map(([name, value]) => `${name}: ${value.replace(/t=\d+/g, 't')}`)
    expect(headersOf(unknown)).toEqual(headersOf(known))
    const { code } = await people.newMail(who.email, 1)
    const refusals = async (id: string) => {
      const said: unknown[] = []
      for (let n = 0; n < 7; n++) {
        const { status, body } = await people.reset({ challenge_id: id, code: wrongCode(code) })
        said.push({ ...body, request_id: null, status })
      }
      return said
    }
    const told = await refusals(known.body.challenge_id)
    expect(told).toMatchObject([
      ...[4, 3, 2, 1, 0].map((left) => ({ tries_left: left })),
      { status: 410 },
      { status: 410 },
    ])
    expect(await refusals(unknown.body.challenge_id)).toEqual(told)
    expect((await people.recover(who.email)).status).toBe((await people.recover(nobody.email)).status)
    expect(await client.inbox(nobody.email)).toHaveLength(0)
    for (const email of ['nobody', 'a@b', 'ana@example.com\nBcc: x@example.com', 7]) {
      expect((await client.post('/v1/auth/recover', { email })).status).toBe(422)
    }
  })
})
