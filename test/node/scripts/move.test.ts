// `npm run move` copies everything that does not end by itself, goes on after an outage or a stop, and says what stays.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { newId } from '../../../lib/names/ids.ts'
import { MOVING } from '../../../lib/rules/moving.ts'
import { AskError, ask } from '../../../scripts/asked.ts'
import { moveAll } from '../../../scripts/moving.ts'
import { runScript, type Served, serve } from '../../fakes/served.ts'
import { type Service, service } from '../../fakes/service.ts'
import type { Sqlite } from '../../fakes/sqlite.ts'
import { type Supabase, startSupabase } from '../../fakes/supabase.ts'

const README = join(import.meta.dirname, '../../../README.md')
const KEY = 'posta_development'
const ACCOUNTS = 2 * MOVING.pageMax + 50

describe('a move', () => {
  let supabase: Supabase
  let served: Served
  let posta: Service
  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    served = await serve(() => posta)
    supabase = await startSupabase()
  }, 60_000)
  afterAll(() => Promise.all([served.close(), supabase.close()]))

  const create = async ({ deps, now }: Service, username: string): Promise<string> => {
    const id = newId('usr', now(), deps.core.random)
    await deps.users.create({
      ...{ id, emailVerified: true, phone: null, phoneVerified: false, locale: 'es', referralCode: null },
      ...{ passwordHash: '$none', createdAt: now() },
      username: { typed: username, normal: username },
      email: { deliver: `${username}@example.com`, normal: `${username}@example.com` },
    })
    return id
  }
  let named = 0
  /** An object with so many accounts, and what runs on it once the settings name Supabase. */
  async function moving(count: number) {
    const objects = new Map<string, Sqlite>()
    const before = service({}, objects)
    const ids = await Promise.all(Array.from({ length: count }, () => create(before, `person${named++}`)))
    posta = service({ SUPABASE_URL: supabase.url, SUPABASE_SERVICE_ROLE_KEY: supabase.serviceKey }, objects)
    return { before, ids }
  }
  /** Those of them that are not in the new home. */
  const missing = async (ids: string[]) => {
    const dump = await supabase.dump()
    return ids.filter((id) => !dump.includes(`"${id}"`))
  }
  const said: string[] = []
  const waits: number[] = []
  const run = (asked = (body: object) => ask(served.url, KEY, '/v1/admin/move', body)) => {
    ;[said.length, waits.length] = [0, 0]
    return moveAll({
      ask: asked,
      sleep: async (ms) => void waits.push(ms),
      say: (line) => void said.push(line),
      pauseMs: 7,
    })
  }
  const script = (args: string[], env: Record<string, string> = { POSTA_API_KEY: KEY }) =>
    runScript('move.ts', args, { env })

  it('copies all accounts by the page, with a pause between two, and looks again', async () => {
    const { ids } = await moving(ACCOUNTS)
    expect(await run()).toEqual({ copied: ACCOUNTS, conflicts: [], remaining: 0, store: 'sqlite', users: 'supabase' })
    expect(said).toEqual([
      '200 copied, 250 to go',
      '400 copied, 50 to go',
      '450 copied, 0 to go',
      'round 1 is done; looking again',
    ])
    expect(waits).toEqual([7, 7, 7])
    expect(await missing(ids)).toEqual([])
    expect(await run()).toMatchObject({ copied: 0, remaining: 0 })
  })

  it('waits for a store that is away, and doubles nothing whose answer was lost', async () => {
    const { ids } = await moving(ACCOUNTS)
    supabase.mode({ kind: 'lose_answer', after: 1, times: 3 })
    expect(await run()).toMatchObject({ copied: ACCOUNTS, remaining: 0 })
    expect(said.filter((line) => /^503 .*; again in \d+ s$/.test(line)).length).toBeGreaterThan(0)
    expect(Math.max(...waits)).toBeGreaterThanOrEqual(MOVING.againMs)
    expect(await missing(ids)).toEqual([])
  })

  it('gives up after some tries, and goes on where it stopped when it is run again', async () => {
    const { ids } = await moving(ACCOUNTS)
    let pages = 0
    const once = async (body: object) => {
      if (pages++ > 0) throw new AskError('nowhere')
      return ask(served.url, KEY, '/v1/admin/move', body)
    }
    await expect(run(once)).rejects.toThrow('nowhere')
    expect(pages).toBe(1 + MOVING.tries)
    expect(waits.slice(1)).toEqual([1, 2, 4, 8, 16].map((times) => times * MOVING.againMs))
    expect(await run()).toMatchObject({ copied: ACCOUNTS - MOVING.pageMax, remaining: 0 })
    expect(await missing(ids)).toEqual([])
  })

  it('finds who came while it ran, by a Worker that had the settings of before', async () => {
    const { before, ids } = await moving(3)
    let pages = 0
    const late = async (body: object) => {
      const answer = await ask(served.url, KEY, '/v1/admin/move', body)
      if (pages++ === 0) ids.push(await create(before, 'latecomer'))
      return answer
    }
    expect(await run(late)).toMatchObject({ copied: 4, remaining: 0 })
    expect(await missing(ids)).toEqual([])
  })

  it('ends with 0 once all is there, called as the README says, and with 1 while an account stays: it names it', async () => {
    const { ids } = await moving(2)
    const cwd = mkdtempSync(join(tmpdir(), 'posta-move-'))
    writeFileSync(join(cwd, 'admin.key'), `${KEY}\n`)
    const [, typed = ''] = /^npm run move -- (.*)$/m.exec(readFileSync(README, 'utf8')) ?? []
    const args = typed.replace('https://posta.example.com', served.url).split(' ')
    const { code, out, err } = await runScript('move.ts', args, { cwd })
    rmSync(cwd, { recursive: true })
    expect([code, err]).toEqual([0, ''])
    expect(out.trimEnd().split('\n').slice(-2)).toEqual([
      'Messages, codes and sessions stay in the object: no UPSTASH_REDIS_REST_URL is set.',
      '2 copied. The object is empty.',
    ])
    expect(await missing(ids)).toEqual([])

    const { before } = await moving(1)
    await create(posta, 'twin')
    const twin = await create(before, 'twin')
    const second = await script([served.url, '--pause', '0'])
    expect(second).toMatchObject({ code: 1, err: '' })
    expect(second.out).toContain(`✗ ${twin} stays: another account has its username and email there\n`)
    expect(second.out).toContain('1 copied. The object still holds 1 accounts, ')
  })

  it('ends with 2, and copies nothing, where it makes no sense', async () => {
    posta = service()
    expect(await script([served.url])).toMatchObject({
      code: 2,
      err: expect.stringContaining('keeps everything in its object'),
    })
    const { ids } = await moving(1)
    for (const args of [[], ['x'], [served.url, 'x'], [served.url, '--pause', 'x'], ['http://posta.example.com']]) {
      expect(await script(args)).toMatchObject({ code: 2, out: '' })
    }
    const given = await script([served.url, KEY])
    expect(given).toMatchObject({ code: 2, err: expect.stringContaining('A key is no argument') })
    expect(await script([served.url], {})).toMatchObject({ code: 2, err: expect.stringContaining('POSTA_API_KEY') })
    expect(await script([served.url], { POSTA_API_KEY: `posta_${'x'.repeat(43)}` })).toMatchObject({
      ...{ code: 2, out: '' },
      err: expect.stringMatching(/^401 /),
    })
    expect(await missing(ids)).toEqual(ids)
  })
})
