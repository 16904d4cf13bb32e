// `npm run dev`: `wrangler dev` with posta's development settings, a cron that fires, and a first request to paste.
// Arguments go to wrangler unchanged: npm run dev -- --port 8799 --var "EMAIL_FROM:Ana <ana@example.com>"
import { spawn } from 'node:child_process'
import { get } from 'node:http'
import { get as getSecure } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { SWEEP_EVERY_MS } from '../lib/rules/numbers.ts'
import { option, settings } from './options.ts'
import { onOrphaned } from './orphaned.ts'
import { listener } from './quiet.ts'
import { welcome } from './welcome.ts'

const ROOT = join(import.meta.dirname, '..')
const DEFAULT_PORT = 8787
/** How long wrangler may take to stop workerd before its whole process group is killed. */
const STOP_MS = 5_000
/** From here on a Worker that does not come up is worth a line. */
const SLOW_MS = 10_000
/** Exit codes a shell gives to a process that a signal ended: 128 + its number. */
const SIGNALS: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

const given = process.argv.slice(2)
const port = Number(option(given, 'port') ?? DEFAULT_PORT)
// Two workerd on the same SQLite files lock each other out: another port has its own state.
const state = option(given, 'persist-to') ?? join('.wrangler', port === DEFAULT_PORT ? 'state' : `state-${port}`)
const variables = settings(given, ROOT)

/** What wrangler gets before the person's own arguments, each only where they did not choose themselves. */
function defaults(): string[] {
  const args: string[] = []
  if (!variables.POSTA_ENV) args.push('--var', 'POSTA_ENV:development')
  // Ends the list above (--var takes every word up to the next flag) and keeps hot keys off.
  args.push('--show-interactive-dev-session=false')
  if (option(given, 'port') === undefined) args.push('--port', String(DEFAULT_PORT))
  // Any free port, so that two instances never meet at the inspector.
  if (option(given, 'inspector-port') === undefined) args.push('--inspector-port', '0')
  if (option(given, 'persist-to') === undefined) args.push('--persist-to', state)
  return args
}

/** False when something listens there already; any other trouble is wrangler's to report. */
function isFree(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** Status of a GET, 0 when nobody answered. */
function status(url: string): Promise<number> {
  return new Promise((resolve) => {
    // A local certificate is self-signed. No agent: a kept connection would outlive a reload of the Worker.
    const options = { timeout: 30_000, agent: false, rejectUnauthorized: false } as const
    const request = (url.startsWith('https:') ? getSecure : get)(url, options, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(0))
  })
}

let stopping = false
let greeted = false
let exitCode: number | null = null

const ip = option(given, 'ip') ?? 'localhost'
const hosts = ip === 'localhost' ? ['127.0.0.1', '::1'] : [ip === '*' ? '0.0.0.0' : ip]
if (port !== 0 && (await Promise.all(hosts.map(isFree))).includes(false)) {
  console.error(
    `posta: port ${port} is in use. Stop what listens there, or take another: npm run dev -- --port ${port + 1}`,
  )
  process.exit(1)
}

// Runs inside wrangler: when the channel to its parent closes, even because that was killed, wrangler stops as well.
const leash = `process.once('disconnect', () => process.kill(process.pid, 'SIGTERM')); process.channel?.unref()`

const child = spawn(
  process.execPath,
  [
    `--import=data:text/javascript,${encodeURIComponent(leash)}`,
    join(ROOT, 'node_modules/wrangler/bin/wrangler.js'),
    'dev',
    ...defaults(),
    ...given,
  ],
  {
    cwd: ROOT,
    // A process group of its own: Ctrl-C reaches only this process, which then stops wrangler once and in order.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      // It writes to a pipe, and colours what ends in a terminal all the same.
      ...(process.stdout.isTTY && !process.env.NO_COLOR && { FORCE_COLOR: '1' }),
      ...process.env,
      // Without these wrangler asks Cloudflare for a sample of request.cf, and reports usage.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_SEND_METRICS: 'false',
      // Its local traces keep whole URLs in the state folder, the addresses and ids in them included.
      X_LOCAL_OBSERVABILITY: 'false',
    },
  },
)

/** Passes on what is worth reading. */
function pass(from: NodeJS.ReadableStream | null, to: NodeJS.WritableStream): void {
  if (!from) return
  const isWorth = listener()
  createInterface({ input: from }).on('line', (line) => isWorth(line) && to.write(`${line}\n`))
}
pass(child.stdout, process.stdout)
pass(child.stderr, process.stderr)

/** Ends whatever is left of wrangler, workerd and esbuild. */
function killGroup(): void {
  try {
    if (child.pid !== undefined) process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    // Nothing is left.
  }
}

function stop(signal: NodeJS.Signals): void {
  if (stopping) return
  stopping = true
  exitCode = SIGNALS[signal] ?? 1
  child.kill('SIGTERM')
  setTimeout(killGroup, STOP_MS).unref()
}

/** Greets once the Worker answers, then fires the cron of wrangler.toml: now, and every minute. */
async function ready(url: string): Promise<void> {
  const startedAt = Date.now()
  for (let answer = 0, told = false; answer !== 200; ) {
    answer = await status(`${url}/health`)
    if (stopping) return
    if (answer !== 200 && !told && Date.now() - startedAt > SLOW_MS) {
      told = true
      console.error(`posta: still waiting for ${url}/health (${answer || 'no answer'}); the log above may say why`)
    }
    if (answer !== 200) await sleep(250)
  }
  greeted = true
  process.stdout.write(welcome({ url, variables, state }))
  for (let before = 200; !stopping; ) {
    const answer = await status(`${url}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`)
    if (answer !== 200 && before === 200 && !stopping)
      console.error(`posta: the cron failed (${answer || 'no answer'})`)
    before = answer
    await sleep(SWEEP_EVERY_MS)
  }
}

for (const signal of Object.keys(SIGNALS) as NodeJS.Signals[]) process.on(signal, stop)

// npm passes SIGTERM on to `sh` alone, and SIGHUP and SIGKILL to nobody: that it is gone is the signal.
onOrphaned(() => stop('SIGTERM'))

// Said over the channel whatever --log-level is; the port is the real one, also after --port 0.
child.on('message', (message) => {
  const said = JSON.parse(String(message)) as { event: string; ip: string; port: number }
  if (said.event !== 'DEV_SERVER_READY') return
  const scheme = option(given, 'local-protocol') ?? 'http'
  const everywhere = ['0.0.0.0', '[::]', '*'].includes(said.ip)
  void ready(`${scheme}://${everywhere ? 'localhost' : said.ip}:${said.port}`)
})

child.on('exit', killGroup)
// Not before its last line is read.
child.on('close', (code, signal) => {
  // Once it runs, wrangler has no good reason to end by itself, and says 0 even when it was killed.
  process.exit(exitCode ?? (greeted ? code || 1 : (code ?? (signal ? SIGNALS[signal] : null) ?? 1)))
})
