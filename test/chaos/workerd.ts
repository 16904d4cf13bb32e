// The built Worker in plain workerd: what `wrangler deploy` would upload, one process, its state on disk, no tooling in
// between. So a SIGKILL hits the service itself, a restart takes a moment, and /proc tells what it alone costs.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../..')
const START_MS = 20_000
/** What the rules of wrangler.toml import as text. */
const TEXT = /\.(?:lua|css|page\.js)$/

/** A folder with the Worker's modules, the first of `modules` being its entry. */
export interface Bundle {
  folder: string
  modules: string[]
  objects: string[]
  compatibilityDate: string
  compatibilityFlags: string[]
  /** esbuild's account of what went in. */
  metafile?: string
}

export interface Workerd {
  url: string
  pid: number
  /** Everything it printed. */
  logs: () => string
  /** False once the process is gone, whoever ended it. */
  alive: () => boolean
  kill: () => Promise<void>
  /** Fires the cron once; false when nobody answered. */
  sweep: () => Promise<boolean>
}

/** Builds as `npm run build` does, into `folder`. `project` is where the wrangler.toml is. */
export async function buildBundle(folder: string, project = ROOT): Promise<Bundle> {
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
  const metafile = join(folder, 'meta.json')
  await promisify(execFile)(
    process.execPath,
    [wrangler, 'deploy', '--dry-run', '--outdir', folder, '--metafile', metafile],
    {
      cwd: project,
      // A test runner's NODE_ENV would bring React's development build along.
      env: {
        ...process.env,
        NODE_ENV: 'production',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        WRANGLER_SEND_METRICS: 'false',
      },
      maxBuffer: 16 * 1024 * 1024,
    },
  )
  const settings = readFileSync(join(project, 'wrangler.toml'), 'utf8')
  const files = readdirSync(folder)
  // Named after `main`.
  const entry = files.find((name) => name.endsWith('.js') && !TEXT.test(name)) ?? ''
  const flags = /^compatibility_flags\s*=\s*\[(.*)\]/m.exec(settings)?.[1] ?? ''
  return {
    folder,
    metafile,
    modules: [entry, ...files.filter((name) => TEXT.test(name) || name.endsWith('.wasm'))],
    objects: [...settings.matchAll(/^class_name\s*=\s*"(\w+)"/gm)].map((match) => match[1] ?? ''),
    compatibilityDate: /^compatibility_date\s*=\s*"(.*)"/m.exec(settings)?.[1] ?? '',
    compatibilityFlags: [...flags.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ''),
  }
}

export interface Run {
  /** Text bindings. */
  vars: Record<string, string>
  /** Folder of the objects' SQLite files: the same one makes it a restart. */
  state: string
  port: number
  cronPort: number
}

const text = (value: string) => JSON.stringify(value)

/** Fires the handler that only the platform can call. */
const CRON = `export default { async fetch(_, env) {
  const { outcome } = await env.WORKER.scheduled({ scheduledTime: new Date(), cron: '* * * * *' })
  return new Response(outcome, { status: outcome === 'ok' ? 200 : 500 })
} }`

function configOf(bundle: Bundle, { vars, state, port, cronPort }: Run): string {
  const kindOf = (name: string) => (TEXT.test(name) ? 'text' : name.endsWith('.wasm') ? 'wasm' : 'esModule')
  const modules = bundle.modules.map((name) => `(name = ${text(name)}, ${kindOf(name)} = embed ${text(name)})`)
  const bindings = Object.entries(vars).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`)
  const spaces = bundle.objects.map(
    (name) => `(className = ${text(name)}, uniqueKey = ${text(name)}, enableSql = true)`,
  )
  const objects = bundle.objects.map(
    (name) =>
      `(name = ${text(name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase())}, durableObjectNamespace = ${text(name)})`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [${modules.join(', ')}],
      bindings = [${[...bindings, ...objects].join(', ')}],
      compatibilityDate = ${text(bundle.compatibilityDate)},
      compatibilityFlags = [${bundle.compatibilityFlags.map(text).join(', ')}],
      durableObjectNamespaces = [${spaces.join(', ')}],
      ${spaces.length > 0 ? 'durableObjectStorage = (localDisk = "state"),' : ''}
    )),
    (name = "cron", worker = (
      modules = [(name = "cron.js", esModule = ${text(CRON)})],
      bindings = [(name = "WORKER", service = "worker")],
      compatibilityDate = ${text(bundle.compatibilityDate)},
      compatibilityFlags = ["service_binding_extra_handlers"],
    )),
    (name = "state", disk = (path = ${text(state)}, writable = true)),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:${port}", http = (), service = "worker"),
    (name = "cron", address = "127.0.0.1:${cronPort}", http = (), service = "cron"),
  ],
);
`
}

/** Resolves once it listens. Its outgoing calls reach loopback and private addresses only. */
export async function startWorkerd(bundle: Bundle, run: Run): Promise<Workerd> {
  mkdirSync(run.state, { recursive: true })
  const config = join(bundle.folder, `${run.port}.capnp`)
  writeFileSync(config, configOf(bundle, run))
  // --experimental is for the cron's flag alone; the Worker itself names no experimental flag.
  const child = spawn(
    join(ROOT, 'node_modules/workerd/bin/workerd'),
    ['serve', '--experimental', '--control-fd=3', config],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  )
  let logs = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      logs = (logs + chunk).slice(-200_000)
    })
  }
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', kill)
      resolve()
    })
  })
  await listening(child, gone, () => logs)
  return {
    url: `http://127.0.0.1:${run.port}`,
    pid: child.pid ?? 0,
    logs: () => logs,
    alive: () => child.exitCode === null && child.signalCode === null,
    kill: async () => {
      kill()
      await gone
    },
    sweep: async () => {
      const answer = await fetch(`http://127.0.0.1:${run.cronPort}/`).catch(() => null)
      return answer?.ok ?? false
    },
  }
}

async function listening(child: ChildProcess, gone: Promise<void>, logs: () => string): Promise<void> {
  const control = child.stdio[3] as Readable
  let told = ''
  const sockets = new Promise<'up'>((resolve) => {
    control.on('data', (chunk) => {
      told += chunk
      if (told.includes('"http"') && told.includes('"cron"')) resolve('up')
    })
  })
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, START_MS, 'late').unref())
  if ((await Promise.race([sockets, gone, late])) === 'up') return
  child.kill('SIGKILL')
  throw new Error(`workerd did not start:\n${logs()}`)
}
