// The README's commands do what it says: each shell block is run as it stands, on another port.
import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { codeIn } from './client.ts'
import { startWorker, type Worker } from './worker.ts'

const ROOT = join(import.meta.dirname, '../..')
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
const snippets = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
const calls = blocks.filter((block) => block.startsWith('curl'))
const older = blocks.find((block) => block.startsWith('json='))

let worker: Worker
beforeAll(async () => {
  worker = await startWorker({ EMAIL_PROVIDERS: 'resend,sendgrid' })
})
afterAll(() => worker?.stop())

/** Runs a block in a shell and parses what it printed. */
async function run(block: string | undefined, env: Record<string, string> = {}) {
  const command = (block ?? '').replaceAll('http://localhost:8787', worker.url)
  const child = spawn('sh', ['-ec', command], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  await new Promise((resolve) => child.once('close', resolve))
  return printed === '' ? null : JSON.parse(`[${printed.replaceAll('}{', '},{')}]`)
}

const one = async (block: string | undefined, env: Record<string, string> = {}) => (await run(block, env))?.[0]

it('names commands that package.json has', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const named = [...readme.matchAll(/npm (?:run ([\w:]+)|(test))/g)].map((match) => match[1] ?? match[2] ?? '')
  expect(named.length).toBeGreaterThan(3)
  for (const name of named) expect(scripts).toHaveProperty(name)
  expect(blocks).toContain('npm test\n')
})

it('states what the free plans carry as it follows from what a code costs', () => {
  const stated = (pattern: RegExp) => Number(pattern.exec(readme)?.[1]?.replaceAll(',', ''))
  // Counted in cost.test.ts, written and removed, and in distributed.test.ts.
  const [rows, commands, sweeps] = [18, 3, 60 * 24 * 30]
  expect(stated(/([\d,]+) rows \|/)).toBe(rows)
  expect(stated(/([\d,]+) codes a day/)).toBe(Math.floor(100_000 / rows / 100) * 100)
  expect(stated(/([\d,]+) commands, and/)).toBe(commands)
  expect(stated(/and ([\d,]+) a month for the sweeper/)).toBe(sweeps)
  expect(stated(/([\d,]+) codes a month/)).toBe(Math.floor((500_000 - sweeps) / commands / 1_000) * 1_000)
})

it('leads from the first request to an approved code, and shows the fallback', async () => {
  const [ask, read, check, fault] = calls
  await one(fault)
  const { challenge_id: CHALLENGE_ID } = await one(ask)
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  const { messages } = await one(read)
  expect(messages).toMatchObject([{ to: 'ana@example.com', provider: 'sendgrid' }])
  const CODE = codeIn(messages[0].text)
  expect(await one(check, { CHALLENGE_ID, CODE })).toEqual({ status: 'approved' })
  expect(await one(check, { CHALLENGE_ID, CODE })).toMatchObject({ status: 410 })
  await one((fault ?? '').replace('hang', 'ok'))
})

it('leads from a sign-up to a new password', async () => {
  expect(calls).toHaveLength(11)
  const [read, register, verify, login, me, refresh, recover, reset] = [calls[1], ...calls.slice(4)]
  const newest = async () => codeIn((await one(read)).messages[0].text)
  const registered = await one(register)
  expect(registered).toMatchObject({ email_confirmation_sent: true, token_type: 'Bearer' })
  const proof = { CHALLENGE_ID: registered.challenge_id, CODE: await newest() }
  expect(await one(verify, proof)).toEqual({ verified: true, channel: 'email' })
  const { access_token: ACCESS_TOKEN, refresh_token: REFRESH_TOKEN } = await one(login)
  expect(await one(me, { ACCESS_TOKEN })).toMatchObject({ user_data: { username: 'ana.lopez', email_verified: true } })
  const turned = await one(refresh, { REFRESH_TOKEN })
  const { challenge_id: CHALLENGE_ID } = await one(recover)
  await vi.waitFor(async () => expect((await one(read)).messages[0].subject).toContain('recovery'), 5_000)
  expect(await one(reset, { CHALLENGE_ID, CODE: await newest() })).toBeUndefined()
  expect(await one(refresh, { REFRESH_TOKEN: turned.refresh_token })).toMatchObject({ status: 401 })
})

it.each(['jose', 'jsonwebtoken'])('shows how a backend verifies an access token with %s', async (name) => {
  const who = `eva${name}`
  const { access_token: token, user_data: user } = await one(
    calls[4]?.replace('ana.lopez', who).replace('ana@', `${who}@`),
  )
  const snippet = snippets.find((one) => one.includes(`from '${name}'`)) ?? ''
  const script = `${snippet.replace('https://posta.example.com', worker.url).replace('/production', '/development')}
    const tell = (text) => userIdOf(text).catch(() => 'refused')
    const [head, claims, signature] = process.env.TOKEN.split('.')
    const bent = [head, claims, signature.replace(/^./, (one) => (one === 'A' ? 'B' : 'A'))].join('.')
    console.log(await tell(process.env.TOKEN), await tell(bent))`
  const run = promisify(execFile)
  const env = { ...process.env, TOKEN: token }
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, env })
  expect(stdout).toBe(`${user.id} refused\n`)
})

it('keeps the paths of the older systems', async () => {
  const rosa = calls[4]?.replace('ana.lopez', 'rosa').replace('ana@', 'rosa@')
  const { access_token: ACCESS_TOKEN } = await one(rosa)
  const answers = await run(older, { ACCESS_TOKEN })
  expect(answers).toMatchObject([
    { usuario: { username: 'luis' } },
    { usuario: { username: 'luis' } },
    { usuario: { username: 'rosa' } },
    { user_data: { username: 'eva' }, email_confirmation_sent: true },
    { email_confirmation_sent: false },
    { messages: [{ channel: 'email' }] },
  ])
})
