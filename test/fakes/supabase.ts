// Supabase's REST API as far as posta calls it: `POST /rest/v1/rpc/:function` over a PostgreSQL with our migrations, with
// the gateway's keys, PostgREST's errors, and faults on demand.
// From a shell: node test/fakes/supabase.ts --port 9921
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Database, migrate, SqlError, startPglite } from './supabase-database.ts'

/**
 * down: the socket dies unread · slow: answered after `ms` · lose_answer: done, then the socket dies ·
 * half: done, and the answer breaks off in the middle · gateway: done, and the gateway says 502 in HTML.
 */
export type Fault = { kind: 'ok' | 'down' | 'lose_answer' | 'half' | 'gateway' } | { kind: 'slow'; ms: number }
/** `after` requests pass, `times` suffer it, then all is well again; without `times`, until the next mode. */
export type Mode = Fault & { after?: number; times?: number }

export interface SupabaseOptions {
  /** 0 (default) = any free one. */
  port?: number
  serviceKey?: string
  anonKey?: string
  /** Default: PGlite. */
  start?: () => Promise<Database>
}

export interface Supabase {
  url: string
  serviceKey: string
  anonKey: string
  /** The database past the façade and its faults. */
  database: Database
  mode(mode: Mode): void
  /** HTTP requests since the last reset, faulty ones included. */
  requests(): number
  reset(): void
  /** Every row of ours, as JSON text. */
  dump(): Promise<string>
  close(): Promise<void>
}

interface Answer {
  status: number
  body: string
}

/** PostgREST's table of SQLSTATE → status, as far as it says more than 400. */
const STATUS: [RegExp, number][] = [
  [/^(08|53(?!400))/, 503],
  [/^(0L|0P|28|42501)/, 403],
  [/^(23503|23505)$/, 409],
  [/^(42883|42P01)$/, 404],
  [/^P0001$/, 400],
  [/^(09|25|2D|38|39|3B|40|53400|54|55|57|58|F0|HV|P0|XX)/, 500],
]

const problem = (status: number, body: object): Answer => ({ status, body: JSON.stringify(body) })

export async function startSupabase({
  port = 0,
  serviceKey = 'sb_secret_local',
  anonKey = 'sb_publishable_local',
  start = startPglite,
}: SupabaseOptions = {}): Promise<Supabase> {
  const database = await start()
  await migrate(database)
  const fault: { mode: Mode; passing: number; left: number } = { mode: { kind: 'ok' }, passing: 0, left: 0 }
  let requests = 0

  function nextFault(): Fault {
    if (fault.passing-- > 0 || fault.left <= 0) return { kind: 'ok' }
    fault.left--
    return fault.mode
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests++
    const now = nextFault()
    if (now.kind === 'down') return void request.socket.destroy()
    const text = await bodyOf(request)
    if (now.kind === 'slow') await sleep(now.ms, undefined, { ref: false })
    const { status, body } = await answerTo(request, text)
    if (now.kind === 'lose_answer') return void request.socket.destroy()
    if (now.kind === 'gateway') {
      response.writeHead(502, { 'Content-Type': 'text/html' })
      return void response.end('<html><body>502 Bad Gateway</body></html>')
    }
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' })
    response.end(now.kind === 'half' ? body.slice(0, Math.floor(body.length / 2)) : body)
  }

  /** The gateway's check: `apikey` on every request, and no other bearer than that key, which supabase-js sends as both. */
  function roleOf({ headers }: IncomingMessage): 'service_role' | 'anon' | null {
    const key = headers.apikey
    if (headers.authorization !== undefined && headers.authorization !== `Bearer ${key}`) return null
    return key === serviceKey ? 'service_role' : key === anonKey ? 'anon' : null
  }

  async function answerTo(request: IncomingMessage, text: string): Promise<Answer> {
    if (!request.headers.apikey) return problem(401, { message: 'No API key found in request' })
    const role = roleOf(request)
    if (role === null) return problem(401, { message: 'Invalid API key', hint: 'Double check your API key.' })
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const [, name] = /^\/rest\/v1\/rpc\/([a-z_]+)$/.exec(pathname) ?? []
    if (!name) return problem(404, { code: 'PGRST125', details: null, hint: null, message: 'Invalid path' })
    if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/json')) {
      return problem(405, { code: 'PGRST101', details: null, hint: null, message: 'Only POST of JSON is played here' })
    }
    const named = argumentsOf(text)
    if (named === null) {
      return problem(400, { code: 'PGRST102', details: null, hint: null, message: 'Empty or invalid json' })
    }
    try {
      return { status: 200, body: (await database.as(role, `select public.${name}(${named})::text`)) ?? 'null' }
    } catch (error) {
      if (!(error instanceof SqlError)) throw error
      return refusal(error, role, name)
    }
  }

  const http = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, '127.0.0.1', resolve)
  })

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    serviceKey,
    anonKey,
    database,
    mode(mode) {
      fault.mode = mode
      fault.passing = mode.after ?? 0
      fault.left = mode.kind === 'ok' ? 0 : (mode.times ?? Number.POSITIVE_INFINITY)
    },
    requests: () => requests,
    reset() {
      requests = 0
    },
    async dump() {
      const rows = (table: string) => `(select coalesce(json_agg(t), '[]') from posta.${table} t)`
      return (
        (await database.exec(
          `select json_build_object('users', ${rows('users')}, 'effects', ${rows('user_effects')})::text`,
        )) ?? ''
      )
    },
    async close() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await database.close()
    },
  }
}

function refusal({ code, message, detail, hint }: SqlError, role: string, name: string): Answer {
  if (code === '42883' && message.includes(name)) {
    const gone = `Could not find the function public.${name} in the schema cache`
    return problem(404, { code: 'PGRST202', details: detail, hint, message: gone })
  }
  const status = STATUS.find(([pattern]) => pattern.test(code))?.[1] ?? 400
  // Without a signed-in role, PostgREST asks for one.
  const asked = status === 403 && role === 'anon' ? 401 : status
  return problem(asked, { code, details: detail, hint, message })
}

/** `"name" => 'json'::jsonb, …`; null when the body is no object. */
function argumentsOf(text: string): string | null {
  let json: unknown
  try {
    json = text === '' ? {} : JSON.parse(text)
  } catch {
    return null
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null
  const quoted = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'::jsonb`
  return Object.entries(json)
    .map(([name, value]) => `"${name.replace(/\W/g, '')}" => ${quoted(value)}`)
    .join(', ')
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9921' },
      'service-key': { type: 'string', default: 'sb_secret_local' },
    },
  })
  const { url, serviceKey, close } = await startSupabase({
    port: Number(values.port),
    serviceKey: values['service-key'],
  })
  console.log(`SUPABASE_URL=${url}\nSUPABASE_SERVICE_ROLE_KEY=${serviceKey}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => close().finally(() => process.exit(0)))
}
