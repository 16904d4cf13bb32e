// The whole service in Node, from request to inbox: the app of the Worker over the object's tables in memory, on a clock that
// the test moves. What the alarm and the cron do is asked for.
import { createApp } from '../../functions/http/app.ts'
import { deliver } from '../../lib/delivery/deliver.ts'
import { sweep } from '../../lib/delivery/sweep.ts'
import { newId } from '../../lib/names/ids.ts'
import type { Locale } from '../../lib/names/locale.ts'
import { deskSteps } from '../../lib/providers/desk.ts'
import { clockSteps } from '../../lib/scheduler/alarm.ts'
import { movingSteps } from '../../lib/store/sqlite/moving.ts'
import { steps } from '../../lib/store/sqlite/steps.ts'
import { leavingSteps } from '../../lib/users/sqlite/leaving.ts'
import { usersSteps } from '../../lib/users/sqlite/steps.ts'
import { type Deps, type PostaStub, wire } from '../../lib/wire.ts'
import { holdToDeclared } from '../e2e/declared.ts'
import { openSqlite, type Sqlite } from './sqlite.ts'

const ORIGIN = 'http://localhost'
export const KEY = { Authorization: 'Bearer posta_development' }

export interface Told<T> {
  status: number
  headers: Headers
  body: T
}

export interface Mail {
  id: string
  to: string
  from: string
  reply_to: string | null
  subject: string
  html: string
  text: string
  headers: Record<string, string>
  attachments: { filename: string; content: string }[]
  provider: string
  at: string
}

export interface Person {
  id: string
  email: string
  headers: { Authorization: string }
  get<T = Record<string, unknown>>(path: string): Promise<Told<T>>
  post<T = Record<string, unknown>>(path: string, body: unknown): Promise<Told<T>>
}

export interface Service {
  deps: Deps
  ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Told<T>>
  /** With a backend's key. */
  post<T = Record<string, unknown>>(path: string, body: unknown, headers?: Record<string, string>): Promise<Told<T>>
  get<T = Record<string, unknown>>(path: string): Promise<Told<T>>
  now(): number
  pass(ms: number): void
  /** Waits for what goes on after answers. */
  settled(): Promise<void>
  /** What the alarm and the cron would have done by now. */
  work(): Promise<void>
  inbox(to: string): Promise<Mail[]>
  /** Somebody with an account and a session. Hashing is not part of it: Node has no module of WebAssembly. */
  person(more?: Partial<{ username: string; locale: Locale; emailVerified: boolean; email: string }>): Promise<Person>
  /** One line of the log a piece. */
  logs: string[]
}

/** `env` beside development's own settings; `objects` of a service before, which this one goes on with. */
export function service(env: Record<string, string> = {}, objects = new Map<string, Sqlite>()): Service {
  const opened = (name: string): Sqlite => {
    const known = objects.get(name) ?? openSqlite()
    objects.set(name, known)
    return known
  }
  const tables = {
    ...{ store: steps, users: usersSteps, moving: movingSteps, leaving: leavingSteps },
    ...{ clock: clockSteps, desk: deskSteps },
  } as const
  const stubOf = (name: string) =>
    ({
      run: (table: keyof typeof tables, step: never, args: never) => opened(name).runner(tables[table]).run(step, args),
    }) as unknown as PostaStub
  let now = Date.now()
  const going: Promise<unknown>[] = []
  const logs: string[] = []
  const deps = wire({
    env: { POSTA_ENV: 'development', ...env },
    object: stubOf,
    now: () => now,
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    write: (line) => void logs.push(line),
    background: (work) => void going.push(work),
  })
  const app = createApp(() => deps)
  const context = {
    waitUntil: (work: Promise<unknown>) => void going.push(work),
    passThroughOnException() {},
    props: {},
  }

  const ask: Service['ask'] = async <T>(method: string, path: string, body?: unknown, headers = {}) => {
    const init = { method, headers: { 'Content-Type': 'application/json', ...headers } }
    const sent = body === undefined ? init : { ...init, body: typeof body === 'string' ? body : JSON.stringify(body) }
    const answer = await app.request(`${ORIGIN}${path}`, sent, {}, context as never)
    const text = await answer.text()
    const isJson = /json/.test(answer.headers.get('Content-Type') ?? '')
    const told = (text && isJson ? JSON.parse(text) : text || null) as T
    if (isJson || text === '') holdToDeclared(method, path, answer.status, told)
    return { status: answer.status, headers: answer.headers, body: told }
  }
  const settled = async () => {
    for (let at = 0; at < going.length; at++) await going[at]
  }
  return {
    deps,
    ask,
    post: (path, body, headers = {}) => ask('POST', path, body, { ...KEY, ...headers }),
    get: (path) => ask('GET', path, undefined, KEY),
    now: () => now,
    pass(ms) {
      now += ms
    },
    settled,
    async work() {
      await settled()
      await sweep(deps.core)
      while ((await deliver(deps.core, { due: true })).attempted.length > 0);
      await settled()
    },
    async inbox(to) {
      const found = await ask<{ messages: Mail[] }>('GET', `/dev/inbox.json?to=${encodeURIComponent(to)}`)
      return found.body.messages
    },
    async person({ username = 'ana', locale = 'en', emailVerified = false, email = `${username}@example.com` } = {}) {
      const id = newId('usr', now, deps.core.random)
      const session = {
        id: newId('ses', now, deps.core.random),
        userId: id,
        nonce: 'n',
        provenAt: now,
        agent: null,
        ip: null,
      }
      await deps.users.create({
        ...{
          id,
          emailVerified,
          phone: null,
          phoneVerified: false,
          locale,
          referralCode: null,
          passwordHash: '$none',
          createdAt: now,
        },
        username: { typed: username, normal: username },
        email: { deliver: email, normal: email },
      })
      await deps.core.store.sessions.open(session, [], now)
      const { token } = await deps.accountsAt(ORIGIN).tokens.issue({ userId: id, sessionId: session.id })
      const headers = { Authorization: `Bearer ${token}` }
      return {
        ...{ id, email, headers },
        get: (path) => ask('GET', path, undefined, headers),
        post: (path, body) => ask('POST', path, body, headers),
      }
    },
    logs,
  }
}
