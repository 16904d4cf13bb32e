// Welcome and operator's notice once per person, whoever vouches for them: posta's own token, or Supabase Auth's.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountClient, accountsOf, bearer, type Problem } from './accounts.ts'
import { type Answer, type Client, clientOf, until } from './client.ts'
import { hmacSigned, SECRET, signedToken, tampered, unsigned } from './forged-tokens.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'
import { startWorker, type Worker } from './worker.ts'

const NOTIFY = '/v1/users/notify-registration'
const OPERATORS = ['ops.one@example.com', 'ops.two@example.com']
const JWT_SECRET = 'a shared secret of forty characters, old'

interface Notified {
  messages: { id: string; channel: string; status: string; due_at: string }[]
}

const notify = (client: Client, token: string, path = NOTIFY): Promise<Answer<Notified & Problem>> =>
  client.post(path, {}, bearer(token))

const subjectsTo = async (client: Client, email: string) => (await client.inbox(email)).map((mail) => mail.subject)

onEachWiring('registration notice', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start({ LIMITS: 'off', ADMIN_EMAILS: OPERATORS.join(','), APP_NAME: 'Cine' })
    client = clientOf(worker.url)
    people = accountsOf(client)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  it('welcomes a person and tells every operator, once', async () => {
    const who = await people.signedUp({ locale: 'es' })
    const first = await notify(client, who.access)
    expect({ status: first.status, body: first.body }).toEqual({
      status: 202,
      body: {
        messages: Array(3).fill({
          id: expect.stringMatching(/^msg_/),
          channel: 'email',
          status: expect.stringMatching(/^(sending|queued)$/),
          due_at: expect.any(String),
        }),
      },
    })
    expect(first.headers.get('Idempotency-Replayed')).toBeNull()
    await until(
      async () => Promise.all([who.email, ...OPERATORS].map((email) => subjectsTo(client, email))),
      ([own, ...theirs]) =>
        own?.length === 2 && theirs.every((mails) => mails.some((mail) => mail.includes(who.username))),
    )
    const [welcome] = await client.inbox(who.email)
    expect(welcome?.subject).toMatch(/Cine/)
    expect(welcome?.text).toContain(who.username)
    const [told] = await client.inbox(OPERATORS[0] ?? '')
    expect(told?.text).toContain(who.email)
    for (const path of [NOTIFY, '/users/notify-registration']) {
      const again = await notify(client, who.access, path)
      expect(again.status).toBe(202)
      expect(again.body.messages.map((one) => one.id)).toEqual(first.body.messages.map((one) => one.id))
      expect(again.body.messages.map((one) => one.status)).toEqual(['sent', 'sent', 'sent'])
      expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    }
    expect(await client.inbox(who.email)).toHaveLength(2)
  })

  it('sends once for twenty calls at once', async () => {
    const who = await people.signedUp()
    const answers = await Promise.all(Array.from({ length: 20 }, () => notify(client, who.access)))
    const ids = new Set(answers.map((answer) => answer.body.messages.map((one) => one.id).join()))
    expect(ids.size).toBe(1)
    await until(
      () => client.inbox(who.email),
      (mails) => mails.length === 2,
    )
    expect(await client.inbox(who.email)).toHaveLength(2)
  })

  it('is for people, not for keys, strangers or ended sessions', async () => {
    const who = await people.signedUp()
    for (const token of ['posta_development', 'x', '']) expect((await notify(client, token)).status).toBe(401)
    expect((await client.post(NOTIFY, {})).status).toBe(401)
    await people.send('POST', '/v1/auth/logout-all', who.access)
    expect((await notify(client, who.access)).status).toBe(401)
    expect(await client.inbox(who.email)).toHaveLength(1)
  })
})

// Beside the wirings: what takes long here is the start of its Workers.
describe('tokens of Supabase Auth', { concurrent: true }, () => {
  let auth: { url: string; close: () => void; asked: () => number }
  const keys: { kid: string; alg: string; privateKey: CryptoKey; jwk: JWK }[] = []
  beforeAll(async () => {
    for (const alg of ['ES256', 'RS256']) {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
      keys.push({
        kid: `kid-${alg}`,
        alg,
        privateKey,
        jwk: { ...(await exportJWK(publicKey)), kid: `kid-${alg}`, alg, use: 'sig' },
      })
    }
    let asked = 0
    // The project's address, as far as tokens need it.
    const server = createServer((request, response) => {
      if (request.url === '/auth/v1/.well-known/jwks.json') {
        asked++
        response.writeHead(200, { 'Content-Type': 'application/json' })
        response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }))
      } else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    auth = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      close: () => server.close(),
      asked: () => asked,
    }
  })
  afterAll(() => auth?.close())

  const claims = (more: Record<string, unknown> = {}) => {
    const id = crypto.randomUUID()
    return {
      iss: `${auth.url}/auth/v1`,
      aud: 'authenticated',
      sub: id,
      email: `eva.${id.slice(0, 8)}@example.com`,
      role: 'authenticated',
      user_metadata: { full_name: 'Eva Luna', locale: 'es-CO' },
      ...more,
    }
  }
  const sign = (body: Record<string, unknown>, at = 0, life = 3600) => {
    const [es] = keys
    return signWith(es?.privateKey as CryptoKey, { alg: 'ES256', kid: 'kid-ES256' }, body, at, life)
  }
  const signWith = (
    key: CryptoKey | Uint8Array,
    header: { alg: string; kid?: string },
    body: Record<string, unknown>,
    at = 0,
    life = 3600,
  ) => {
    const now = Math.floor(Date.now() / 1_000) + at
    return new SignJWT(body)
      .setProtectedHeader({ typ: 'JWT', ...header })
      .setIssuedAt(now)
      .setExpirationTime(now + life)
      .sign(key)
  }

  async function using(vars: Record<string, string>, story: (client: Client, worker: Worker) => Promise<void>) {
    const worker = await startWorker({
      LIMITS: 'off',
      ADMIN_EMAILS: OPERATORS.join(','),
      SUPABASE_URL: auth.url,
      ...vars,
    })
    try {
      await story(clientOf(worker.url), worker)
    } finally {
      await worker.stop()
    }
  }

  it('believes the keys of the project, each with its own algorithm, and nothing else', async () => {
    await using({ SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_local' }, async (client) => {
      for (const { kid, alg, privateKey } of keys) {
        const body = claims()
        const token = await signWith(privateKey, { alg, kid }, body)
        const { status, body: told } = await notify(client, token)
        expect({ alg, status, count: told.messages?.length }).toEqual({ alg, status: 202, count: 3 })
        const again = await notify(client, await signWith(privateKey, { alg, kid }, body))
        expect(again.body.messages.map((one) => one.id)).toEqual(told.messages.map((one) => one.id))
        const [welcome] = await until(
          () => client.inbox(body.email),
          (mails) => mails.length > 0,
        )
        expect(welcome?.text).toContain('Eva Luna')
        expect(welcome?.subject).toMatch(/Te damos|bienvenid/i)
      }
      const [es, rs] = keys
      const good = await sign(claims())
      const stranger = await generateKeyPair('ES256', { extractable: true })
      const refused = {
        expired: await sign(claims(), -7_200),
        'of another project': await sign(claims({ iss: 'https://other.supabase.co/auth/v1' })),
        'for another audience': await sign(claims({ aud: 'anon' })),
        'without a person': await sign(claims({ sub: undefined })),
        'signed by a stranger': await signWith(stranger.privateKey, { alg: 'ES256', kid: 'kid-ES256' }, claims()),
        'with the kid of another key': await signWith(
          es?.privateKey as CryptoKey,
          { alg: 'ES256', kid: 'kid-RS256' },
          claims(),
        ),
        'of an unknown kid': await signWith(stranger.privateKey, { alg: 'ES256', kid: 'kid-other' }, claims()),
        'HS256 with the JWK': await hmacSigned(good, JSON.stringify(es?.jwk)),
        'HS256 with the modulus': await hmacSigned(good, rs?.jwk.n ?? ''),
        'alg none': unsigned(good),
        'alg ES256 without a signature': unsigned(good, claims(), 'ES256'),
        tampered: tampered(good, { sub: crypto.randomUUID() }),
      }
      for (const [kind, token] of Object.entries(refused)) {
        const answer = await notify(client, token)
        expect({ kind, status: answer.status, code: answer.body.code }).toEqual({
          kind,
          status: 401,
          code: 'unauthorized',
        })
      }
      // The shared secret of an older project, which is not set here.
      const shared = await signWith(new TextEncoder().encode(JWT_SECRET), { alg: 'HS256' }, claims())
      expect((await notify(client, shared)).status).toBe(401)
      // Asked once, and once more for the kid that nobody knew.
      expect(auth.asked()).toBeLessThanOrEqual(3)
      for (const path of ['/v1/auth/me', '/v1/auth/sessions']) {
        expect((await client.ask(path, { headers: bearer(good) })).status).toBe(401)
      }
    })
  })

  it('believes the shared secret of an older project where it is set', async () => {
    const secret = new TextEncoder().encode(JWT_SECRET)
    await using({ SUPABASE_JWT_SECRET: JWT_SECRET }, async (client) => {
      expect((await notify(client, await signWith(secret, { alg: 'HS256' }, claims()))).status).toBe(202)
      const other = new TextEncoder().encode(JWT_SECRET.replace('old', 'new'))
      expect((await notify(client, await signWith(other, { alg: 'HS256' }, claims()))).status).toBe(401)
      expect((await notify(client, await signWith(secret, { alg: 'HS512' }, claims()))).status).toBe(401)
      // Who has neither address nor name is still a person that operators are told of.
      const { status, body } = await notify(
        client,
        await signWith(secret, { alg: 'HS256' }, claims({ email: '', user_metadata: null })),
      )
      expect({ status, count: body.messages.length }).toEqual({ status: 202, count: 2 })
      // Accounts stay where they were: with the secret alone nothing is kept at Supabase.
      expect(await client.ask('/ready')).toMatchObject({ status: 200, body: { users: 'sqlite' } })
      expect((await accountsOf(client).register()).status).toBe(201)
    })
  })

  it('answers 503, and not 401, while the keys of the project cannot be had', async () => {
    const vars = { SUPABASE_URL: 'http://127.0.0.1:9', SUPABASE_JWT_SECRET: JWT_SECRET, POSTA_SECRET: SECRET }
    await using(vars, async (client, { url }) => {
      const answer = await notify(client, await sign(claims({ iss: `${vars.SUPABASE_URL}/auth/v1` })))
      expect(answer).toMatchObject({ status: 503, body: { code: 'users_unavailable' } })
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0)
      // What says that it is not theirs needs no key of theirs to be refused.
      const { user } = await accountsOf(client).signedUp()
      const own = { publicUrl: url, userId: user.id, sessionId: `ses_${'0'.repeat(36)}`, ageMs: 3_700_000 }
      for (const token of [await signedToken(own), await sign(claims())]) {
        expect((await notify(client, token)).status).toBe(401)
      }
    })
  })
})
