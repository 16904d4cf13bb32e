// Access and refresh tokens: what is ours, and everything that only looks like it.
import { createHmac, createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../lib/names/ids.ts'
import { type AccessTokens, accessTokens } from '../../../lib/secrets/access-token.ts'
import { type Keys, keysFrom, type Secret } from '../../../lib/secrets/keys.ts'
import { isRefreshToken, makeRefreshToken, newNonce, parseRefreshToken } from '../../../lib/secrets/refresh-token.ts'

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
  now?: number
}

const tokens = ({ now = NOW, ...changes }: Setup = {}): AccessTokens =>
  accessTokens({
    ...{ keys: keysFrom([old], random), publicUrl: ORIGIN, environment: 'production', minutes: 60 },
    ...{ now: () => now, random, ...changes },
  })

describe('an access token', () => {
  const ours = tokens()
  let token: string
  beforeAll(async () => {
    token = (await ours.issue(person)).token
  })

  it('says who, which session, by whom, for whom and until when', async () => {
    const { token, expiresInSeconds } = await ours.issue(person)
    expect(expiresInSeconds).toBe(3_600)
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: 'a' })
    const { jti } = decodeJwt(token)
    expect(decodeJwt(token)).toEqual({
      ...{ iss: ORIGIN, aud: `${ORIGIN}/production`, sub: person.userId, sid: person.sessionId, jti },
      ...{ iat: SECONDS, exp: SECONDS + 3_600 },
    })
    expect(await ours.verify(token)).toEqual({ ...person, tokenId: jti, issuedAt: NOW, expiresAt: NOW + 3_600_000 })
  })

  it('has an id of its own', async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => decodeJwt((await ours.issue(person)).token).jti))
    expect(new Set(ids).size).toBe(3)
  })

  it('is good by the published keys, for anybody who reads them', async () => {
    const set = await tokens({ keys: keysFrom([young, old], random) }).jwks()
    expect(set.keys.map(({ x: _, ...shown }) => shown)).toEqual(
      ['b', 'a'].map((kid) => ({ kty: 'OKP', crv: 'Ed25519', kid, use: 'sig', alg: 'EdDSA' })),
    )
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
    ['from the future', { now: NOW - 7_000 }],
    ['older than the life that is set now', { now: NOW + 400_000, minutes: 5 }],
  ])('%s is refused', async (_, setup) => expect(await tokens(setup).verify(token)).toBeNull())

  it.each([0, 3_600_000, 3_604_000, -5_000])('is good %s ms after it was made', async (ms) => {
    expect(await tokens({ now: NOW + ms }).verify(token)).not.toBeNull()
  })

  describe('signed by our own key, but', () => {
    const good = { iss: ORIGIN, aud: `${ORIGIN}/production`, sub: 'usr_1', sid: 'ses_1', jti: 'j' }
    const times = { iat: SECONDS, exp: SECONDS + 60 }
    const header = { alg: 'EdDSA', typ: 'at+jwt', kid: 'a' }
    let privateKey: CryptoKey
    beforeAll(async () => {
      const seed = await keysFrom([old], random).mac('access', ['ed25519'], 'a')
      const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
      privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
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
    ])('with %s: is refused', async (_, changes) => {
      expect(await ours.verify(await signed({ ...good, ...times }, changes))).toBeNull()
    })
  })

  it('without a signature (alg:none) is refused', async () => {
    const [, claims] = token.split('.')
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = base64url({ alg, typ: 'at+jwt', kid: 'a' })
      for (const text of [`${header}.${claims}.`, `${header}.${claims}`, `${header}.${claims}.${token.split('.')[2]}`])
        expect(await ours.verify(text)).toBeNull()
    }
  })

  it('signed by HS256 with the public key, in any form of it, is refused', async () => {
    const { keys } = await ours.jwks()
    const jwk = keys[0]!
    const spki = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    const forms = [
      Buffer.from(jwk.x, 'base64url'),
      jwk.x,
      JSON.stringify(jwk),
      spki.export({ type: 'spki', format: 'pem' }).toString(),
      spki.export({ type: 'spki', format: 'der' }),
    ]
    for (const key of forms) {
      const head = `${base64url({ alg: 'HS256', typ: 'at+jwt', kid: 'a' })}.${token.split('.')[1]}`
      expect(await ours.verify(`${head}.${createHmac('sha256', key).update(head).digest('base64url')}`)).toBeNull()
    }
  })

  it('signed by a stranger, who names his own key in the header, is refused', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
    const jwk = await exportJWK(publicKey)
    const claims = decodeJwt(token)
    for (const more of [{}, { jwk: { kty: 'OKP', crv: 'Ed25519', x: jwk.x! } }, { jku: 'https://evil.example' }]) {
      const header = { alg: 'EdDSA', typ: 'at+jwt', kid: 'a', ...more }
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

describe('a refresh token', () => {
  const keys = keysFrom([old], random)
  const family = { sessionId: person.sessionId, nonce: newNonce(random) }

  it('is of its session, turn and family, and the same each time', async () => {
    const token = await makeRefreshToken(keys, { ...family, n: 3 })
    expect(await makeRefreshToken(keys, { ...family, n: 3 })).toBe(token)
    const parsed = parseRefreshToken(token)!
    expect(parsed).toMatchObject({ ...family, n: 3 })
    expect(await isRefreshToken(keys, parsed)).toBe(true)
    expect(await isRefreshToken(keys, { ...parsed, nonce: newNonce(random) })).toBe(false)
    expect(await isRefreshToken(keys, { ...parsed, n: 4 })).toBe(false)
    const sessionId = newId('ses', NOW, random)
    expect(await isRefreshToken(keys, { ...parsed, sessionId })).toBe(false)
  })

  it('outlives a rotation, not the removal of its secret', async () => {
    const parsed = parseRefreshToken(await makeRefreshToken(keys, { ...family, n: 0 }))!
    expect(await isRefreshToken(keysFrom([young, old], random), parsed)).toBe(true)
    expect(await isRefreshToken(keysFrom([young], random), parsed)).toBe(false)
  })

  it('has one spelling: any character changed makes it another, or none', async () => {
    const token = await makeRefreshToken(keys, { ...family, n: 12 })
    for (let at = 0; at < token.length; at++) {
      for (const other of 'A1z.') {
        const bent = token.slice(0, at) + other + token.slice(at + 1)
        const parsed = bent === token ? null : parseRefreshToken(bent)
        if (parsed) expect(await isRefreshToken(keys, parsed), `at ${at}`).toBe(false)
      }
    }
  })

  it('is nothing else', async () => {
    const token = await makeRefreshToken(keys, { ...family, n: 1 })
    const [session, , nonce, mac] = token.split('.')
    const rest = `${nonce}.${mac}`
    const not = [
      ...['', '.', '../..', session!, `${token}\n`, ` ${token}`, `${token}=`, token.toUpperCase(), `${token}.${mac}`],
      ...['', '01', '-1', '+1', '1e3', '1.0', '0x1', ' 1', '１', '9999999999'].map((n) => `${session}.${n}.${rest}`),
      ...[`usr_${session?.slice(4)}.1.${rest}`, `${session}0.1.${rest}`, `${session}.1.${rest}A`],
      ...[`${session}.1.${rest.slice(1)}`, `${session}.1.${rest.slice(0, -1)}B`, `${session}.1.${rest.slice(0, -1)}=`],
      ...[`${session}.1.${mac}`, `${session}.1.${nonce?.slice(0, -1)}B.${mac}`, `${session}.1.${mac}.${nonce}`],
    ]
    for (const text of not) expect(parseRefreshToken(text), text).toBeNull()
    fc.assert(fc.property(fc.string(), (text) => parseRefreshToken(text) === null))
  })

  it.each([-1, 0.5, Number.NaN, 1_000_000_000])('is not made for turn %s', async (n) => {
    await expect(makeRefreshToken(keys, { ...family, n })).rejects.toThrow()
  })
})
