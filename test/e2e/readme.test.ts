// The README's commands do what it says: each shell block is run as it stands, on another port.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeIn } from './client.ts'
import { startWorker, type Worker } from './worker.ts'

const ROOT = join(import.meta.dirname, '../..')
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
const calls = blocks.filter((block) => block.startsWith('curl'))

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
  return JSON.parse(printed)
}

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
  // Counted in cost.test.ts (and four rows for the alarm) and in distributed.test.ts.
  const [rows, commands, sweeps] = [64, 3, 60 * 24 * 30]
  expect(stated(/([\d,]+) rows \|/)).toBe(rows)
  expect(stated(/([\d,]+) codes a day/)).toBe(Math.floor(100_000 / rows / 100) * 100)
  expect(stated(/([\d,]+) commands, and/)).toBe(commands)
  expect(stated(/and ([\d,]+) a month for the sweeper/)).toBe(sweeps)
  expect(stated(/([\d,]+) codes a month/)).toBe(Math.floor((500_000 - sweeps) / commands / 1_000) * 1_000)
})

it('leads from the first request to an approved code, and shows the fallback', async () => {
  expect(calls).toHaveLength(4)
  const [ask, read, check, fault] = calls
  await run(fault)
  const { challenge_id: CHALLENGE_ID } = await run(ask)
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  const { messages } = await run(read)
  expect(messages).toMatchObject([{ to: 'ana@example.com', provider: 'sendgrid' }])
  const CODE = codeIn(messages[0].text)
  expect(await run(check, { CHALLENGE_ID, CODE })).toEqual({ status: 'approved' })
  expect(await run(check, { CHALLENGE_ID, CODE })).toMatchObject({ status: 410 })
})
