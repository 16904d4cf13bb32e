// Signing up: what is answered, what is refused, and that a name and an address belong to one person.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountClient, accountsOf, bearer, newcomer, PASSWORD, type Problem } from './accounts.ts'
import { type Client, clientOf, codeIn } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

const REGISTER = '/v1/auth/register'
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

onEachWiring('sign-up', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start({ LIMITS: 'off', APP_NAME: 'Cine Brújula' })
    client = clientOf(worker.url)
    people = accountsOf(client)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  it('answers with tokens, the account and the truth about its mail, and nothing else', async () => {
    const who = newcomer()
    const { status, body, headers } = await people.register(who)
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        access_token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
        token_type: 'Bearer',
        expires_in: 3600,
        refresh_token: expect.stringMatching(/^ses_/),
        user_data: {
          id: expect.stringMatching(/^usr_[0-9a-z]{36}$/),
          username: who.username,
          email: who.email,
          email_verified: false,
          phone: null,
          phone_verified: false,
          locale: 'en',
          referral_code: null,
          created_at: expect.stringMatching(INSTANT),
        },
        email_confirmation_sent: true,
        message: 'Registration successful! Please check your email for confirmation code.',
        challenge_id: expect.stringMatching(/^ch_/),
      },
    })
    expect(headers.get('Cache-Control')).toBe('no-store')
    const mails = await client.inbox(who.email)
    expect(mails).toHaveLength(1)
    expect(codeIn(mails[0]?.text ?? '')).toMatch(/^\d{6}$/)
    expect((await people.me(body.access_token)).body).toEqual({ user_data: body.user_data })
  })

  it('keeps phone, language and referral code, and writes in that language', async () => {
    const phone = `+5730${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`
    const who = newcomer({ phone, locale: 'es', referral_code: 'AMIGOS-7', password_confirmation: PASSWORD })
    const { status, body } = await people.register(who)
    expect(status).toBe(201)
    expect(body.user_data).toMatchObject({ phone, phone_verified: false, locale: 'es', referral_code: 'AMIGOS-7' })
    const [mail] = await client.inbox(who.email)
    expect(mail?.subject).toMatch(/código/)
  })

  it('names every field that is wrong at once: types, missing ones, and rules', async () => {
    const fields = { username: 7, email: 'nobody', password: 'abc', phone: '123', locale: 'fr', channels: ['pigeon'] }
    const { status, body } = await people.register({
      ...fields,
      referral_code: 'x'.repeat(65),
      password_confirmation: 'abd',
    })
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'invalid_request' })
    const paths = body.errors?.map((error) => error.path).sort()
    expect(paths).toEqual([
      'channels.0',
      'email',
      'password',
      'password_confirmation',
      'phone',
      'referral_code',
      'username',
    ])
    expect(JSON.stringify(body)).not.toContain('pigeon')
    const empty = await people.register({})
    expect(empty.body.errors?.map((error) => error.path).sort()).toEqual(['email', 'password', 'username'])
    const noPassword = await people.register({ username: 'admin', email: 'a@b' })
    expect(noPassword.body.errors?.map((error) => error.path).sort()).toEqual(['email', 'password', 'username'])
  })

  it('says what is wrong in the language of the caller, with the same codes', async () => {
    const fields = { username: 'an', email: 'nobody', password: 'abc' }
    const asked = async (headers: Record<string, string>, more: Record<string, unknown> = {}) => {
      const { body } = await client.post<Problem>('/v1/auth/register', { ...fields, ...more }, headers)
      return [body.detail, ...(body.errors ?? []).map((error) => [error.code, error.message])]
    }
    const english = [
      'Some fields are missing or not valid; see errors.',
      ['too_short', 'must have at least 3 characters'],
      ['not_email', 'must be an e-mail address'],
      ['too_short', 'must have at least 8 characters'],
    ]
    const spanish = [
      'Faltan campos o no son válidos; consulta errors.',
      ['too_short', 'debe tener al menos 3 caracteres'],
      ['not_email', 'debe ser una dirección de correo'],
      ['too_short', 'debe tener al menos 8 caracteres'],
    ]
    expect(await asked({})).toEqual(english)
    expect(await asked({ 'Accept-Language': 'es-CL,es;q=0.9' })).toEqual(spanish)
    expect(await asked({ 'Accept-Language': 'pt' })).toEqual(english)
    expect(await asked({}, { locale: 'es-CL' })).toEqual(spanish)
    expect(await asked({ 'Accept-Language': 'es' }, { locale: 'en' })).toEqual(english)
    const nowhere = await client.ask<Problem>('/nowhere', { headers: { 'Accept-Language': 'es' } })
    expect(nowhere.body).toMatchObject({ code: 'not_found', title: 'No encontrado' })
    expect(nowhere.headers.get('Content-Language')).toBe('es')
  })

  it.each([
    ['es-CL', 'es'],
    ['es_MX', 'es'],
    ['en-GB', 'en'],
    ['pt', 'en'],
    ['', 'en'],
    ['not a tag at all', 'en'],
    [null, 'en'],
    [7, 'en'],
  ])('signs up with the locale %j, written to in %s', async (locale, spoken) => {
    const who = newcomer({ locale })
    expect(await people.register(who)).toMatchObject({ status: 201, body: { user_data: { locale: spoken } } })
    const { body } = await people.login(who.username)
    const changed = await people.change(body.access_token, { locale })
    expect(changed).toMatchObject({ status: 200, body: { user_data: { locale: spoken } } })
  })

  it('asks only for channels that are configured', async () => {
    const { status, body } = await people.register(newcomer({ phone: '+573001112233', channels: ['sms'] }))
    expect(status).toBe(422)
    expect(body.errors).toMatchObject([{ path: 'channels' }])
  })

  it.each([
    ['a Cyrillic а in the name', { username: 'pаula.m' }, 'username'],
    ['full-width letters in the name', { username: 'ａｎａｎａ' }, 'username'],
    ['a null byte in the name', { username: 'ana\0maria' }, 'username'],
    ['a right-to-left override in the name', { username: 'ana\u202emoc' }, 'username'],
    ['a zero-width space in the name', { username: 'ana\u200bmaria' }, 'username'],
    ['an address for a name', { username: 'ana@example.com' }, 'username'],
    ['a reserved name', { username: 'Admin' }, 'username'],
    ['a reserved name with separators', { username: 's-o-p-o-r-t-e' }, 'username'],
    ['the name of the app', { username: 'cine.brujula' }, 'username'],
    ['a name of 33', { username: 'a'.repeat(33) }, 'username'],
    ['a name of 100 kB', { username: 'a'.repeat(100_000) }, 'username'],
    ['a header in the address', { email: 'ana@example.com\r\nBcc: b@example.com' }, 'email'],
    ['a null byte in the address', { email: 'ana\0@example.com' }, 'email'],
    ['two addresses', { email: 'ana@example.com,b@example.com' }, 'email'],
    ['a password of 10 kB', { password: 'pA7 '.repeat(2_500) }, 'password'],
    ['a null byte in the password', { password: 'quarry\0wagtail lantern' }, 'password'],
    ['half a character in the password', { password: 'quarry \ud800 wagtail' }, 'password'],
    ['a password everybody has', { password: 'Passw0rd' }, 'password'],
    ['a password of seven', { password: 'kR7#qz!' }, 'password'],
    ['a null byte in the referral code', { referral_code: 'A\0B' }, 'referral_code'],
    ['another confirmation', { password_confirmation: 'something else 9' }, 'password_confirmation'],
  ])('answers 422 naming the field to %s', async (_, fields, path) => {
    const who = newcomer(fields)
    const { status, body } = await people.register(who)
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'invalid_request' })
    expect(body.errors?.map((error) => error.path)).toEqual([path])
    for (const value of Object.values(fields)) expect(JSON.stringify(body)).not.toContain(value)
  })

  it('refuses a password made of the person’s own name or address', async () => {
    const { username } = newcomer()
    for (const password of [`${username}1`, username.toUpperCase(), `${username}@example.com`]) {
      const { status, body } = await people.register({
        ...newcomer(),
        username,
        email: `${username}@example.com`,
        password,
      })
      expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 422, path: 'password' })
    }
  })

  it('refuses bodies that are too large, of another type, or no JSON, each in its own way', async () => {
    const json = { 'Content-Type': 'application/json' }
    const raw = (body: BodyInit, headers: Record<string, string> = json) =>
      client.ask<Problem>(REGISTER, { method: 'POST', headers, body })
    expect(await raw(JSON.stringify({ username: 'x'.repeat(300_000) }))).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    })
    const form = new URLSearchParams(newcomer() as Record<string, string>)
    expect(await raw(form, {})).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
    expect(await raw('{"username":')).toMatchObject({ status: 400, body: { code: 'malformed_json' } })
    expect(await raw('[]')).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
    expect(await client.ask<Problem>(REGISTER)).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } })
  })

  describe('one name and one address per person', () => {
    it('makes exactly one account of twenty parallel sign-ups of one name', async () => {
      const { username } = newcomer()
      const answers = await Promise.all(Array.from({ length: 20 }, () => people.register({ ...newcomer(), username })))
      expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
      const refused = answers.filter((answer) => answer.status === 409)
      expect(refused).toHaveLength(19)
      for (const { body } of refused) {
        expect(body).toMatchObject({ code: 'username_taken', detail: expect.any(String), status: 409 })
        expect(body).not.toHaveProperty('access_token')
      }
    })

    it('makes exactly one account of twenty parallel sign-ups of one address', async () => {
      const { email } = newcomer()
      const answers = await Promise.all(Array.from({ length: 20 }, () => people.register({ ...newcomer(), email })))
      expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array(19).fill(409)])
      for (const { status, body } of answers) if (status === 409) expect(body.code).toBe('email_taken')
      expect(await client.inbox(email)).toHaveLength(1)
    })

    it('knows a name again in another case and with another accent', async () => {
      const { username } = await people.signedUp()
      for (const same of [username.toUpperCase(), username.replace('a', 'á'), username.replace('a', 'a\u0301')]) {
        const { status, body } = await people.register({ ...newcomer(), username: same })
        expect({ status, code: body.code }).toEqual({ status: 409, code: 'username_taken' })
      }
    })

    it.each([
      ['another case', (name: string) => [`${name}@example.com`, `${name.toUpperCase()}@Example.COM`]],
      ['another tag', (name: string) => [`${name}@example.com`, `${name}+posta@example.com`]],
      [
        'another form of an international domain',
        (name: string) => [`${name}@bücher.example`, `${name}@xn--bcher-kva.example`],
      ],
      ['dots at Gmail', (name: string) => [`${name}@gmail.com`, `${name.split('').join('.')}@googlemail.com`]],
    ])('knows an address again in %s', async (_, forms) => {
      const [first = '', second = ''] = forms(newcomer().username)
      await people.signedUp({ email: first })
      const { status, body } = await people.register(newcomer({ email: second }))
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'email_taken' })
      expect(JSON.stringify(body)).not.toContain(second)
    })

    it('takes dots apart where they are not Gmail’s', async () => {
      const { username } = newcomer()
      await people.signedUp({ email: `${username}@example.com` })
      const dotted = `${username.slice(0, 4)}.${username.slice(4)}@example.com`
      expect((await people.register(newcomer({ email: dotted }))).status).toBe(201)
    })
  })

  it('publishes the keys its tokens verify with, and nothing secret of it', async () => {
    const { status, body, headers } = await client.ask<{ keys: object[] }>('/.well-known/jwks.json')
    expect(status).toBe(200)
    expect(headers.get('Cache-Control')).toBe('public, max-age=300')
    const [x, y, kid] = [expect.any(String), expect.any(String), expect.any(String)]
    expect(body.keys).toEqual([
      { kty: 'EC', crv: 'P-256', x, y, kid, use: 'sig', alg: 'ES256' },
      { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' },
    ])
  })

  it('shows nobody’s account without a good token', async () => {
    for (const token of ['', 'x', 'eyJhbGciOiJub25lIn0.e30.']) {
      const { status, headers, body } = await client.ask<Problem>('/v1/auth/me', { headers: bearer(token) })
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthorized' })
      expect(headers.get('WWW-Authenticate')).toBe('Bearer')
    }
  })
})
