// The parts of the measuring side: the shared store's process, the mail vendor in this one, CPU of a process, medians.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Ask, Told } from './facade.ts'

export interface Facade {
  url: string
  token: string
  /** From now on every request takes so much longer. */
  slow: (ms: number) => Promise<void>
  /** Requests since the last call. */
  requests: () => Promise<number>
  /** In the store; the users' backend has no keys. */
  set: (keys: [string, string][]) => Promise<void>
  /** The redis-server's own process; 0 where there is none. */
  redisPid: number
  close: () => Promise<void>
}

export async function startFacade(of: 'store' | 'users' = 'store'): Promise<Facade> {
  const child = fork(join(import.meta.dirname, 'facade.ts'), [of])
  const [first] = (await once(child, 'message')) as [Told]
  const ask = async (what: Ask): Promise<Told> => {
    child.send(what)
    const [told] = (await once(child, 'message')) as [Told]
    return told
  }
  const kill = () => void child.kill('SIGTERM')
  process.once('exit', kill)
  return {
    url: first.url,
    token: first.token,
    slow: async (slowMs) => void (await ask({ slowMs })),
    requests: async () => (await ask({ count: true })).requests,
    set: async (keys) => void (await ask({ keys })),
    redisPid: redisBelow(child.pid ?? 0),
    close: async () => {
      process.off('exit', kill)
      const gone = once(child, 'exit')
      child.send({ close: true } satisfies Ask)
      await gone
    },
  }
}

/** The redis-server among all that a process started. */
function redisBelow(pid: number): number {
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean)) {
      const below = Number(child)
      if (readFileSync(`/proc/${below}/comm`, 'utf8').trim() === 'redis-server') return below
      const found = redisBelow(below)
      if (found > 0) return found
    }
  }
  return 0
}

export interface Mailbox {
  url: string
  /** The code in the next mail to this address. */
  code: (to: string) => Promise<string>
  close: () => Promise<void>
}

/** Takes every mail as Resend does; whoever waits for an address is handed the code. */
export async function startMailbox(): Promise<Mailbox> {
  const waiting = new Map<string, (code: string) => void>()
  const server = createServer(async (request, response) => {
    const { to, text } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { to: string; text: string }
    const id = crypto.randomUUID()
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id }))
    waiting.get(to)?.(/\b\d{6}\b/.exec(text)?.[0] ?? '')
    waiting.delete(to)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    code: (to) => new Promise((resolve) => waiting.set(to, resolve)),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** CPU a process has used so far, all threads, in µs. */
export function cpuUs(pid: number): number {
  let ns = 0
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
    } catch {
      // The thread ended meanwhile.
    }
  }
  return ns / 1_000
}

export function quantile(numbers: number[], q: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}
export const median = (numbers: number[]): number => quantile(numbers, 0.5)
