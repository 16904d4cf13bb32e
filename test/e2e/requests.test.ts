// Bad input of every kind gets a precise problem, changes nothing and leaks nothing.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, clientOf, codeIn, KEY, person, until, wrongCode } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  request_id: string
  errors?: { path: string; message: string }[]
}

const JSON_TYPE = { 'Content-Type': 'application/json' }
const CHALLENGES = '/v1/challenges'
const UNKNOWN = `ch_${'0'.repeat(36)}`

onEachWiring('requests', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start()
    client = clientOf(worker.url)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  const raw = (path: string, init: RequestInit) => client.ask<Problem>(path, init)
  const sent = (body: BodyInit, headers: Record<string, string> = {}) =>
    raw(CHALLENGES, { method: 'POST', headers: { ...KEY, ...JSON_TYPE, ...headers }, body })
  const valid = () => ({ to: { email: person() }, purpose: 'login' })

  it.each([
    ['an open brace', '{'],
    ['two values', '{} {}'],
    ['a trailing comma', '{"to":{"email":"a@b.test"},}'],
    ['NaN', '{"to":NaN}'],
    ['invalid UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
  ])('answers 400 malformed_json to %s', async (_, body) => {
    const { status, body: problem, headers } = await sent(body)
    expect({ status, code: problem.code }).toEqual({ status: 400, code: 'malformed_json' })
    expect(headers.get('Content-Type')).toBe('application/problem+json')
    expect(problem.request_id).toBe(headers.get('X-Request-Id'))
    expect(problem).toMatchObject({
      status: 400,
      title: expect.any(String),
      detail: expect.any(String),
      type: expect.any(String),
    })
  })

  it('answers 422 to nesting deeper than anything it takes, in time', async () => {
    const { status, body } = await sent(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'invalid_request' })
  })

  it.each([
    ['nothing', {}, ['to', 'purpose']],
    ['a list', [], ['']],
    ['null', null, ['']],
    ['no address', { to: {}, purpose: 'login' }, ['to']],
    ['a number for an address', { to: { email: 7 }, purpose: 'login' }, ['to.email']],
    ['a bad purpose', { to: { email: 'a@b.test' }, purpose: 'Log In' }, ['purpose']],
    ['a purpose with a line end', { to: { email: 'a@b.test' }, purpose: 'login\n' }, ['purpose']],
    ['a long purpose', { to: { email: 'a@b.test' }, purpose: `a${'b'.repeat(32)}` }, ['purpose']],
    ['a bad phone', { to: { phone: '600' }, purpose: 'login' }, ['to.phone']],
    ['an unknown channel', { to: { email: 'a@b.test' }, purpose: 'login', channels: ['fax'] }, ['channels.0']],
    ['no channel', { to: { email: 'a@b.test' }, purpose: 'login', channels: [] }, ['channels']],
    [
      'a channel that is not configured',
      { to: { phone: '+34600111222' }, purpose: 'login', channels: ['sms'] },
      ['channels'],
    ],
    ['a phone alone while no channel reaches phones', { to: { phone: '+34600111222' }, purpose: 'login' }, ['to']],
    ['an unknown mode', { to: { email: 'a@b.test' }, purpose: 'login', mode: 'all' }, ['mode']],
  ])('answers 422 to %s and names the field', async (_, body, paths) => {
    const { status, body: problem } = await sent(JSON.stringify(body))
    expect({ status, code: problem.code }).toEqual({ status: 422, code: 'invalid_request' })
    expect(problem.errors?.map((error) => error.path)).toEqual(paths)
  })

  it.each([
    'ana',
    'ana@',
    '@b.test',
    'ana@b',
    'ana@@b.test',
    'ana@b..test',
    'ana@-b.test',
    '"ana b"@b.test',
    'ana@[127.0.0.1]',
    'ana@127.0.0.1',
    'ana@b.test\r\nBcc: eve@b.test',
    'ana@b.test%0d%0aBcc:x',
    'ana\u0000@b.test',
    'ana <ana@b.test>',
    'a@b.test,c@b.test',
    'ana.@b.test',
    '.ana@b.test',
    'a..b@b.test',
    'ána@b.test',
    'ana@b.test/x',
    'ana@b.test:25',
    'ana@b.test?x',
    `${'a'.repeat(65)}@b.test`,
    `a@${'b'.repeat(64)}.test`,
    `a@${'b.'.repeat(130)}test`,
    'ana@ex\u202eample.com',
    'ana@b.\ntest',
  ])('refuses the address %j without repeating it', async (email) => {
    const { status, body, headers } = await sent(JSON.stringify({ to: { email }, purpose: 'login' }))
    expect(status).toBe(422)
    expect(body.errors?.map((error) => error.path)).toEqual(['to.email'])
    expect(JSON.stringify(body)).not.toContain('ana')
    expect(JSON.stringify([...headers])).not.toContain('Bcc')
  })

  it('takes an international domain in its ASCII form, and plus tags as one person', async () => {
    const name = `ana.${crypto.randomUUID().slice(0, 8)}`
    expect((await client.open(`${name}@bücher.example`)).status).toBe(201)
    const [mail] = await until(
      () => client.inbox(`${name}@xn--bcher-kva.example`),
      (mails) => mails.length > 0,
    )
    expect(mail).toMatchObject({ to: `${name}@xn--bcher-kva.example` })
    expect((await client.open(`${name.toUpperCase()}+x@BÜCHER.example`)).status).toBe(429)
  })

  it('answers 413 to a body over 256 KiB, declared or not', async () => {
    const big = JSON.stringify({ ...valid(), filler: 'x'.repeat(256 * 1024) })
    expect(await sent(big)).toMatchObject({ status: 413, body: { code: 'payload_too_large' } })
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(big))
        controller.close()
      },
    })
    const init = { method: 'POST', headers: { ...KEY, ...JSON_TYPE }, body: stream, duplex: 'half' } as RequestInit
    expect(await raw(CHALLENGES, init)).toMatchObject({ status: 413 })
  })

  it('answers 415 to another content type, and takes an empty body as {} where nothing is required', async () => {
    const body = JSON.stringify(valid())
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', '']) {
      expect(await sent(body, { 'Content-Type': type })).toMatchObject({
        status: 415,
        body: { code: 'unsupported_media_type' },
      })
    }
    expect((await sent(body, { 'Content-Type': 'application/json; charset=utf-8' })).status).toBe(201)
    const opened = await client.open(person())
    const resend = await raw(`${CHALLENGES}/${opened.body.challenge_id}/resend`, { method: 'POST', headers: KEY })
    expect(resend).toMatchObject({ status: 429, body: { code: 'too_many_sends' } })
  })

  it('answers 404 to an unknown path and 405 with Allow to a known one', async () => {
    expect(await raw('/v1/nothing', {})).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const wrong = await raw(CHALLENGES, { method: 'PUT' })
    expect(wrong).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } })
    expect(wrong.headers.get('Allow')).toBe('POST')
    expect((await raw(`${CHALLENGES}/${UNKNOWN}`, { method: 'DELETE' })).headers.get('Allow')).toBe('GET, HEAD')
  })

  it.each([
    ['no key', {}],
    ['a foreign key', { Authorization: 'Bearer posta_foreign' }],
    ['another scheme', { Authorization: 'Basic cG9zdGE6cG9zdGE=' }],
    ['an empty bearer', { Authorization: 'Bearer ' }],
  ])('answers 401 to %s', async (_, headers) => {
    const init = {
      method: 'POST',
      headers: { ...JSON_TYPE, ...headers } as Record<string, string>,
      body: JSON.stringify(valid()),
    }
    const answer = await raw(CHALLENGES, init)
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer')
    expect(await raw(`/v1/messages/msg_${'0'.repeat(36)}`, { headers })).toMatchObject({ status: 401 })
  })

  it('answers 401 to a foreign key also where none is needed', async () => {
    expect((await client.check(UNKNOWN, '123456', { Authorization: 'Bearer posta_foreign' })).status).toBe(401)
  })

  it.each([UNKNOWN, 'ch_', 'x', "ch_'; DROP TABLE messages;--", 'msg_1', '%00', '..%2f..'])(
    'answers 404 to the unknown challenge %j',
    async (id) => {
      const path = `${CHALLENGES}/${encodeURIComponent(id)}`
      expect(await raw(path, {})).toMatchObject({ status: 404, body: { code: 'not_found' } })
      const init = { method: 'POST', headers: JSON_TYPE, body: '{"code":"123456"}' }
      expect(await raw(`${path}/check`, init)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    },
  )

  it('answers 404 to an unknown message', async () => {
    expect(await client.message(`msg_${'0'.repeat(36)}`)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(await client.message('x')).toMatchObject({ status: 404 })
  })

  it.each(['12345', '123456789', 'abcdef', '12 456', '123.456', ''])(
    'refuses the malformed code %j without counting it',
    async (bad) => {
      const to = person()
      const { body } = await client.open(to)
      expect((await client.check(body.challenge_id, bad)).status).toBe(422)
      const [mail] = await until(
        () => client.inbox(to),
        (mails) => mails.length > 0,
      )
      const code = codeIn(mail?.text ?? '')
      expect((await client.check(body.challenge_id, wrongCode(code))).body).toMatchObject({ tries_left: 4 })
    },
  )

  it.each(['', ' '.repeat(256), 'ñ', 'x'.repeat(256)])('refuses the Idempotency-Key %j', async (key) => {
    const answer = await sent(JSON.stringify(valid()), { 'Idempotency-Key': encodeLatin(key) })
    if (key.trim() === '') return expect([201, 400]).toContain(answer.status)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_idempotency_key' } })
  })

  it('keeps a short safe request id and replaces any other', async () => {
    const kept = await raw('/health', { headers: { 'X-Request-Id': 'abc-123_X' } })
    expect(kept.headers.get('X-Request-Id')).toBe('abc-123_X')
    for (const id of ['a b', '<script>', 'x'.repeat(65)]) {
      const { headers } = await raw('/health', { headers: { 'X-Request-Id': id } })
      expect(headers.get('X-Request-Id')).toMatch(/^req_[0-9a-z]{36}$/)
    }
  })

  it('limits strangers per IP, and a key that names the person’s IP as them', async () => {
    const ip = { 'CF-Connecting-IP': '203.0.113.7' }
    const answers = []
    for (let n = 0; n < 61; n++) answers.push(await client.check(UNKNOWN, '123456', ip))
    expect(answers.filter((answer) => answer.status === 404)).toHaveLength(60)
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
    expect(Number(answers.at(-1)?.headers.get('Retry-After'))).toBeGreaterThan(3_000)
    expect((await client.check(UNKNOWN, '123456', { ...KEY, 'Posta-Client-IP': '203.0.113.7' })).status).toBe(429)
    expect((await client.check(UNKNOWN, '123456', KEY)).status).toBe(404)
    expect((await client.check(UNKNOWN, '123456', { ...KEY, 'Posta-Client-IP': 'here' })).status).toBe(422)
    const v6 = (host: string) => client.check(UNKNOWN, '123456', { 'CF-Connecting-IP': `2001:db8:1:2::${host}` })
    for (let n = 0; n < 60; n++) await v6(n.toString(16))
    expect((await v6('ffff')).status).toBe(429)
  })

  it('carries RateLimit fields where it limits', async () => {
    const { headers } = await client.open(person())
    expect(headers.get('RateLimit-Policy')).toContain('"codes";q=3;w=3600')
    expect(headers.get('RateLimit')).toMatch(/"codes";r=2;t=3600/)
    const ip = { 'CF-Connecting-IP': '198.51.100.9' }
    const to = person()
    const { body } = await client.open(to)
    const refused = await client.open(to)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('RateLimit')).toContain('"codes-gap";r=0')
    const wrong = await client.check(body.challenge_id, '000000', ip)
    expect(wrong.headers.get('RateLimit')).toBe('"checks";r=59;t=3600')
    expect(wrong.headers.get('RateLimit-Policy')).toBe('"checks";q=60;w=3600')
  })

  it('says in /health and /ready that it works', async () => {
    expect(await raw('/health', {})).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(await raw('/ready', {})).toMatchObject({ status: 200, body: { status: 'ready' } })
  })

  it('lets the pages of this machine and network call in development, with the headers they ask for', async () => {
    const asked = 'authorization,baggage,content-type,sentry-trace,traceparent,x-datadog-trace-id'
    const preflight = (origin: string) =>
      fetch(`${worker.url}${CHALLENGES}`, {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': asked },
      })
    for (const origin of ['http://localhost:3000', 'https://localhost:3000', 'http://192.168.1.20:5173']) {
      const { status, headers } = await preflight(origin)
      expect({ status, origin: headers.get('Access-Control-Allow-Origin') }).toEqual({ status: 204, origin })
      expect(headers.get('Access-Control-Allow-Headers')).toBe(asked)
      expect(headers.get('Access-Control-Allow-Credentials')).toBeNull()
      const refused = await raw('/v1/challenges/x', { headers: { Origin: origin } })
      expect({ status: refused.status, origin: refused.headers.get('Access-Control-Allow-Origin') }).toEqual({
        status: 404,
        origin,
      })
    }
    expect((await preflight('https://evil.example')).headers.get('Access-Control-Allow-Origin')).toBeNull()
  })
})

/** fetch takes header values as Latin-1. */
const encodeLatin = (text: string): string => text
