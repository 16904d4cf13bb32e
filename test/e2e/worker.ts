// Starts the Worker as `npm run dev` does, in a process of its own that a test may kill.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../fakes/free-port.ts'

const ROOT = join(import.meta.dirname, '../..')
const START_MS = 60_000

export interface Worker {
  url: string
  /** Where its state is: give it to the next start to restart. */
  state: string
  /** Everything it printed. */
  logs: () => string
  /** Ends it in order. */
  stop: () => Promise<void>
  /** SIGKILL to it and all it started: nothing gets to say goodbye. */
  kill: () => Promise<void>
  /** Fires the cron once. */
  sweep: () => Promise<void>
}

/**
 * `state` and `port` of an earlier run make it a restart; `config` is another wrangler.toml than ours; `says` is what it
 * prints when it is up.
 */
export async function startWorker(
  vars: Record<string, string> = {},
  run: { state?: string; port?: number; config?: string; says?: string } = {},
): Promise<Worker> {
  const state = run.state ?? newState()
  const port = run.port ?? (await freePort())
  const args = ['scripts/dev.ts', '--port', String(port), '--persist-to', state]
  if (run.config) args.push('--config', run.config)
  for (const [name, value] of Object.entries(vars)) args.push('--var', `${name}:${value}`)
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let logs = ''
  child.stdout.on('data', (chunk) => {
    logs += chunk
  })
  child.stderr.on('data', (chunk) => {
    logs += chunk
  })
  const url = `http://127.0.0.1:${port}`
  const startedAt = Date.now()
  while (!logs.includes(run.says ?? 'posta is running')) {
    if (child.exitCode !== null || Date.now() - startedAt > START_MS) {
      await end(child, 'SIGTERM')
      throw new Error(`the Worker did not start:\n${logs}`)
    }
    await sleep(50)
  }
  return {
    url,
    state,
    logs: () => logs,
    stop: () => end(child, 'SIGTERM'),
    kill: async () => {
      for (const pid of descendants(child.pid ?? 0)) killPid(pid)
      await end(child, 'SIGKILL')
    },
    sweep: async () => {
      await fetch(`${url}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`)
    },
  }
}

export const newState = (): string => mkdtempSync(join(tmpdir(), 'posta-e2e-'))

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

function killPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** All processes below one, children first. */
function descendants(pid: number): number[] {
  const found: number[] = []
  for (const task of readdir(`/proc/${pid}/task`)) {
    for (const child of read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean)) {
      found.push(...descendants(Number(child)), Number(child))
    }
  }
  return found
}

function readdir(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
