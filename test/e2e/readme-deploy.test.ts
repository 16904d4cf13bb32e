// The README's *Deploy* to the letter: a production with exactly its settings serves the people on the pages of APP_URL.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MailVendors, startMailVendors } from '../fakes/mail-vendors.ts'
import { person } from './client.ts'
import { startWorker, type Worker } from './worker.ts'

const ROOT = join(import.meta.dirname, '../..')
const FILE = '.dev.vars.production'
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
const deploy = /^## Deploy\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? ''
const blocks = [...deploy.matchAll(/^ {3}```sh\n([\s\S]*?)```/gm)].map(
  (match) => match[1]?.replaceAll(/^ {3}/gm, '') ?? '',
)
const [login, write, upload] = blocks

/** Runs a block where it is meant to be run, with a file of settings elsewhere. */
const folder = mkdtempSync(join(tmpdir(), 'posta-deploy-'))
const file = join(folder, 'settings')
const run = (block: string | undefined) =>
  promisify(execFile)('sh', ['-ec', (block ?? '').replaceAll(FILE, file)], { cwd: ROOT })

let vendors: MailVendors
let worker: Worker
let settings: Record<string, string>
let shown: string
beforeAll(async () => {
  // Node gives its children sockets, which no path such as /dev/stderr opens.
  await run(`exec 2>${folder}/shown\n${write}`)
  shown = readFileSync(join(folder, 'shown'), 'utf8')
  settings = parseEnv(readFileSync(file, 'utf8')) as Record<string, string>
  vendors = await startMailVendors()
  // Of a test's own: that it is no development, and where the vendor is.
  worker = await startWorker({ ...settings, POSTA_ENV: 'production', RESEND_BASE_URL: `${vendors.url}/resend` })
})
afterAll(async () => {
  await worker?.stop()
  await vendors?.close()
  rmSync(folder, { recursive: true })
})

describe('the file of settings', () => {
  it('is kept by a second paste, its secret too', async () => {
    const before = readFileSync(file, 'utf8')
    await run(write)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('is one that git ignores', () => {
    expect(readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n')).toContain('.dev.vars.*')
    expect(FILE.startsWith('.dev.vars.')).toBe(true)
  })

  it('has the settings without which a browser, a person or an operator is left alone', () => {
    const names = ['PUBLIC_URL', 'APP_URL', 'CORS_ORIGINS', 'ALERT_WEBHOOK_URL', 'ADMIN_EMAILS', 'EMAIL_FROM']
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(names))
  })

  it('is uploaded with the code, after the doctor and a log-in', async () => {
    expect(login).toBe('npx wrangler login\n')
    const { stdout } = await run(
      upload?.replace('npm run deploy --', `npm run deploy -- --dry-run --outdir ${folder}/out`),
    )
    for (const name of Object.keys(settings)) expect(stdout).toContain(`env.${name} `)
    expect(stdout).toContain('nothing is wrong')
  })
})

describe('the service', () => {
  const page = () => new URL(settings.APP_URL ?? '').origin

  it('is ready', async () => {
    expect(await (await fetch(`${worker.url}/ready`)).json()).toMatchObject({ status: 'ready', email: ['resend'] })
  })

  it('signs people up from the pages of APP_URL, preflight and mailed link included', async () => {
    const url = `${worker.url}/v1/auth/register`
    const asked = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' }
    const preflight = await fetch(url, { method: 'OPTIONS', headers: { Origin: page(), ...asked } })
    expect(preflight.ok).toBe(true)
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe(page())
    expect(preflight.headers.get('Access-Control-Allow-Methods')).toContain('POST')
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toBe('content-type')

    const email = person()
    const made = await fetch(url, {
      method: 'POST',
      headers: { Origin: page(), 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'ana.lopez', email, password: 'violet kettle 42' }),
    })
    expect(made.status).toBe(201)
    expect(made.headers.get('Access-Control-Allow-Origin')).toBe(page())
    expect(await made.json()).toMatchObject({ email_confirmation_sent: true, access_token: expect.any(String) })
    const [mail] = vendors.accepted()
    expect(mail).toMatchObject({ to: email, text: expect.stringContaining(`${settings.APP_URL}/verify#token=`) })
  })

  it('tells a browser on another page nothing, and the log its host', async () => {
    const refused = await fetch(`${worker.url}/health`, { headers: { Origin: 'https://other.example.com' } })
    expect(refused.headers.get('Access-Control-Allow-Origin')).toBeNull()
    await expect.poll(worker.logs).toMatch(/"event":"origin_refused","host":"other.example.com"/)
  })

  it('knows the API key that was shown when the file was made', async () => {
    const key = /^posta_\w+$/m.exec(shown)?.[0]
    const templates = (headers: Record<string, string>) => fetch(`${worker.url}/v1/templates`, { headers })
    expect((await templates({ Authorization: `Bearer ${key}` })).status).toBe(200)
    expect((await templates({ Authorization: 'Bearer posta_development' })).status).toBe(401)
  })
})
