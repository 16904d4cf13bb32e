// Supabase Auth's tokens: by secret or by its published keys, never one in the other's place.
import { createHmac, createPublicKey } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Called } from '../../../lib/net/call.ts'
import { Fault } from '../../../lib/outcome/fault.ts'
import { supabaseTokens } from '../../../lib/secrets/supabase-token.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const URL = 'https://abc.supabase.co'
const SECRET = 'a-super-secret-jwt-token-with-at-least-32-characters'
const SUBJECT = '3c3c2f5e-7d5b-4c1f-9a55-2d2e6c0f8a11'
type Claims = Record<string, unknown>
const CLAIMS: Claims = {
  ...{ iss: `${URL}/auth/v1`, sub: SUBJECT, aud: 'authenticated', role: 'authenticated', email: 'Ana@Example.com' },
  ...{ iat: NOW / 1_000, exp: NOW / 1_000 + 3_600, user_metadata: { full_name: 'Ana Torres', locale: 'es-EC' } },
}
const PERSON = { subject: SUBJECT, email: 'Ana@Example.com', name: 'Ana Torres', locale: 'es' }

type Alg = 'RS256' | 'ES256' | 'EdDSA'
const pairs = new Map<string, { privateKey: CryptoKey; jwk: JWK }>()
const kids: Record<string, Alg> = { r1: 'RS256', e1: 'ES256', o1: 'EdDSA', e2: 'ES256' }

beforeAll(async () => {
  for (const [kid, alg] of Object.entries(kids)) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    pairs.set(kid, { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } })
  }
})

const jwks = (...names: string[]) => ({ keys: names.map((kid) => pairs.get(kid)?.jwk) })
const signed = (kid: string, claims: Claims = CLAIMS, header = {}) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: kids[kid]!, kid, typ: 'JWT', ...header })
    .sign(pairs.get(kid)!.privateKey)
const hs256 = (key: string | Buffer, claims: unknown = CLAIMS, header = {}) => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = `${part({ alg: 'HS256', typ: 'JWT', ...header })}.${part(claims)}`
  return `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`
}
const answered = (json: unknown, status = 200): Called => ({
  ...{ kind: 'answered', status, headers: new Headers(), body: JSON.stringify(json), json },
})

function open(jwtSecret: string | undefined = SECRET) {
  const world = { now: NOW, asked: [] as string[], answer: answered(jwks('r1', 'e1', 'o1')) as Called }
  const tokens = supabaseTokens({
    ...{ url: URL, jwtSecret, now: () => world.now },
    call: async (request) => {
      world.asked.push(`${request.method} ${request.url}`)
      return world.answer
    },
  })
  return Object.assign(world, { verify: tokens.verify })
}

describe('a token of Supabase Auth', () => {
  it('by the secret is good, and no key is asked for', async () => {
    const world = open()
    expect(await world.verify(hs256(SECRET))).toEqual(PERSON)
    expect(world.asked).toEqual([])
  })

  it.each(['r1', 'e1', 'o1'])('by the published key %s is good, and keys are asked for once', async (kid) => {
    const world = open()
    expect(await world.verify(await signed(kid))).toEqual(PERSON)
    expect(await world.verify(await signed(kid))).toEqual(PERSON)
    expect(world.asked).toEqual([`GET ${URL}/auth/v1/.well-known/jwks.json`])
  })

  it.each<[string, Claims]>([
    ['of another project', { iss: 'https://xyz.supabase.co/auth/v1' }],
    ['for another audience', { aud: 'anon' }],
    ['expired', { exp: NOW / 1_000 - 6 }],
    ['not yet good', { nbf: NOW / 1_000 + 60 }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a subject of control characters', { sub: 'a\nb' }],
    ['without an issuer', { iss: undefined }],
    ['without an audience', { aud: undefined }],
    ['without an end', { exp: undefined }],
    ['that is the anon key', { iss: 'supabase', aud: undefined, sub: undefined, role: 'anon' }],
  ])('%s is refused', async (_, changes) => {
    const world = open()
    expect(await world.verify(hs256(SECRET, { ...CLAIMS, ...changes }))).toBeNull()
    expect(await world.verify(await signed('e1', { ...CLAIMS, ...changes }))).toBeNull()
  })

  it('by HS256 with a published key, in any form of it, is refused', async () => {
    for (const world of [open(), open('')]) {
      for (const kid of ['r1', 'e1', 'o1']) {
        const { jwk } = pairs.get(kid)!
        const spki = createPublicKey({ key: { ...jwk }, format: 'jwk' })
        const pem = spki.export({ type: 'spki', format: 'pem' }).toString()
        const forms = [pem, pem.trim(), spki.export({ type: 'spki', format: 'der' }), JSON.stringify(jwk), jwk.x ?? '-']
        for (const key of forms) expect(await world.verify(hs256(key, CLAIMS, { kid }))).toBeNull()
      }
      expect(await world.verify(hs256('', CLAIMS))).toBeNull()
    }
  })

  it('by HS256 is refused where no secret is set', async () => {
    expect(await open('').verify(hs256(SECRET))).toBeNull()
    expect(await open('').verify(hs256('undefined'))).toBeNull()
  })

  it('by a published key used with another algorithm is refused', async () => {
    const { privateKey } = await generateKeyPair('PS256')
    const other = new SignJWT(CLAIMS).setProtectedHeader({ alg: 'PS256', kid: 'r1' }).sign(privateKey)
    expect(await open().verify(await other)).toBeNull()
    const [, claims, signature] = (await signed('e1')).split('.')
    for (const alg of ['none', 'RS256', 'EdDSA', 'ES384', 'HS512', 'constructor', 1]) {
      const header = Buffer.from(JSON.stringify({ alg, kid: 'e1' })).toString('base64url')
      expect(await open().verify(`${header}.${claims}.${signature}`), String(alg)).toBeNull()
    }
  })

  it('by a secret in the published set is refused: the set holds public keys only', async () => {
    const world = open('')
    world.answer = answered({
      keys: [{ kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), kid: 's', alg: 'HS256' }],
    })
    expect(await world.verify(hs256(SECRET, CLAIMS, { kid: 's' }))).toBeNull()
  })

  it('by a key for encryption, or for another algorithm, is refused', async () => {
    for (const changes of [{ use: 'enc' }, { alg: 'ES384' }, { kid: 7 }, { x: null }]) {
      const world = open()
      world.answer = answered({ keys: [null, 'x', { ...pairs.get('e1')?.jwk, ...changes }] })
      expect(await world.verify(await signed('e1'))).toBeNull()
    }
  })

  it('that is nothing is refused without a throw or a question', async () => {
    const world = open()
    const token = hs256(SECRET)
    const texts = ['', '.', '../..', 'a.b.c', `${token}.`, token.slice(0, -4), `Bearer ${token}`, 'x'.repeat(1_000_000)]
    for (const text of [...texts, '\0', 'é🙂', hs256(SECRET, 'text'), hs256(SECRET, [])]) {
      expect(await world.verify(text), text.slice(0, 40)).toBeNull()
    }
    expect(world.asked).toEqual([])
  })

  it.each<[string, Claims, Record<string, string | null>]>([
    ['no e-mail (phone only)', { email: '' }, { email: null }],
    ['an e-mail that is none', { email: 'a@b\r\nBcc: c@d.example' }, { email: null }],
    [
      'a name of control characters',
      { user_metadata: { full_name: 'a\nb', name: 'Ana' } },
      { name: 'Ana', locale: null },
    ],
    ['a name too long', { user_metadata: { name: 'a'.repeat(61) } }, { name: null, locale: null }],
    ['a name that is no text', { user_metadata: { name: { a: 1 } } }, { name: null, locale: null }],
    ['a language we do not speak', { user_metadata: { name: 'Ana', locale: 'esx' } }, { name: 'Ana', locale: null }],
    ['metadata that is a list', { user_metadata: ['es'] }, { name: null, locale: null }],
    ['no metadata', { user_metadata: undefined }, { name: null, locale: null }],
  ])('with %s is good without it', async (_, changes, person) => {
    expect(await open().verify(hs256(SECRET, { ...CLAIMS, ...changes }))).toEqual({ ...PERSON, ...person })
  })
})

describe('the published keys', () => {
  it('are asked for again after ten minutes: a revoked one is then refused', async () => {
    const world = open()
    expect(await world.verify(await signed('e1'))).toEqual(PERSON)
    world.answer = answered(jwks('r1'))
    world.now += 599_000
    expect(await world.verify(await signed('e1'))).toEqual(PERSON)
    world.now += 1_000
    expect(await world.verify(await signed('e1'))).toBeNull()
    expect(world.asked).toHaveLength(2)
  })

  it('are asked for at most every 30 s for kids nobody knows, and a new one is then found', async () => {
    const world = open()
    await world.verify(await signed('r1'))
    for (let n = 0; n < 50; n++)
      expect(await world.verify(await signed('e2', CLAIMS, { kid: `made-up-${n}` }))).toBeNull()
    expect(world.asked).toHaveLength(1)
    world.answer = answered(jwks('e1', 'e2'))
    world.now += 30_000
    expect(await world.verify(await signed('e2'))).toEqual(PERSON)
    expect(world.asked).toHaveLength(2)
  })

  it.each<[string, Called]>([
    ['lost', { kind: 'lost' }],
    ['late', { kind: 'timeout' }],
    ['a 500', answered({ keys: [] }, 500)],
    ['no set', answered({ message: 'paused' })],
    ['no JSON', answered(undefined)],
  ])('whose answer is %s are a fault, and no reason to ask at once again', async (_, answer) => {
    const world = open()
    world.answer = answer
    await expect(signed('e1').then(world.verify)).rejects.toThrow(Fault)
    await expect(signed('e1').then(world.verify)).rejects.toThrow(Fault)
    expect(world.asked).toHaveLength(1)
    expect(await world.verify(hs256(SECRET))).toEqual(PERSON)
    world.answer = answered(jwks('e1'))
    world.now += 2_000
    expect(await world.verify(await signed('e1'))).toEqual(PERSON)
  })

  it('already known last an hour without an answer', async () => {
    const world = open()
    await world.verify(await signed('e1'))
    world.answer = { kind: 'lost' }
    world.now += 3_599_000
    expect(await world.verify(await signed('e1'))).toEqual(PERSON)
    await expect(signed('e2').then(world.verify)).rejects.toThrow(Fault)
    world.now += 1_000
    await expect(signed('e1').then(world.verify)).rejects.toThrow(Fault)
  })
})
