// Upstash's REST API over a real redis-server of its own, with faults on demand.
// From a shell: node test/fakes/upstash.ts --port 9911
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pack, type Reply, type RespClient, RespError, respClient } from './resp.ts'

/**
 * down: the socket dies unread · slow: answered after `ms` · lose_answer: done, then the socket dies ·
 * readonly: every command is refused as by a replica · half: done, and the answer breaks off in the middle.
 */
export type Fault = { kind: 'ok' | 'down' | 'lose_answer' | 'readonly' | 'half' } | { kind: 'slow'; ms: number }
/** `after` requests pass, `times` suffer it, then all is well again; without `times`, until the next mode. */
export type Mode = Fault & { after?: number; times?: number }

export interface UpstashOptions {
  /** REST port; 0 (default) = any free one. */
  port?: number
  /** TCP port of the redis-server; default: a Unix socket only. */
  redisPort?: number
  token?: string
}

export interface Upstash {
  url: string
  token: string
  mode(mode: Mode): void
  /** HTTP requests since the last reset, faulty ones included. */
  requests(): number
  /** The commands they carried, names in upper case. */
  commands(): string[]
  reset(): void
  /** A command past the façade and its faults. */
  redis(...args: (string | number)[]): Promise<Reply>
  /** Every key with its value, as text. */
  dump(): Promise<string>
  close(): Promise<void>
}

/** null when redis-server can be started here; otherwise what is missing. */
export const redisMissing: string | null =
  spawnSync('redis-server', ['--version']).status === 0 ? null : 'redis-server is not installed'

const READERS: Record<string, (key: string) => string[]> = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  stream: (key) => ['XRANGE', key, '-', '+'],
}

export async function startUpstash({
  port = 0,
  redisPort = 0,
  token = 'local',
}: UpstashOptions = {}): Promise<Upstash> {
  const folder = mkdtempSync(join(tmpdir(), 'posta-redis-'))
  const server = await startRedis(folder, redisPort)
  const fault: { mode: Mode; passing: number; left: number } = { mode: { kind: 'ok' }, passing: 0, left: 0 }
  let requests = 0
  let commands: string[] = []

  function nextFault(): Fault {
    if (fault.passing-- > 0 || fault.left <= 0) return { kind: 'ok' }
    fault.left--
    return fault.mode
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests++
    const now = nextFault()
    if (now.kind === 'down') return void request.socket.destroy()
    const body = await text(request)
    if (now.kind === 'slow') await sleep(now.ms, undefined, { ref: false })
    const answer = await answerTo(request, body, now)
    if (now.kind === 'lose_answer') return void request.socket.destroy()
    const json = JSON.stringify(answer.body)
    response.writeHead(answer.status, { 'Content-Type': 'application/json', 'upstash-sync-token': `local=${requests}` })
    response.end(now.kind === 'half' ? json.slice(0, Math.floor(json.length / 2)) : json)
  }

  async function answerTo(
    request: IncomingMessage,
    body: string,
    now: Fault,
  ): Promise<{ status: number; body: unknown }> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (request.headers.authorization !== `Bearer ${token}`) {
      return refuse(401, 'WRONGPASS invalid or missing auth token')
    }
    if (request.method !== 'POST') return refuse(405, 'ERR method not allowed')
    const asked = parseCommands(body, path)
    if (!asked) return refuse(400, 'ERR failed to parse command')
    commands.push(...asked.map(([name]) => (name ?? '').toUpperCase()))
    if (now.kind === 'readonly') return refuse(400, "READONLY You can't write against a read only replica.")
    const encoded = request.headers['upstash-encoding'] === 'base64'
    const wire = (reply: Reply) =>
      reply instanceof RespError ? { error: reply.message } : { result: pack(reply, encoded) }
    if (path === '/pipeline') return { status: 200, body: (await server.client.sendAll(asked)).map(wire) }
    if (path === '/multi-exec') {
      const replies = await server.client.sendAll([['MULTI'], ...asked, ['EXEC']])
      const done = replies.at(-1)
      if (done instanceof RespError) return refuse(400, done.message)
      return { status: 200, body: Array.isArray(done) ? done.map(wire) : [] }
    }
    const reply = await server.client.send(asked[0] ?? [])
    return { status: reply instanceof RespError ? 400 : 200, body: wire(reply) }
  }

  const http = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, '127.0.0.1', resolve)
  })

  const redis = (...args: (string | number)[]) => server.client.send(args.map(String))
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    token,
    mode(mode) {
      fault.mode = mode
      fault.passing = mode.after ?? 0
      fault.left = mode.kind === 'ok' ? 0 : (mode.times ?? Number.POSITIVE_INFINITY)
    },
    requests: () => requests,
    commands: () => commands,
    reset() {
      requests = 0
      commands = []
    },
    redis,
    async dump() {
      const keys = (await redis('KEYS', '*')) as string[]
      const lines = keys.sort().map(async (key) => {
        const reader = READERS[String(await redis('TYPE', key))]
        return `${key} ${reader ? JSON.stringify(await redis(...reader(key))) : ''}`
      })
      return (await Promise.all(lines)).join('\n')
    },
    async close() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      server.client.close()
      await server.stop()
    },
  }
}

/** Runs redis-server until its own stdin ends: however this process dies, it leaves no server and no files behind. */
const GUARD = 'redis-server "$@" >/dev/null 2>&1 & cat >/dev/null; kill -9 $!; rm -rf "$0"'

async function startRedis(folder: string, redisPort: number): Promise<{ client: RespClient; stop(): Promise<void> }> {
  const path = join(folder, 'redis.sock')
  const settings = { port: redisPort, bind: '127.0.0.1', unixsocket: path, dir: folder, save: '', appendonly: 'no' }
  const config = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  // Detached: Ctrl-C in a terminal must not reach the guard before it has cleaned up.
  const guard = spawn('sh', ['-c', GUARD, folder, ...config], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  const gone = new Promise<void>((resolve) => {
    guard.once('error', () => resolve())
    guard.once('exit', () => resolve())
  })
  const stop = async () => {
    guard.stdin.end()
    await gone
  }
  for (let tries = 0; tries < 200; tries++) {
    try {
      return { client: await respClient(path), stop }
    } catch {
      await sleep(25)
    }
  }
  await stop()
  throw new Error('redis-server did not start')
}

const refuse = (status: number, error: string) => ({ status, body: { error } })

/** One command on `/`, a list of them elsewhere; arguments as text. */
function parseCommands(body: string, path: string): string[][] | null {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return null
  }
  const list: unknown = path === '/' ? [json] : json
  const sound = Array.isArray(list) && list.every((one) => Array.isArray(one) && one.length > 0)
  return sound ? (list as unknown[][]).map((one) => one.map(String)) : null
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '9911' }, 'redis-port': { type: 'string' }, token: { type: 'string' } },
  })
  if (redisMissing) {
    console.error(redisMissing)
    process.exit(1)
  }
  const { url, token, close } = await startUpstash({
    port: Number(values.port),
    ...(values['redis-port'] ? { redisPort: Number(values['redis-port']) } : {}),
    ...(values.token ? { token: values.token } : {}),
  })
  console.log(`UPSTASH_REDIS_REST_URL=${url}\nUPSTASH_REDIS_REST_TOKEN=${token}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => close().finally(() => process.exit(0)))
}
