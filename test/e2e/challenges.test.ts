// A code that arrives: the whole path over HTTP, on every wiring.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, clientOf, codeIn, KEY, person, until, wrongCode } from './client.ts'
import { stateText } from './state.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

onEachWiring('challenges', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start({ LIMITS: 'off', APP_URL: 'https://app.example.com' })
    client = clientOf(worker.url)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  async function opened(to = person(), more: Record<string, unknown> = {}) {
    const { status, body } = await client.open(to, {}, more)
    expect(status).toBe(201)
    const [mail] = await until(
      () => client.inbox(to),
      (mails) => mails.length > 0,
    )
    const code = codeIn(mail?.text ?? '')
    expect(code).toMatch(/^\d{6}$/)
    const token = /#token=(\S+)/.exec(mail?.text ?? '')?.[1] ?? ''
    return { id: body.challenge_id, code, token, to, sends: body }
  }

  it('approves the right code once and answers 410 afterwards', async () => {
    const { id, code } = await opened()
    expect(await client.check(id, code)).toMatchObject({ status: 200, body: { status: 'approved' } })
    expect(await client.check(id, code)).toMatchObject({ status: 410, body: { code: 'challenge_over' } })
    expect((await client.view(id)).body.status).toBe('approved')
  })

  it('approves the link of a mail, which carries no id, once', async () => {
    const [{ id, token }, other] = [await opened(), await opened()]
    const follow = (text: unknown) => client.post<{ code?: string }>('/v1/challenges/check', { token: text })
    expect(await follow(`${token}x`)).toMatchObject({ status: 422, body: { code: 'code_invalid' } })
    expect(await follow('')).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
    expect(await follow(undefined)).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
    expect(await follow(token)).toMatchObject({ status: 200, body: { status: 'approved' } })
    expect(await follow(token)).toMatchObject({ status: 410, body: { code: 'challenge_over' } })
    expect((await client.view(id)).body.status).toBe('approved')
    expect((await client.view(other.id)).body.status).toBe('pending')
  })

  it('does not know the links of account mails', async () => {
    const email = person()
    const fields = { username: `ana${crypto.randomUUID().slice(0, 8)}`, email, password: 'violet kettle 42' }
    expect((await client.post('/v1/auth/register', fields)).status).toBe(201)
    const token = /#token=(\S+)/.exec((await client.inbox(email))[0]?.text ?? '')?.[1]
    expect(await client.post('/v1/challenges/check', { token })).toMatchObject({ status: 404 })
    expect(await client.post('/v1/auth/verify', { token })).toMatchObject({ status: 200 })
  })

  it('counts down the tries and ends the challenge with the fifth wrong code', async () => {
    const { id, code } = await opened()
    for (const left of [4, 3, 2, 1, 0]) {
      expect(await client.check(id, wrongCode(code))).toMatchObject({
        status: 422,
        body: { code: 'code_invalid', tries_left: left },
      })
    }
    expect((await client.check(id, code)).status).toBe(410)
    expect((await client.view(id)).body.status).toBe('failed')
  })

  it('judges at most five of a hundred parallel wrong guesses and refuses the right code after them', async () => {
    const { id, code } = await opened()
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.check(id, wrongCode(code))))
    expect(answers.filter((answer) => answer.status === 422)).toHaveLength(5)
    expect(answers.filter((answer) => answer.status === 410)).toHaveLength(95)
    expect((await client.check(id, code)).status).toBe(410)
  })

  it('approves exactly one of twenty parallel right codes', async () => {
    const { id, code } = await opened()
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.check(id, code)))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
  })

  it('sends one mail for fifty parallel requests', async () => {
    const to = person()
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.open(to)))
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
    const refused = answers.filter((answer) => answer.status === 429)
    expect(refused).toHaveLength(49)
    expect(refused[0]?.body).toMatchObject({ code: 'too_many_sends' })
    expect(Number(refused[0]?.headers.get('Retry-After'))).toBeGreaterThan(0)
    await until(
      () => client.inbox(to),
      (mails) => mails.length > 0,
    )
    expect(await client.inbox(to)).toHaveLength(1)
  })

  it('repeats what an Idempotency-Key created and refuses it with another body', async () => {
    const to = person()
    const key = { 'Idempotency-Key': crypto.randomUUID() }
    const first = await client.open(to, key)
    const again = await client.open(to, key)
    expect(again.status).toBe(201)
    expect(again.body.challenge_id).toBe(first.body.challenge_id)
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect(first.headers.get('Idempotency-Replayed')).toBeNull()
    expect(await client.open(person(), key)).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
  })

  it('answers with the truth about the first attempt to Prefer: wait', async () => {
    const { body, headers } = await client.open(person(), { Prefer: 'wait=3' })
    expect(body.deliveries).toMatchObject([{ channel: 'email', status: 'sent' }])
    expect(headers.get('Preference-Applied')).toBe('wait=3')
  })

  it('refuses a resend within 30 seconds and says when', async () => {
    const { id } = await opened()
    const again = await client.resend(id, KEY)
    expect(again).toMatchObject({ status: 429, body: { code: 'too_many_sends' } })
    const wait = Number(again.headers.get('Retry-After'))
    expect(wait).toBeGreaterThan(20)
    expect(wait).toBeLessThanOrEqual(30)
  })

  it('writes in the language asked for, with the code neither in the subject nor spaced', async () => {
    for (const locale of ['es', 'en']) {
      const { code, to } = await opened(person(), { locale })
      const [mail] = await client.inbox(to)
      expect(mail?.subject).not.toContain(code)
      expect(mail?.text).toContain(code)
    }
  })

  it('tells the record of a message without its address', async () => {
    const { sends, to } = await opened()
    const { status, body } = await client.message(sends.deliveries[0]?.message_id ?? '')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'sent',
      ambiguous: false,
      attempts: [{ provider: 'inbox', outcome: 'accepted', code: null }],
    })
    expect(body.events.map((event) => event.type)).toEqual(['queued', 'sent'])
    expect(JSON.stringify(body)).not.toContain(to)
    expect(body.to_masked).toMatch(/^a….+@e….com$|^a…@e….com$/)
  })

  it('keeps neither code nor address in its state, and neither in its log', async () => {
    const { id, code, to } = await opened()
    await client.check(id, wrongCode(code))
    await client.check(id, code)
    await client.ask(`/dev/inbox.json?to=${to}`)
    const text = `${stateText(worker.state)}\n${await worker.dump()}\n${worker.logs()}`
    expect(text).toContain(id)
    expect(text).not.toContain(to)
    expect(text).not.toContain(encodeURIComponent(to))
    // As a number of its own: instants are full of digits.
    expect(text).not.toMatch(new RegExp(`(?<!\\d)${code}(?!\\d)`))
  })

  it('keeps its state over a restart', async () => {
    const { id, code } = await opened()
    await worker.stop()
    worker = await worker.restart()
    client = clientOf(worker.url)
    expect((await client.view(id)).body.status).toBe('pending')
    expect((await client.check(id, code)).status).toBe(200)
  })
})
