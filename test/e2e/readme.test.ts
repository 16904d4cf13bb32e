// The README's commands do what it says: its blocks are run as they stand, in one shell, on another port.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorker, type Worker } from './worker.ts'

const ROOT = join(import.meta.dirname, '../..')
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
/** Blocks in a list are indented. */
const blocks = [...readme.matchAll(/^( *)```sh\n([\s\S]*?)```/gm)].map(([, indent, block = '']) =>
  block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
)
const snippets = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
/** What goes into the other terminal while posta runs. */
const pasted = blocks.filter((block) => !/^(?:npm|npx|test) /.test(block))
const PASSWORD = 'violet kettle 42'

interface Sent {
  messages: { id: string; status: string }[]
  cancelled?: string[]
}

let worker: Worker
beforeAll(async () => {
  worker = await startWorker({ EMAIL_PROVIDERS: 'resend,sendgrid' })
})
afterAll(() => worker?.stop())

/** Pastes all of these into one shell, in order; what each of them printed, as JSON. */
async function paste(all: string[]) {
  const command = all.map((block) => `${block}\nprintf '\\036'\n`).join('')
  const run = promisify(execFile)
  const { stdout } = await run('sh', ['-ec', command.replaceAll('http://localhost:8787', worker.url)])
  return stdout.split('\u001e').map((printed) => JSON.parse(`[${printed.replaceAll(/\}\s*\{/g, '},{')}]`))
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
  // Counted in cost.test.ts, written and removed, and in distributed.test.ts.
  const [rows, commands, sweeps] = [18, 3, 60 * 24 * 30]
  expect(stated(/([\d,]+) rows \|/)).toBe(rows)
  expect(stated(/([\d,]+) codes a day/)).toBe(Math.floor(100_000 / rows / 100) * 100)
  expect(stated(/([\d,]+) commands, and/)).toBe(commands)
  expect(stated(/and ([\d,]+) a month for the sweeper/)).toBe(sweeps)
  expect(stated(/([\d,]+) codes a month/)).toBe(Math.floor((500_000 - sweeps) / commands / 1_000) * 1_000)
})

it('leads from the first request to a new password, all blocks pasted one after the other', async () => {
  expect(pasted).toHaveLength(15)
  const [, ask, read, check, died, sent, doctor, register, verify, login, me, refresh, recover, reset, older] =
    await paste(pasted)
  expect(ask).toMatchObject([{ challenge_id: expect.any(String), deliveries: [{ status: 'sent' }] }])
  expect(read).toMatchObject([{ messages: [{ to: 'ana@example.com', provider: 'resend' }] }])
  expect(check).toEqual([{ status: 'approved' }])
  const [bought, reminder, why, cancelled] = sent as [Sent, Sent, { next: { at: string } }, Sent]
  expect(bought.messages).toMatchObject([{ channel: 'email', status: 'sent' }])
  expect(reminder.messages).toMatchObject([{ status: 'queued', due_at: '2030-12-05T17:30:00.000Z' }])
  expect(why.next.at).toBe('2030-12-05T17:30:00.000Z')
  expect(cancelled.cancelled).toEqual([reminder.messages[0]?.id])
  expect(died?.[1]).toMatchObject({ status: 'sent', attempts: [{ provider: 'resend' }, { provider: 'sendgrid' }] })
  expect(doctor).toMatchObject([
    {
      providers: [
        { name: 'resend', answer: 'accepted', webhook: { setting: 'RESEND_WEBHOOK_SECRET', set: false } },
        { name: 'sendgrid', answer: 'accepted' },
      ],
    },
  ])
  expect(register).toMatchObject([{ email_confirmation_sent: true, token_type: 'Bearer' }])
  expect(verify).toEqual([{ verified: true, channel: 'email' }])
  expect(login).toMatchObject([{ user_data: { username: 'ana.lopez' } }])
  expect(me).toMatchObject([{ user_data: { username: 'ana.lopez', email_verified: true } }])
  expect(refresh).toMatchObject([{ access_token: expect.any(String), refresh_token: expect.any(String) }])
  expect(recover).toMatchObject([{ challenge_id: expect.any(String) }])
  expect(reset).toEqual([])
  expect(older).toMatchObject([
    { usuario: { username: 'luis' } },
    { usuario: { username: 'luis' } },
    { usuario: { username: 'luis' } },
    { user_data: { username: 'eva' }, email_confirmation_sent: true },
    { email_confirmation_sent: false },
    { messages: [{ channel: 'email' }] },
  ])
})

it('keeps what was said of each step: a used code, an ended session', async () => {
  const answers = await paste([
    ...pasted.slice(0, 2).map((block) => block.replaceAll('ana@', 'leo@')),
    'CODE=$(code leo@example.com)\n',
    ...[pasted[3], pasted[3]].map(String),
  ])
  expect(answers.slice(-3)).toMatchObject([[{ status: 'approved' }], [{ status: 410 }], []])
  const ended = String(pasted[10]).replace('$REFRESH_TOKEN', 'a-token-of-nobody')
  expect(await paste([ended])).toMatchObject([[{ status: 401 }], []])
})

it.each(['jose', 'jsonwebtoken'])('shows how a backend verifies an access token with %s', async (name) => {
  const who = `eva${name}`
  const made = await fetch(`${worker.url}/v1/auth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: who, email: `${who}@example.com`, password: PASSWORD }),
  })
  const { access_token: token, user_data: user } = (await made.json()) as {
    access_token: string
    user_data: { id: string }
  }
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
