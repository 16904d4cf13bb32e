// What people paste is taken: a right code, address, user name or link in any dress; a wrong one in none.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AROUND, CODE_FORMS, pointsOf } from '../typed-forms.ts'
import { type Client, clientOf, codeIn, person, wrongCode } from './client.ts'
import { startWorker, type Worker } from './worker.ts'

const PASSWORD = 'violet kettle 42'

describe('pasted', () => {
  let worker: Worker
  let client: Client
  beforeAll(async () => {
    worker = await startWorker({ LIMITS: 'off', APP_URL: 'https://app.example.com' })
    client = clientOf(worker.url)
  })
  afterAll(() => worker?.stop())

  const mailTo = async (email: string) => (await client.inbox(email))[0]?.text ?? ''
  const tokenIn = (text: string) => /#token=(\S+)/.exec(text)?.[1] ?? ''
  const name = () => `ana${crypto.randomUUID().slice(0, 8)}`

  it.each(CODE_FORMS)('a code with %s is approved, and a wrong one never', async (_, formOf) => {
    const email = person()
    const { body } = await client.open(email, { Prefer: 'wait=3' })
    const code = codeIn(await mailTo(email))
    expect(await client.check(body.challenge_id, formOf(wrongCode(code)))).toMatchObject({
      status: 422,
      body: { code: 'code_invalid' },
    })
    expect(await client.check(body.challenge_id, formOf(code))).toMatchObject({ status: 200 })
  })

  it.concurrent.each(AROUND.map((mark) => [pointsOf(mark), mark]))(
    '%s around a name and an address',
    async (_, mark) => {
      const [email, username] = [person(), name()]
      const dressed = (text: string) => `${mark}${text}${mark}`
      const made = await client.post('/v1/auth/register', {
        username: dressed(username),
        email: dressed(email),
        password: PASSWORD,
      })
      expect(made).toMatchObject({ status: 201, body: { user_data: { username, email } } })
      for (const login of [username, email]) {
        expect(await client.post('/v1/auth/login', { login: dressed(login), password: PASSWORD })).toMatchObject({
          status: 200,
          body: { user_data: { username } },
        })
      }
      const wrong = { login: dressed(`${username}x`), password: PASSWORD }
      expect(await client.post('/v1/auth/login', wrong)).toMatchObject({ status: 401 })
      const { challenge_id } = made.body as { challenge_id: string }
      const proof = { challenge_id: dressed(challenge_id), code: dressed(codeIn(await mailTo(email))) }
      expect(await client.post('/v1/auth/verify', proof)).toMatchObject({ status: 200 })
      expect(await client.post('/v1/auth/recover', { email: dressed(email) })).toMatchObject({ status: 202 })
    },
  )

  it('a link that a mail has folded', async () => {
    const email = person()
    const { body } = await client.open(email, { Prefer: 'wait=3' })
    const token = tokenIn(await mailTo(email))
    const check = (text: string) => client.post(`/v1/challenges/${body.challenge_id}/check`, { token: text })
    expect(await check(`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`)).toMatchObject({ status: 422 })
    expect(await check(`\n${token.slice(0, 20)}\r\n ${token.slice(20)} `)).toMatchObject({ status: 200 })
  })

  it('what a path or an older form brings', async () => {
    const [email, username] = [person(), name()]
    const made = { username: ` ${username}`, email: `${email}\n`, password: PASSWORD }
    expect(await client.post('/registro', made)).toMatchObject({ status: 201 })
    expect(await client.post('/login', { username: `${username}\u200b`, password: PASSWORD })).toMatchObject({
      status: 200,
    })
    const { body } = await client.open(person())
    expect((await client.ask(`/v1/challenges/${body.challenge_id}%0A`)).status).toBe(200)
  })
})
