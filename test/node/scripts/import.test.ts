// Users of older systems: what a file may look like, what is refused, and a second run that changes nothing.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { normalUsername, parseUsername } from '../../../lib/names/username.ts'
import { isBcryptHash } from '../../../lib/passwords/passwords.ts'
import { supabaseUsers } from '../../../lib/users/supabase.ts'
import { readEntries, toUsers } from '../../../scripts/import.ts'
import { type Supabase, startSupabase } from '../../fakes/supabase.ts'

const HASH = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const read = (text: string) => toUsers(readEntries(text), { locale: 'es', now: 1_000, random })
const csv = (...lines: string[]) => ['username,email,password_hash', ...lines].join('\n')

describe('a file', () => {
  it.each([
    ['CSV', csv(`Ana,Ana@Example.com,${HASH}`)],
    ['CSV of a spreadsheet', `\uFEFF"Username","Email","Password"\r\n"Ana","Ana@Example.com","${HASH}"\r\n\r\n`],
    ['CSV in another order', `hash,id,email,username\n${HASH},7,Ana@Example.com,Ana`],
    ['JSON', JSON.stringify([{ username: 'Ana', email: 'Ana@Example.com', password: HASH, phone: null }])],
    ['JSON with a name', JSON.stringify({ users: [{ username: 'Ana', email: 'Ana@Example.com', hash: HASH }] })],
  ])('may be %s', (_, text) => {
    const { sound, troubles } = read(text)
    expect(troubles).toEqual([])
    expect(sound).toHaveLength(1)
    expect(sound[0]?.user).toMatchObject({
      username: { typed: 'Ana', normal: 'ana' },
      email: { deliver: 'Ana@Example.com', normal: 'ana@example.com' },
      emailVerified: false,
      locale: 'es',
      passwordHash: HASH,
      createdAt: 1_000,
    })
  })

  it('tells the line of every trouble, and quotes nothing', () => {
    const { sound, troubles } = read(
      csv(
        `ana,ana@example.com,${HASH}`,
        `"two\nlines",bad,plain-password`,
        `ANA,Ana+shop@example.com,${HASH}`,
        `me@example.com,me@example.com,${HASH}`,
      ),
    )
    expect(sound.map(({ line }) => line)).toEqual([2])
    expect(troubles).toEqual([
      { line: 3, what: 'username holds characters that do not show' },
      { line: 3, what: 'email is no address' },
      { line: 3, what: expect.stringContaining('password_hash is no bcrypt hash ($2a$, $2b$ or $2y$)') },
      { line: 5, what: 'username is also that of 2' },
      { line: 5, what: 'email is also that of 2' },
      { line: 6, what: 'username must not hold an @' },
    ])
  })

  it('takes exactly the hashes that log-in verifies, and says what to do with another', () => {
    const shapes = ['$2a', '$2b', '$2y', '$2x', '$2', '$argon2id'].flatMap((kind) =>
      ['03', '04', '10', '12', '13', '14', '15', '31', '32'].map((cost) => `${kind}$${cost}$${'a'.repeat(53)}`),
    )
    for (const hash of [...shapes, HASH.slice(0, -1), `${HASH}x`, '', 'secret']) {
      const { sound, troubles } = read(csv(`ana,ana@example.com,${hash}`))
      expect({ hash, taken: sound.length === 1 }).toEqual({ hash, taken: isBcryptHash(hash) })
      for (const { what } of troubles) expect(what).toMatch(/: (?:export it whole, or )?give this user /)
    }
    const costly = read(csv(`ana,ana@example.com,$2b$15$${'a'.repeat(53)}`))
    expect(costly.troubles[0]?.what).toContain('password_hash has bcrypt cost 15, log-in verifies at most 14')
  })

  it.each([
    ['José', 'José', 'jose'],
    ['Jose\u0301', 'José', 'jose'],
    ['  ÑANDÚ ', 'ÑANDÚ', 'ñandu'],
    ['Ana Torres', 'Ana Torres', 'ana torres'],
    ['.ana--t_', '.ana--t_', '.ana--t_'],
    ['jo', 'jo', 'jo'],
    ['admin', 'admin', 'admin'],
    ['Анна', 'Анна', 'анна'],
    ['李', '李', '李'],
    ['ａｎａ', 'ａｎａ', 'ana'],
    ['ana😀', 'ana😀', 'ana😀'],
    ['x'.repeat(64), 'x'.repeat(64), 'x'.repeat(64)],
  ])('keeps the name %s of an older system', (text, typed, normal) => {
    const { sound, troubles } = read(JSON.stringify([{ username: text, email: 'ana@example.com', hash: HASH }]))
    expect(troubles).toEqual([])
    expect(sound[0]?.user.username).toEqual({ typed, normal })
    // Who may register a name and who brings it along are kept apart by one and the same form.
    const known = parseUsername(typed)
    if (known) expect(known).toEqual({ typed, normal })
    expect(normalUsername(text)).toBe(normal)
  })

  it.each([
    ['nothing', ' ', 'username is missing'],
    ['a mark without a letter', '\u0301', 'username is missing'],
    ['65 characters', 'x'.repeat(65), 'username has more than 64 characters'],
    ['a character that stands for many', '\ufdfa'.repeat(4), 'username has more than 64 characters'],
    ['100 kB', 'x'.repeat(100_000), 'username has more than 64 characters'],
    ['a zero-width space', 'a\u200bna', 'username holds characters that do not show'],
    ['a soft hyphen', 'a\u00adna', 'username holds characters that do not show'],
    ['right-to-left override', 'an\u202ea', 'username holds characters that do not show'],
    ['NUL', 'a\0na', 'username holds characters that do not show'],
    ['half a pair', 'ana\ud800', 'username holds characters that do not show'],
    ['an @ of full width', 'ana＠example', 'username must not hold an @'],
  ])('refuses %s for a name', (_, text, what) => {
    const { sound, troubles } = read(JSON.stringify([{ username: text, email: 'ana@example.com', hash: HASH }]))
    expect(sound).toEqual([])
    expect(troubles).toEqual([{ line: 1, what }])
  })

  it.each([
    ['an accent', 'jose', 'José'],
    ['width', 'ana', 'ａｎａ'],
    ['case, in other letters', 'анна', 'АННА'],
  ])('takes names that differ only in %s for one, and says of which line', (_, first, second) => {
    const { sound, troubles } = read(csv(`${first},a@example.com,${HASH}`, `${second},b@example.com,${HASH}`))
    expect(sound).toHaveLength(1)
    expect(troubles).toEqual([{ line: 3, what: 'username is also that of 2' }])
  })

  it('may say which e-mails were verified and in which language', () => {
    const header = 'username,email,password_hash,locale,email_verified'
    const { sound, troubles } = read(
      `${header}\nana,ana@example.com,${HASH},en-GB,true\neva,eva@example.com,${HASH},fr,maybe\nluz,luz@example.com,${HASH},fr,1`,
    )
    expect(sound[0]?.user).toMatchObject({ locale: 'en', emailVerified: true })
    expect(sound[1]?.user).toMatchObject({ locale: 'es', emailVerified: true })
    expect(troubles.map(({ what }) => what)).toEqual(['email_verified must be true or false'])
  })

  it.each([
    ['without a header', `ana,ana@example.com,${HASH}`],
    ['with an open quote', csv(`"ana,ana@example.com,${HASH}`)],
    ['of something else', '{"username":"ana"}'],
    ['that is empty', ''],
  ])('%s is refused whole', (_, text) => {
    expect(() => readEntries(text)).toThrow()
  })
})

describe('npm run import', () => {
  let supabase: Supabase
  const folder = mkdtempSync(join(tmpdir(), 'posta-import-'))
  beforeAll(async () => {
    supabase = await startSupabase()
  }, 60_000)
  afterEach(() => supabase.mode({ kind: 'ok' }))
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await supabase.close()
  })

  function run(text: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const file = join(folder, 'users.csv')
    writeFileSync(file, text)
    const script = join(import.meta.dirname, '../../../scripts/import.ts')
    const { url, serviceKey } = supabase
    const env = { ...process.env, SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: serviceKey }
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [script, file, ...args], { env }, (_, out, err) =>
        resolve({ code: child.exitCode ?? -1, out, err: err.replaceAll(file, 'FILE') }),
      )
    })
  }

  it('imports what is sound, tells the rest by line, and changes nothing when it is run again', async () => {
    const file = csv(
      `ana,ana@example.com,${HASH}`,
      'x,y,z',
      ...Array.from({ length: 20 }, (_, n) => `user-${n},u${n}@example.com,${HASH}`),
    )
    const dry = await run(file, '--dry-run')
    expect(dry.out).toBe('21 would be imported, 1 refused. Nothing was written.\n')
    expect(await supabase.dump()).toContain('"users" : []')

    const first = await run(file)
    expect(first).toMatchObject({ code: 1, out: '21 imported, 0 there already, 1 refused.\n' })
    expect(first.err).toContain('FILE:3: email is no address')
    const kept = await supabase.dump()
    expect(kept).toContain(HASH)

    expect(await run(file)).toMatchObject({ code: 1, out: '0 imported, 21 there already, 1 refused.\n' })
    expect(await supabase.dump()).toBe(kept)

    const stranger = await run(csv(`ANA,other@example.com,${HASH}`, `new,Ana+1@example.com,${HASH}`))
    expect(stranger).toMatchObject({ code: 1, out: '0 imported, 0 there already, 2 refused.\n' })
    expect(stranger.err).toBe('FILE:2: username belongs to another account\nFILE:3: email belongs to another account\n')
  }, 60_000)

  it('goes on after an outage where it stopped', async () => {
    const file = csv(...Array.from({ length: 12 }, (_, n) => `late-${n},late${n}@example.com,${HASH}`))
    supabase.mode({ kind: 'down' })
    const stopped = await run(file)
    expect(stopped).toMatchObject({ code: 2, err: expect.stringContaining('run it again') })
    supabase.mode({ kind: 'lose_answer', times: 3 })
    expect(await run(file)).toMatchObject({ code: 0, out: '12 imported, 0 there already, 0 refused.\n' })
    const users = supabaseUsers({ url: supabase.url, serviceKey: supabase.serviceKey })
    expect(await users.byLogin({ username: 'late-11' })).toMatchObject({ passwordHash: HASH })
  }, 60_000)
})
