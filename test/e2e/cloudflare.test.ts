// With the two lines of wrangler.toml uncommented and nothing else set, a code leaves through Cloudflare Email Service:
// wrangler plays the binding and writes what it took into files.
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clientOf, codeIn, person, until } from './client.ts'
import { startWorker, type Worker } from './worker.ts'

const ROOT = join(import.meta.dirname, '../..')
const SWITCH = '# [[send_email]]\n# name = "EMAIL"\n'

/** The project as it stands, but for the switch: a folder of links with a wrangler.toml of its own. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'posta-cloudflare-')))
let worker: Worker

beforeAll(async () => {
  for (const name of ['emails', 'functions', 'lib', 'node_modules', 'package.json', 'tsconfig.json']) {
    symlinkSync(join(ROOT, name), join(folder, name))
  }
  const settings = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')
  expect(settings).toContain(SWITCH)
  writeFileSync(join(folder, 'wrangler.toml'), settings.replace(SWITCH, SWITCH.replaceAll('# ', '')))
  worker = await startWorker(
    { EMAIL_FROM: 'Cine Sur <no-reply@example.com>' },
    { config: join(folder, 'wrangler.toml') },
  )
})
afterAll(async () => {
  await worker?.stop()
  rmSync(folder, { recursive: true })
})

it('sends a code that is approved', async () => {
  const client = clientOf(worker.url)
  expect((await client.ask('/ready')).body).toMatchObject({ email: ['cloudflare'] })
  const to = person()
  const { body } = await client.open(to, { Prefer: 'wait=3' })
  const { body: record } = await until(
    () => client.message(body.deliveries[0]?.message_id ?? ''),
    (answer) => answer.body.status === 'sent',
  )
  expect(record.attempts).toMatchObject([{ provider: 'cloudflare', outcome: 'accepted' }])

  // It prints whom it mailed, and the paths of the parts.
  const printed = await until(
    async () => worker.logs(),
    (logs) => /Text: .+\.txt[\s\S]*HTML: .+\.html/.test(logs),
  )
  expect(printed).toMatch(new RegExp(`From: "Cine Sur" <no-reply@example.com>\\s+To: ${to}\\s+Subject: `))
  const text = readFileSync(/Text: (.+\.txt)/.exec(printed)?.[1] ?? '', 'utf8')
  expect(readFileSync(/HTML: (.+\.html)/.exec(printed)?.[1] ?? '', 'utf8')).toContain(codeIn(text))
  expect(await client.inbox(to)).toEqual([])
  expect((await client.check(body.challenge_id, codeIn(text))).body).toEqual({ status: 'approved' })
})
