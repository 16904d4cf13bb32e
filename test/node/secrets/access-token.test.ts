// Access tokens: what is ours, and everything that only looks like it.
import { createECDH, createHmac, createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../lib/names/ids.ts'
import { type AccessTokens, accessTokens } from '../../../lib/secrets/access-token.ts'
import { type Keys, keysFrom, type Secret } from '../../../lib/secrets/keys.ts'
import { p256Scalar, TOKEN_ALGS, type TokenAlg, tokenKeys } from '../../../lib/secrets/token-keys.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const SECONDS = NOW / 1_000
const ORIGIN = 'https://posta.example'
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const secret = (kid: string): Secret => ({ kid, bytes: random(32) })
const [old, young] = [secret('a'), secret('b')]
const person = { userId: newId('usr', NOW, random), sessionId: newId('ses', NOW, random) }
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

interface Setup {
  keys?: Keys
  publicUrl?: string
  environment?: string
  minutes?: number
  alg?: TokenAlg
  now?: number
}

const tokensOf = ({ now = NOW, ...changes }: Setup = {}): AccessTokens =>
  accessTokens({
    ...{ keys: keysFrom([old], random), publicUrl: ORIGIN, environment: 'production', minutes: 60 },
    alg: 'ES256',
    ...{ now: () => now, random, ...changes },
  })

describe.each(TOKEN_ALGS)('an access token by %s', (alg) => {
  const tokens = (setup: Setup = {}) => tokensOf({ alg, ...setup })
  const kidOf = (secret: string) => `${secret}.${alg.toLowerCase()}`
  const ours = tokens()
  let token: string
  beforeAll(async () => {
    token = (await ours.issue(person)).token
  })

  it('says who, which session, by whom, for whom and until when', async () => {
    const { token, expiresInSeconds } = await ours.issue(person)
    expect(expiresInSeconds).toBe(3_600)
    expect(decodeProtectedHeader(token)).toEqual({ alg, typ: 'at+jwt', kid: kidOf('a') })
    const { jti } = decodeJwt(token)
    expect(decodeJwt(token)).toEqual({
      ...{ iss: ORIGIN, aud: `${ORIGIN}/production`, sub: person.userId, sid: person.sessionId, jti },
      ...{ iat: SECONDS - 5, exp: SECONDS + 3_600 },
    })
    expect(await ours.verify(token)).toEqual({ ...person, tokenId: jti, issuedAt: NOW, expiresAt: NOW + 3_600_000 })
  })

  it('has an id of its own', async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => decodeJwt((await ours.issue(person)).token).jti))
    expect(new Set(ids).size).toBe(3)
  })

  it('is good by the published keys, for anybody who reads them', async () => {
    const set = await tokens({ keys: keysFrom([young, old], random) }).jwks()
    const ec = { kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256' }
    const okp = { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA' }
    expect(set.keys).toMatchObject([
      ...[
        { ...ec, kid: 'b.es256' },
        { ...okp, kid: 'b.eddsa' },
        { ...ec, kid: 'a.es256' },
        { ...okp, kid: 'a.eddsa' },
      ],
    ])
    const { payload } = await jwtVerify(token, createLocalJWKSet(set), { currentDate: new Date(NOW) })
    expect(payload.sub).toBe(person.userId)
    expect(JSON.stringify(set)).not.toContain('"d"')
  })

  it('is signed by the same pair in every isolate, and by another for another secret', async () => {
    const [one, two, other] = await Promise.all(
      [old, { ...old }, { ...young, kid: 'a' }].map((entry) => tokens({ keys: keysFrom([entry], random) }).jwks()),
    )
    expect(one).toEqual(two)
    expect(one?.keys[0]?.x).not.toBe(other?.keys[0]?.x)
  })

  it('stays good while its secret is listed, and no longer', async () => {
    expect(await tokens({ keys: keysFrom([young, old], random) }).verify(token)).not.toBeNull()
    expect(await tokens({ keys: keysFrom([young], random) }).verify(token)).toBeNull()
    expect(await tokens({ keys: keysFrom([{ ...young, kid: 'a' }], random) }).verify(token)).toBeNull()
  })

  it.each<[string, Setup]>([
    ['of another origin', { publicUrl: 'https://other.example' }],
    ['of another environment', { environment: 'development' }],
    ['expired', { now: NOW + 3_606_000 }],
    ['from the future', { now: NOW - 11_000 }],
    ['older than the life that is set now', { now: NOW + 400_000, minutes: 5 }],
  ])('%s is refused', async (_, setup) => expect(await tokens(setup).verify(token)).toBeNull())

  it.each([0, 3_600_000, 3_604_000, -5_000])('is good %s ms after it was made', async (ms) => {
    expect(await tokens({ now: NOW + ms }).verify(token)).not.toBeNull()
  })

  describe('signed by our own key, but', () => {
    const good = { iss: ORIGIN, aud: `${ORIGIN}/production`, sub: 'usr_1', sid: 'ses_1', jti: 'j' }
    const times = { iat: SECONDS, exp: SECONDS + 60 }
    const header = { alg, typ: 'at+jwt', kid: kidOf('a') }
    let privateKey: CryptoKey
    beforeAll(async () => {
      ;({ privateKey } = await tokenKeys(keysFrom([old], random)).signing(alg))
    })
    const signed = (claims: JWTPayload, changes = {}) =>
      new SignJWT(claims).setProtectedHeader({ ...header, ...changes }).sign(privateKey)

    it('right: is good', async () => {
      expect(await ours.verify(await signed({ ...good, ...times }))).toMatchObject({ userId: 'usr_1' })
    })

    it.each(['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp'])('without %s: is refused', async (name) => {
      const { [name]: _, ...claims }: Record<string, unknown> = { ...good, ...times }
      expect(await ours.verify(await signed(claims))).toBeNull()
    })

    it.each<[string, Record<string, unknown>]>([
      ['an empty sub', { sub: '' }],
      ['a sid that is a number', { sid: 1 }],
      ['a jti that is a list', { jti: ['j'] }],
      ['an exp that is text', { exp: String(SECONDS + 60) }],
      ['another issuer', { iss: `${ORIGIN}/` }],
      ['another audience', { aud: ORIGIN }],
      ['not yet good', { nbf: SECONDS + 60 }],
      ['made long ago for long', { iat: SECONDS - 4_000, exp: SECONDS + 999_999 }],
    ])('with %s: is refused', async (_, claims) => {
      expect(await ours.verify(await signed({ ...good, ...times, ...claims }))).toBeNull()
    })

    it.each<[string, Record<string, unknown>]>([
      ['another typ', { typ: 'JWT' }],
      ['no typ', { typ: undefined }],
      ['no kid', { kid: undefined }],
      ['an unknown kid', { kid: 'z' }],
      ['a kid of the prototype', { kid: '__proto__' }],
      ['the kid of its secret alone', { kid: 'a' }],
      ['the kid of another algorithm', { kid: alg === 'ES256' ? 'a.eddsa' : 'a.es256' }],
    ])('with %s: is refused', async (_, changes) => {
      expect(await ours.verify(await signed({ ...good, ...times }, changes))).toBeNull()
    })
  })

  it('without a signature (alg:none) is refused', async () => {
    const [, claims] = token.split('.')
    for (const none of ['none', 'None', 'NONE', '']) {
      const header = base64url({ alg: none, typ: 'at+jwt', kid: kidOf('a') })
      for (const text of [`${header}.${claims}.`, `${header}.${claims}`, `${header}.${claims}.${token.split('.')[2]}`])
        expect(await ours.verify(text)).toBeNull()
    }
  })

  it('signed by HS256 with the public key, in any form of it, is refused', async () => {
    const { keys } = await ours.jwks()
    const jwk = keys.find((one) => one.alg === alg)!
    const spki = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    const forms = [
      Buffer.from(jwk.x, 'base64url'),
      jwk.x,
      JSON.stringify(jwk),
      spki.export({ type: 'spki', format: 'pem' }).toString(),
      spki.export({ type: 'spki', format: 'der' }),
    ]
    for (const key of forms) {
      const head = `${base64url({ alg: 'HS256', typ: 'at+jwt', kid: jwk.kid })}.${token.split('.')[1]}`
      expect(await ours.verify(`${head}.${createHmac('sha256', key).update(head).digest('base64url')}`)).toBeNull()
    }
  })

  it('signed by a stranger, who names his own key in the header, is refused', async () => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    const jwk = await exportJWK(publicKey)
    const claims = decodeJwt(token)
    for (const more of [{}, { jwk: jwk as JWK }, { jku: 'https://evil.example' }]) {
      const header = { alg, typ: 'at+jwt', kid: kidOf('a'), ...more }
      expect(await ours.verify(await new SignJWT(claims).setProtectedHeader(header).sign(privateKey))).toBeNull()
    }
  })

  it('with any character changed is refused', async () => {
    for (let at = 0; at < token.length; at++) {
      // The last character's spare bits are not part of the signature.
      if (token[at] === '.' || at === token.length - 1) continue
      const bent = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
      expect(await ours.verify(bent), `at ${at}`).toBeNull()
    }
  })

  it('that is anything else is refused without a throw', async () => {
    await fc.assert(fc.asyncProperty(fc.string(), async (text) => (await ours.verify(text)) === null))
    for (const text of ['', '.', '../..', '...', `${token}.x`, ` ${token}`, `Bearer ${token}`, 'a'.repeat(1_000_000)])
      expect(await ours.verify(text)).toBeNull()
  })
})

describe('access tokens', () => {
  it('of one algorithm stay good when the other is set', async () => {
    const [es, ed] = TOKEN_ALGS.map((alg) => tokensOf({ alg }))
    for (const [made, asked] of [
      [es, ed],
      [ed, es],
    ]) {
      expect(await asked?.verify((await made?.issue(person))?.token ?? '')).toMatchObject(person)
    }
  })

  it('are good at a verifier whose clock is behind, and that limits their age', async () => {
    const { token } = await tokensOf().issue(person)
    const set = createLocalJWKSet(await tokensOf().jwks())
    const claims = { issuer: ORIGIN, audience: `${ORIGIN}/production`, typ: 'at+jwt', maxTokenAge: '1h' }
    await jwtVerify(token, set, { ...claims, currentDate: new Date(NOW - 4_000) })
  })

  it('got at one name of a development server are good at another', async () => {
    const at = (publicUrl: string, environment = 'development') => tokensOf({ publicUrl, environment })
    const local = ['http://localhost:8787', 'http://127.0.0.1:8787', 'http://[::1]:8787', 'https://app.localhost:3000']
    for (const one of local) {
      const { token } = await at(one).issue(person)
      for (const other of local) expect(await at(other).verify(token)).toMatchObject(person)
      expect(await at(one, 'production').verify(token)).toBeNull()
    }
    const { token } = await at('https://evil.test').issue(person)
    expect(await at('http://localhost:8787').verify(token)).toBeNull()
    const production = await at('http://localhost:8787', 'production').issue(person)
    expect(await at('http://127.0.0.1:8787', 'production').verify(production.token)).toBeNull()
  })

  it('have a scalar in [1, n−1], the first that the key gives', async () => {
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
    const last = Buffer.from(order)
    last[31] = 0x50
    const asked: string[] = []
    const given = [Buffer.alloc(32, 0xff), order, Buffer.alloc(32), last]
    const scalar = await p256Scalar(async (parts) => {
      asked.push(parts.join(' '))
      return given[asked.length - 1] ?? last
    })
    expect(scalar).toEqual(last)
    expect(asked).toEqual(['es256 0', 'es256 1', 'es256 2', 'es256 3'])
  })

  it('have the point that belongs to the scalar', async () => {
    const keys = keysFrom([old], random)
    const [jwk] = (await tokensOf({ keys }).jwks()).keys
    const ecdh = createECDH('prime256v1')
    ecdh.setPrivateKey(await p256Scalar((parts) => keys.mac('access', parts)))
    const point = Buffer.concat(
      [jwk?.x, jwk && 'y' in jwk ? jwk.y : ''].map((part) => Buffer.from(part ?? '', 'base64url')),
    )
    expect(ecdh.getPublicKey().subarray(1)).toEqual(point)
  })
})
