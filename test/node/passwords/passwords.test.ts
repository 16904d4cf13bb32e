// Passwords: which may be chosen, how they are kept, and what checking costs.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { argon2id as oracle } from '@noble/hashes/argon2.js'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { utf8 } from '../../../lib/bytes.ts'
import { type Argon2id, argon2idOf } from '../../../lib/passwords/argon2.ts'
import { isBcryptHash, type PasswordDeps, passwords } from '../../../lib/passwords/passwords.ts'
import { readPhc, writePhc } from '../../../lib/passwords/phc.ts'
import { passwordErrors } from '../../../lib/passwords/rules.ts'
import { ARGON2 } from '../../../lib/rules/numbers.ts'
import { keysFrom, type Secret } from '../../../lib/secrets/keys.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const secret = (kid: string): Secret => ({ kid, bytes: random(32) })
const [old, young] = [secret('old'), secret('a_kid-of_32_characters_012345678')]
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Node compiles the module itself; the Worker imports it. */
let argon2id: Argon2id
beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve('argon2id/dist/simd.wasm')
  const { compile } = WebAssembly as unknown as { compile(bytes: Uint8Array): Promise<WebAssembly.Module> }
  argon2id = await argon2idOf(await compile(readFileSync(path)))
})

function open(secrets: Secret[], changes: Partial<PasswordDeps> = {}) {
  const hashed: number[] = []
  const counted: Argon2id = (password, salt, parameters, tagBytes) => {
    hashed.push(parameters.memoryKib * parameters.passes)
    return argon2id(password, salt, parameters, tagBytes)
  }
  const deps = { keys: keysFrom(secrets, random), random, now: () => Date.now(), sleep, argon2id: async () => counted }
  return { ...passwords({ ...deps, ...changes }), hashed }
}

describe('argon2id', () => {
  it.each([
    [64, 1, 1, 32],
    [256, 3, 1, 32],
    [128, 2, 2, 24],
    [19_456, 2, 1, 32],
  ])(
    'of %s KiB, %s passes and %s lanes is what @noble/hashes says',
    async (m, t, p, length) => {
      const [password, salt] = [random(32), random(16)]
      const tag = argon2id(password, salt, { memoryKib: m, passes: t, parallelism: p }, length)
      expect(tag).toEqual(oracle(password, salt, { m, t, p, dkLen: length }))
    },
    20_000,
  )
})

describe('a stored password', () => {
  const password = 'Tres tristes tigres €'

  it('is a PHC string of m=19456 t=2 p=1, salted, peppered, with the pepper’s kid', async () => {
    const { hash } = open([old])
    const [one, two] = [await hash(password), await hash(password)]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1,keyid=b2xk\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(two)
    const { salt, tag, kid } = readPhc(one)!
    const pepper = await keysFrom([old], random).mac('password', [password], kid)
    expect(tag).toEqual(oracle(pepper, salt, { m: 19_456, t: 2, p: 1, dkLen: 32 }))
    expect(tag).not.toEqual(oracle(utf8(password), salt, { m: 19_456, t: 2, p: 1, dkLen: 32 }))
  }, 20_000)

  it('matches itself in any composition of its letters, and nothing else', async () => {
    const { hash, verify } = open([old])
    const stored = await hash('contraseña-de-José')
    expect(await verify('contrasen\u0303a-de-Jose\u0301', stored)).toEqual({ matches: true, needsRehash: false })
    for (const typed of ['contraseña-de-Jose', 'contraseña-de-josé', 'contraseña-de-José ', '', 'x'])
      expect(await verify(typed, stored), typed).toEqual({ matches: false })
  })

  it('is hashed again after a rotation, and lost with its secret', async () => {
    const stored = await open([old]).hash(password)
    const rotated = open([young, old])
    expect(await rotated.verify(password, stored)).toEqual({ matches: true, needsRehash: true })
    const again = await rotated.hash(password)
    expect(await rotated.verify(password, again)).toEqual({ matches: true, needsRehash: false })
    const dropped = open([young])
    expect(await dropped.verify(password, stored)).toEqual({ matches: false })
    expect(await dropped.verify(password, again)).toEqual({ matches: true, needsRehash: false })
    expect(await open([{ ...old, bytes: young.bytes }]).verify(password, stored)).toEqual({ matches: false })
  })

  it('is hashed again when the parameters change', async () => {
    const peppered = await keysFrom([old], random).mac('password', [password])
    for (const change of [{ memoryKib: 8_192 }, { passes: 1 }, { passes: 3 }, { parallelism: 2 }]) {
      const parameters = { ...ARGON2, ...change }
      const salt = random(16)
      const stored = writePhc({ ...parameters, kid: 'old', salt, tag: argon2id(peppered, salt, parameters, 32) })
      expect(await open([old]).verify(password, stored)).toEqual({ matches: true, needsRehash: true })
    }
  })

  it.each([
    ...['', 'x', '$', '$argon2id$', 'plain text', '$2b$10$', `$2x$10$${'a'.repeat(53)}`, `$2b$31$${'a'.repeat(53)}`],
    ...[`$2b$15$${'a'.repeat(53)}`, `$2b$00$${'a'.repeat(53)}`, `$2b$10$${'a'.repeat(54)}`],
    ...['m=19456,t=2,p=1', 'm=19456,t=99,p=1,keyid=b2xk', 'm=999999,t=1,p=1,keyid=b2xk', 'm=4,t=1,p=1,keyid=b2xk'].map(
      (parameters) => `$argon2id$v=19$${parameters}$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    ),
    `$argon2i$v=19$m=19456,t=2,p=1,keyid=b2xk$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    `$argon2id$v=16$m=19456,t=2,p=1,keyid=b2xk$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    `$argon2id$v=19$m=19456,t=2,p=1,keyid=Z29uZQ$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  ])('%j matches nothing, at the cost of any other', async (stored) => {
    const { verify, hashed } = open([old])
    expect(await verify(password, stored)).toEqual({ matches: false })
    expect(hashed).toEqual([2 * 19_456])
  })

  it('that nobody has costs the same', async () => {
    const { verifyDecoy, verify, hash, hashed } = open([old])
    const stored = await hash(password)
    await verify(password, stored)
    await verify('wrong', stored)
    await verifyDecoy(password)
    expect(hashed).toEqual([1, 2, 3, 4].map(() => 2 * 19_456))
  })

  it.each([
    ['10 kB', 'a'.repeat(10_000)],
    ['129 characters', 'a'.repeat(129)],
    ['a few characters that grow to thousands', '\ufdfa'.repeat(120)],
    ['NUL', 'abcdefgh\0ijkl'],
    ['half a pair', 'abcdefgh\ud800'],
    ['nothing', ''],
  ])('is never asked for with %s: no hash is computed', async (_, typed) => {
    const { hash, verify, verifyDecoy, hashed } = open([old])
    const stored = await hash('abcdefgh')
    await expect(hash(typed)).rejects.toThrow('not for hashing')
    for (const known of [stored, '', `$2b$10$${'a'.repeat(53)}`])
      expect(await verify(typed, known)).toEqual({ matches: false })
    await verifyDecoy(typed)
    expect(hashed).toHaveLength(1)
  })

  it('reads back from its PHC string', () => {
    const kid = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/)
    fc.assert(
      fc.property(kid, (kid) => {
        const phc = { ...ARGON2, kid, salt: random(16), tag: random(32) }
        expect(readPhc(writePhc(phc))).toEqual(phc)
      }),
    )
  })
})

describe('a bcrypt hash of an older system', () => {
  // Openwall's crypt_blowfish test vectors.
  it.each([
    ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
    ['U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
    [
      '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored',
      '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui',
    ],
  ])('of %s matches, as $2a, $2b and $2y, and is to be replaced if all of it was read', async (password, stored) => {
    const { verify, hashed } = open([old])
    for (const kind of ['$2a', '$2b', '$2y']) {
      const hash = `${kind}${stored.slice(3)}`
      expect(await verify(password, hash)).toEqual({ matches: true, needsRehash: password.length <= 72 })
      expect(await verify(`x${password}`, hash)).toEqual({ matches: false })
    }
    expect(hashed).toEqual([])
  })

  it('reads 72 bytes: a longer password, and perhaps a mistyped one, is never stored in its place', async () => {
    const stored = '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui'
    const typed = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    const { verify, hash } = open([old])
    expect(await verify(`${typed}other`, stored)).toEqual({ matches: true, needsRehash: false })
    expect(await verify(`${typed}é`, stored)).toEqual({ matches: true, needsRehash: false })
    expect(await verify(typed, stored)).toEqual({ matches: true, needsRehash: true })
    expect(await verify(`x${typed}`, stored)).toEqual({ matches: false })
    const replaced = await hash(`${typed}one`)
    expect(await verify(`${typed}other`, replaced)).toEqual({ matches: false })
  })

  it.each([
    ['$2b$12$', true],
    ['$2b$04$', true],
    ['$2b$14$', true],
    ['$2b$15$', false],
    ['$2b$31$', false],
    ['$2b$03$', false],
    ['$2x$10$', false],
    ['$2$10$', false],
  ])('of %s may be imported: %s', (start, may) => expect(isBcryptHash(`${start}${'a'.repeat(53)}`)).toBe(may))
})

describe('the rules', () => {
  const reason = async (password: string, { min = 8, own = [] as string[] } = {}) =>
    (await passwordErrors(password, { min, ownWords: own }))[0]?.code ?? null

  it.each(
    `correct horse battery, x7#kQ2!m, el perro azul come, ñandúes-al-sol, мой дом стоит, 密码很长的一句话吧, S3gura.Posta.9,
    ·two spaces··, aaaabcdzyxw9, 🙂🙃🙂😉😇😂🤣😍, Zk4-81920, Entrada-Fila7`.split(/,\s+/),
  )('let %j through', async (password) => expect(await reason(password)).toBeNull())

  it.each([
    ['seven characters', 'x7#kQ2!', 'too_short'],
    ['seven characters, composed', `${'e\u0301'.repeat(4)}xyz`, 'too_short'],
    ['nothing', '', 'too_short'],
    ['129 characters', 'ab1'.repeat(43), 'too_long'],
    ['10 kB', 'ab1'.repeat(3_400), 'too_long'],
    ['what grows', '\ufdfa'.repeat(120), 'too_long'],
    ['NUL', 'x7#kQ2!m\0', 'control_characters'],
    ['a line break', 'x7#kQ2!m\n', 'control_characters'],
    ['half a pair', 'x7#kQ2!m\ud800', 'control_characters'],
  ])('refuse %s', async (_, password, message) => expect(await reason(password)).toBe(message))

  it('take the length that is set', async () => {
    expect(await reason('x7#kQ2', { min: 6 })).toBeNull()
    expect(await reason('x7#kQ2!m', { min: 12 })).toBe('too_short')
    expect(await reason(`x7#kQ2!m${'áb'.repeat(60)}`)).toBeNull()
  })

  it.each(
    `password Password1 PASSWORD123 Password123! passw0rd P@ssw0rd p4ssw0rd1 12345678 123456789 87654321 qwertyui
    Qwerty123 asdfghjkl asdfghjklñ 1qaz2wsx 1q2w3e4r zxcvbnm123 abcd1234 iloveyou iloveyou2 letmein1 trustno1 sunshine
    football superman dragon123 monkey2024 contraseña Contrasena1 CONTRASEÑA123 teamo123 tequiero barcelona realmadrid
    bienvenido1 mariposa princesa alejandro Sebastian1 ecuador2023 emelec1929 abcdefgh aaaaaaaa 11111111 abababab 12121212
    123123123 abcabcabc 24121990 19901224 24/12/1990 11223344 147258369 ｐａｓｓｗｏｒｄ Pássword changeme admin123 adminadmin
    qwertyuiop poiuytre 1234qwer a1b2c3d4 Passw0rd!! passw0rd!!! Passw0rd?! P4ssw0rd123!! !!password!! **Password1** pa$$w0rd..
    we1come!! we1come123 раssword qwertyuiop!! 12345678!! ¡contraseña! 5un5h1ne!! 24121990!! aaaaaaaa!!`.split(/\s+/),
  )('call %j too common', async (password) => expect(await reason(password)).toBe('too_common'))

  it.each([
    ['anatorres', ['ana.torres']],
    ['AnaTorres1', ['ana.torres']],
    ['torres-ana-9', ['ana.torres']],
    ['mariana.vq', ['mariana.vq', 'x@y.example']],
    ['Zoilamar2024', ['zoilamar']],
    ['kzwpqq@mail.example', ['kzwpqq@mail.example']],
    ['kzwpqqkzwpqq', ['kzwpqq@mail.example']],
    ['CineLuz2026', ['ana', 'Cine Luz']],
    ['peñaloza12', ['Peñaloza']],
    ['Jósé.Kzw', ['jose_kzw']],
  ])('call %j the person’s own, who is %j', async (password, own) => {
    expect(await reason(password, { own })).toBe('own_words')
  })

  it.each([
    ['banana-split-9', ['ana']],
    ['ana come manzanas', ['ana']],
    ['x7#kQ2!m', ['', 'a', '@', '../..']],
  ])('let %j through for %j', async (password, own) => expect(await reason(password, { own })).toBeNull())

  it('answer every text at once, and fast', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 600 }),
        fc.array(fc.string(), { maxLength: 3 }),
        async (text, own) => {
          expect((await passwordErrors(text, { min: 8, ownWords: own })).length).toBeLessThanOrEqual(1)
        },
      ),
    )
    const start = performance.now()
    for (const text of ['a1'.repeat(64), `${'0'.repeat(127)}x`, `${'1!'.repeat(63)}x`, 'ab'.repeat(60)])
      await reason(text)
    expect(performance.now() - start).toBeLessThan(100)
  })

  it('name the field they are asked for', async () => {
    const errors = await passwordErrors('short', { min: 8, ownWords: [], path: 'new_password' })
    expect(errors).toEqual([{ path: 'new_password', code: 'too_short', params: { min: 8 } }])
  })

  it('bring a list of thousands in less than 40 KiB', async () => {
    const { WORDS } = await import('../../../lib/passwords/common-words.ts')
    const words = WORDS.trim().split(/\s+/)
    expect(words.filter((word) => word.length >= 6).length).toBeGreaterThan(2_000)
    expect(new Set(words).size).toBe(words.length)
    expect(gzipSync(WORDS).length).toBeLessThan(40 * 1_024)
  })
})
