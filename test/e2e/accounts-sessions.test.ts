// Logging in and staying so: passwords, refresh tokens, and the sessions a person can see and end.
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountClient, accountsOf, bearer, codeOf, OTHER_PASSWORD, PASSWORD, type Problem } from './accounts.ts'
import { type Client, clientOf } from './client.ts'
import { claimsOf, hmacSigned, SECRET, secretOf, signedToken, tampered, unsigned } from './forged-tokens.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

onEachWiring('sessions', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start({ LIMITS: 'off', POSTA_SECRET: SECRET })
    client = clientOf(worker.url)
    people = accountsOf(client)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  describe('log-in', () => {
    it('lets in by user name and by address, however either is written', async () => {
      const who = await people.signedUp()
      const accented = who.username.replace('a', 'á')
      const logins = [who.username, who.username.toUpperCase(), accented, who.email, who.email.toUpperCase()]
      for (const login of [...logins, ` ${who.email} `, who.email.replace('@', '+shop@')]) {
        const { status, body } = await people.login(login)
        expect(status).toBe(200)
        expect(body).toEqual({
          access_token: expect.any(String),
          token_type: 'Bearer',
          expires_in: 3600,
          refresh_token: expect.stringMatching(/^ses_/),
          user_data: who.user,
        })
      }
      for (const named of [{ username: who.username }, { email: who.email }]) {
        expect((await client.post('/v1/auth/login', { ...named, password: PASSWORD })).status).toBe(200)
      }
    })

    it('says the same to a wrong password and to a name nobody has', async () => {
      const who = await people.signedUp()
      const wrong = await people.login(who.username, OTHER_PASSWORD)
      const unknown = await people.login(`${who.username}x`, OTHER_PASSWORD)
      for (const answer of [wrong, unknown]) {
        expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
        expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer')
      }
      const { request_id: one, ...said } = wrong.body
      const { request_id: other, ...saidToo } = unknown.body
      expect(one).not.toBe(other)
      expect(saidToo).toEqual(said)
      expect([...unknown.headers.keys()]).toEqual([...wrong.headers.keys()])
    })

    it('makes the sixth try wait after five wrong ones, for a known and an unknown name alike', async () => {
      const who = await people.signedUp()
      for (const login of [who.username, `${who.username}x`]) {
        const wrong = await Promise.all(Array.from({ length: 4 }, () => people.login(login, OTHER_PASSWORD)))
        // The wait runs from the fifth: nothing may come between it and the sixth.
        wrong.push(await people.login(login, OTHER_PASSWORD))
        expect(wrong.map((answer) => answer.status)).toEqual(Array(5).fill(401))
        const sixth = await people.login(login, login === who.username ? PASSWORD : OTHER_PASSWORD)
        expect(sixth).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
        expect(sixth.headers.get('Retry-After')).toBe('1')
      }
    })

    it('takes nonsense for a wrong login, not for an error', async () => {
      // At once: each is answered on a beat.
      const logins = ['\0', '%', "' or 1=1 --", '\ud800', 'a'.repeat(1_024), '@', '日本']
      for (const { status } of await Promise.all(logins.map((login) => people.login(login)))) expect(status).toBe(401)
      const who = await people.signedUp()
      const passwords = ['\0', '\ud800', 'x'.repeat(10_000)]
      const answers = await Promise.all(passwords.map((password) => people.login(who.username, password)))
      for (const { status } of answers) expect(status).toBe(401)
      expect((await people.login('')).body.errors).toMatchObject([{ path: 'login' }])
      const numbers = await client.post<Problem>('/v1/auth/login', { login: 7, password: null })
      expect(numbers.body.errors?.map((error) => error.path).sort()).toEqual(['login', 'password'])
    })
  })

  describe('refresh', () => {
    it('turns the token, and gives both of two tabs that ask at once the same one', async () => {
      const who = await people.signedUp()
      const [one, other] = await Promise.all([people.refresh(who.refresh), people.refresh(who.refresh)])
      for (const { status, body } of [one, other]) {
        expect(status).toBe(200)
        expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'refresh_token', 'token_type'])
        expect(body.refresh_token).toBe(one.body.refresh_token)
        expect((await people.me(body.access_token)).status).toBe(200)
      }
      expect(one.body.refresh_token).not.toBe(who.refresh)
      for (const token of [one.body.refresh_token, other.body.refresh_token])
        expect((await people.refresh(token)).status).toBe(200)
    })

    it('ends the family when a token two turns old comes back', async () => {
      const who = await people.signedUp()
      const { body: second } = await people.refresh(who.refresh)
      const { body: third } = await people.refresh(second.refresh_token)
      expect(await people.refresh(who.refresh)).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } })
      expect((await people.refresh(third.refresh_token)).status).toBe(401)
      expect((await people.change(third.access_token, { locale: 'es' })).status).toBe(401)
      expect((await people.login(who.username)).status).toBe(200)
    })

    it('believes no token that is not its own', async () => {
      const who = await people.signedUp()
      const other = await people.signedUp()
      const [session, n, nonce, mac = ''] = who.refresh.split('.')
      const [otherSession, , otherNonce, otherMac] = other.refresh.split('.')
      const forged = [
        `${session}.1.${nonce}.${mac}`,
        `${session}.${n}.${nonce}.${mac.replace(/^./, (char) => (char === 'A' ? 'B' : 'A'))}`,
        `${otherSession}.${n}.${nonce}.${mac}`,
        `${session}.${n}.${otherNonce}.${mac}`,
        `${session}.${n}.${nonce}.${otherMac}`,
        who.access,
        ' ',
        'x'.repeat(1_000),
      ]
      for (const token of forged) {
        expect(await people.refresh(token)).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } })
      }
      expect((await client.post('/v1/auth/refresh', {})).status).toBe(422)
      // None of it has hurt the real one.
      expect((await people.refresh(who.refresh)).status).toBe(200)
    })
  })

  it('believes no access token that another key, environment, address or time has made', async () => {
    const who = await people.signedUp()
    const { keys } = (await client.ask<{ keys: JsonWebKey[] }>('/.well-known/jwks.json')).body
    const jwk = keys[0] as JsonWebKey
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const claims = claimsOf(who.access)
    const about = { publicUrl: claims.iss, userId: claims.sub, sessionId: claims.sid }
    expect((await people.me(await signedToken(about))).status).toBe(200)
    const pem = key.export({ type: 'spki', format: 'pem' }).toString()
    const der = new Uint8Array(key.export({ type: 'spki', format: 'der' }))
    const forged = {
      expired: await signedToken({ ...about, ageMs: 3_700_000 }),
      'from the future': await signedToken({ ...about, ageMs: -60_000 }),
      'of another secret': await signedToken({ ...about, secret: secretOf('e2e', 8) }),
      'of an unknown kid': await signedToken({ ...about, secret: secretOf('other', 7) }),
      'of production': await signedToken({ ...about, environment: 'production' }),
      'of another address': await signedToken({ ...about, publicUrl: 'https://posta.example.com' }),
      'alg none': unsigned(who.access),
      'alg None': unsigned(who.access, claims, 'None'),
      'no signature': unsigned(who.access, claims, 'ES256'),
      'HS256 with the public key': await hmacSigned(who.access, der),
      'HS256 with the JWK': await hmacSigned(who.access, JSON.stringify(jwk)),
      'HS256 with its x': await hmacSigned(who.access, jwk.x ?? ''),
      'HS256 with the PEM': await hmacSigned(who.access, pem),
      'for somebody else': tampered(who.access, { sub: `usr_${'0'.repeat(36)}` }),
      'for longer': tampered(who.access, { exp: claims.exp + 1 }),
      'the refresh token': who.refresh,
    }
    for (const [kind, token] of Object.entries(forged)) {
      const answer = await people.me(token)
      expect({ kind, status: answer.status, code: codeOf(answer) }).toEqual({ kind, status: 401, code: 'unauthorized' })
    }
  })

  it('lists the sessions of the person, marks this one, and keeps neither browser nor address whole', async () => {
    const who = await people.signedUp()
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
    const { body: second } = await people.login(who.username, PASSWORD, { 'User-Agent': agent })
    const { status, body } = await people.sessions(second.access_token)
    expect(status).toBe(200)
    const one = {
      id: expect.stringMatching(/^ses_/),
      created_at: expect.any(String),
      last_used_at: expect.any(String),
      expires_at: expect.any(String),
      ip: expect.stringMatching(/^(127\.0\.0\.0\/24|::\/48)$/),
    }
    expect(body).toEqual({
      sessions: [
        { ...one, current: true, agent: 'Firefox, Linux' },
        { ...one, current: false, agent: 'Node.js' },
      ],
    })
    expect(JSON.stringify(body)).not.toContain('Gecko')
    expect(body.sessions[0]?.id).toBe(claimsOf(second.access_token).sid)
  })

  describe('ending sessions', () => {
    const over = async (tokens: { access: string; refresh: string }) => {
      expect((await people.refresh(tokens.refresh)).status).toBe(401)
      expect((await people.change(tokens.access, { locale: 'es' })).status).toBe(401)
      expect((await people.sessions(tokens.access)).status).toBe(401)
    }
    const again = async (login: string) => {
      const { body } = await people.login(login)
      return { access: body.access_token, refresh: body.refresh_token, id: claimsOf(body.access_token).sid }
    }

    it('ends one by its refresh token, or by its access token, and no other', async () => {
      const who = await people.signedUp()
      const second = await again(who.username)
      const out = await client.post('/v1/auth/logout', { refresh_token: who.refresh })
      expect({ status: out.status, body: out.body }).toEqual({ status: 204, body: null })
      await over(who)
      expect((await client.post('/v1/auth/logout', { refresh_token: who.refresh })).status).toBe(204)
      const third = await again(who.username)
      expect((await people.send('POST', '/v1/auth/logout', third.access)).status).toBe(204)
      await over(third)
      expect(await client.post('/v1/auth/logout', {})).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
      expect((await client.post('/v1/auth/logout', { refresh_token: 'x' })).status).toBe(401)
      expect((await people.refresh(second.refresh)).status).toBe(200)
    })

    it('ends all of them at once, asked with either token, and lets the person in again', async () => {
      const who = await people.signedUp()
      const others = [await again(who.username), await again(who.username)]
      expect((await people.send('POST', '/v1/auth/logout-all', who.access)).status).toBe(204)
      for (const tokens of [who, ...others]) await over(tokens)
      const [fresh, more] = [await again(who.username), await again(who.username)]
      expect((await client.post('/v1/auth/logout-all', { refresh_token: fresh.refresh })).status).toBe(204)
      for (const tokens of [fresh, more]) await over(tokens)
      expect((await client.post('/v1/auth/logout-all', {})).status).toBe(422)
    })

    it('ends one of one’s own by its id, and nobody else’s', async () => {
      const [who, stranger] = [await people.signedUp(), await people.signedUp()]
      const second = await again(who.username)
      expect(await people.endSession(stranger.access, second.id)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      })
      for (const id of ['ses_x', 'x', `ses_${'0'.repeat(36)}`]) {
        expect((await people.endSession(who.access, id)).status).toBe(404)
      }
      expect((await people.endSession(who.access, second.id)).status).toBe(204)
      await over(second)
      const { body } = await people.sessions(who.access)
      expect(body.sessions.map((one) => one.id)).toEqual([claimsOf(who.access).sid])
    })
  })

  it('answers the preflight of a page it allows and of no other', async () => {
    const ask = (origin: string) =>
      client.ask('/v1/auth/login', {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
      })
    expect((await ask('http://localhost:3000')).headers.get('Access-Control-Allow-Origin')).toBe(
      'http://localhost:3000',
    )
    expect((await ask('https://evil.example')).headers.get('Access-Control-Allow-Origin')).toBeNull()
    expect((await client.ask('/v1/auth/sessions', { headers: bearer('x') })).headers.get('Set-Cookie')).toBeNull()
  })
})
