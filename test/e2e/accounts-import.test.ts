// Users of an older system: their names and passwords go on to work, and their hashes become ours at the first log-in.
import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hashSync } from 'bcrypt-ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisMissing } from '../fakes/upstash.ts'
import { type AccountClient, accountsOf } from './accounts.ts'
import { clientOf, until } from './client.ts'
import { distributed, type Running, type Wiring } from './wirings.ts'

const ROOT = join(import.meta.dirname, '../..')

describe.skipIf(redisMissing !== null)('imported users', () => {
  let wiring: Wiring
  let worker: Running
  let people: AccountClient
  const hash = hashSync('una contraseña vieja', 8)
  beforeAll(async () => {
    wiring = await distributed()
    worker = await wiring.start({ LIMITS: 'off' })
    people = accountsOf(clientOf(worker.url))
    const file = join(mkdtempSync(join(tmpdir(), 'posta-import-')), 'users.csv')
    writeFileSync(file, `username,email,password_hash\nMaría del Mar,maria@example.com,${hash}\n`)
    const supabase = worker.backends?.supabase
    const env = { ...process.env, SUPABASE_URL: supabase?.url, SUPABASE_SERVICE_ROLE_KEY: supabase?.serviceKey }
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/import.ts', file], { cwd: ROOT, env })
    expect(stdout).toBe('1 imported, 0 there already, 0 refused.\n')
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  it('log in by the name they had, and are hashed anew', async () => {
    const stored = async () => (await worker.backends?.supabase.dump()) ?? ''
    expect(await stored()).toContain(hash)
    expect((await people.login('maría del mar', 'otra contraseña')).status).toBe(401)
    expect((await people.login('maria del mar', 'una contraseña vieja')).body.user_data.username).toBe('María del Mar')
    await until(stored, (text) => !text.includes(hash) && text.includes('$argon2id$'))
    expect((await people.login('maria@example.com', 'una contraseña vieja')).status).toBe(200)
    expect((await people.login('maria@example.com', 'otra contraseña')).status).toBe(401)
  })
})
