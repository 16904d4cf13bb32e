// Upstash's REST API before a redis-server that forgets nothing it has acknowledged (every write is on disk before it
// is answered), and that may be killed and started again over the same files.
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pack, type RespClient, RespError, respClient } from '../fakes/resp.ts'

const START_MS = 15_000
const TOKEN = 'chaos'

export interface DurableRedis {
  url: string
  token: string
  /** SIGKILL: nothing is flushed, nobody is told. */
  kill: () => Promise<void>
  /** Resolves once it has read its files again and answers. */
  start: () => Promise<void>
  close: () => Promise<void>
}

interface Server {
  child: ChildProcess
  client: RespClient
  gone: Promise<void>
}

/** `folder` keeps its files. The façade lives on while the server is down, and drops every call, as a dead host does. */
export async function startDurableRedis(folder: string): Promise<DurableRedis> {
  let server: Server | null = null

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    const now = server
    // A connection that breaks here may leave a command done and unanswered: that is the point.
    if (!now) return void request.socket.destroy()
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer(response, 401, { error: 'WRONGPASS' })
    const reply = await now.client.send((JSON.parse(body) as unknown[]).map(String))
    if (reply instanceof RespError) return answer(response, 400, { error: reply.message })
    answer(response, 200, { result: pack(reply, request.headers['upstash-encoding'] === 'base64') })
  }

  const http = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))

  async function kill(): Promise<void> {
    const dying = server
    server = null
    if (!dying) return
    dying.child.kill('SIGKILL')
    await dying.gone
    dying.client.close()
  }
  async function start(): Promise<void> {
    server ??= await startServer(folder)
  }
  await start()
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    token: TOKEN,
    kill,
    start,
    close: async () => {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await kill()
    },
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

async function startServer(folder: string): Promise<Server> {
  const socket = join(folder, 'redis.sock')
  const options = { port: '0', unixsocket: socket, dir: folder, save: '', appendonly: 'yes', appendfsync: 'always' }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn('redis-server', [...args, '--auto-aof-rewrite-percentage', '0'], { stdio: 'ignore' })
  const end = () => void child.kill('SIGKILL')
  process.once('exit', end)
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', end)
      resolve()
    })
  })
  for (const startedAt = Date.now(); Date.now() - startedAt < START_MS; await sleep(20)) {
    const client = await respClient(socket).catch(() => null)
    // While it reads its files it answers LOADING.
    if (client && (await client.send(['PING']).catch(() => null)) === 'PONG') return { child, client, gone }
    client?.close()
  }
  end()
  throw new Error('redis-server did not start')
}
