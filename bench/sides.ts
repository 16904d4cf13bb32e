// The two services and the floor under both, as the bench starts and calls them: plain workerd, the same flags, the same Redis, the same mailbox.
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Bundle, buildBundle, startWorkerd, type Workerd } from '../test/chaos/workerd.ts'
import { freePort } from '../test/fakes/free-port.ts'
import type { Facade, Mailbox } from './backend.ts'

export interface Side {
  name: string
  bundle: Bundle
  start: () => Promise<Workerd>
  /** Before a round: makes the people whose codes will be asked for. */
  prepare: (people: string[]) => Promise<void>
  /** Resolves when the request was answered well, with whatever `check` needs. */
  issue: (url: string, to: string) => Promise<string>
  check: (url: string, to: string, handle: string, code: string) => Promise<void>
}

export interface Backend {
  folder: string
  facade: Facade
  mailbox: Mailbox
}

/** A request a minute and key is limited; enough keys, and the limit is asked every time and never met. */
const KEYS = Array.from({ length: 20 }, (_, at) => ({ name: `bench-${at}`, text: `posta_bench_${at}` }))
let turn = 0
export const anyIp = () => {
  turn++
  return `10.${(turn >> 16) & 255}.${(turn >> 8) & 255}.${turn & 255}`
}

export async function post(url: string, body: unknown, headers: Record<string, string>): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    // Better Auth takes calls of its own origin only.
    headers: { 'Content-Type': 'application/json', Origin: new URL(url).origin, ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`)
  return text
}

export async function starter(bundle: Bundle, folder: string, vars: (port: number) => Record<string, string>) {
  const port = await freePort()
  const cronPort = await freePort()
  let starts = 0
  return () =>
    startWorkerd(bundle, { vars: vars(port), state: join(folder, `state-${port}-${starts++}`), port, cronPort })
}

/** In production's settings, with Redis as its store and QStash as its clock, which healthy codes never call. */
export function postaVars({ facade, mailbox }: Omit<Backend, 'folder'>): Record<string, string> {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  return {
    POSTA_ENV: 'production',
    POSTA_SECRET: `bench:${randomBytes(32).toString('base64')}`,
    POSTA_API_KEYS: KEYS.map((key) => `${key.name}:send:${hash(key.text)}`).join(','),
    PUBLIC_URL: 'https://posta.example.com',
    EMAIL_FROM: 'Bench <bench@example.com>',
    RESEND_API_KEY: 're_bench',
    RESEND_BASE_URL: mailbox.url,
    UPSTASH_REDIS_REST_URL: facade.url,
    UPSTASH_REDIS_REST_TOKEN: facade.token,
    QSTASH_URL: 'http://127.0.0.1:9',
    QSTASH_TOKEN: 'bench',
    QSTASH_CURRENT_SIGNING_KEY: 'sig_bench',
    QSTASH_NEXT_SIGNING_KEY: 'sig_bench_next',
  }
}

export async function postaSide({ folder, ...backend }: Backend): Promise<Side> {
  const bundle = await buildBundle(join(folder, 'posta'))
  const start = await starter(bundle, folder, () => postaVars(backend))
  return {
    name: 'posta',
    bundle,
    start,
    prepare: async () => {},
    async issue(url, to) {
      const key = KEYS[turn++ % KEYS.length]?.text
      const text = await post(
        `${url}/v1/challenges`,
        { to: { email: to }, purpose: 'login' },
        { Authorization: `Bearer ${key}` },
      )
      return (JSON.parse(text) as { challenge_id: string }).challenge_id
    },
    async check(url, _, handle, code) {
      const text = await post(`${url}/v1/challenges/${handle}/check`, { code }, { 'CF-Connecting-IP': anyIp() })
      if (!text.includes('"approved"')) throw new Error(`posta: ${text}`)
    },
  }
}

/** verify: the code proves the address of a known user, no session. sign-in: the code of a stranger makes user and session. */
export type Flow = 'verify' | 'sign-in'

export const betterAuthVars =
  ({ facade, mailbox }: Backend) =>
  (port: number): Record<string, string> => ({
    BASE_URL: `http://127.0.0.1:${port}`,
    SECRET: randomBytes(32).toString('base64'),
    REDIS_URL: facade.url,
    REDIS_TOKEN: facade.token,
    MAIL_URL: mailbox.url,
  })

export async function betterAuthSide(backend: Backend, flow: () => Flow): Promise<Side> {
  const { folder, facade } = backend
  const bundle = await buildBundle(join(folder, 'better-auth'), join(import.meta.dirname, 'better-auth'))
  const start = await starter(bundle, folder, betterAuthVars(backend))
  const api = '/api/auth'
  return {
    name: 'Better Auth',
    bundle,
    start,
    async prepare(people) {
      if (flow() !== 'verify') return
      const now = new Date().toISOString()
      const rows = people.flatMap((email): [string, string][] => {
        const id = randomBytes(16).toString('hex')
        const user = { id, email, name: 'Ana', emailVerified: false, createdAt: now, updatedAt: now }
        return [
          [`ba:user:${id}`, JSON.stringify(user)],
          [`ba:email:${email}`, id],
        ]
      })
      await facade.set(rows)
    },
    async issue(url, to) {
      const type = flow() === 'verify' ? 'email-verification' : 'sign-in'
      const text = await post(
        `${url}${api}/email-otp/send-verification-otp`,
        { email: to, type },
        { 'CF-Connecting-IP': anyIp() },
      )
      if (!text.includes('"success":true')) throw new Error(`Better Auth: ${text}`)
      return ''
    },
    async check(url, to, _, otp) {
      const path = flow() === 'verify' ? '/email-otp/verify-email' : '/sign-in/email-otp'
      const text = await post(`${url}${api}${path}`, { email: to, otp }, { 'CF-Connecting-IP': anyIp() })
      const good = flow() === 'verify' ? text.includes('"status":true') : /"token":"\w+/.test(text)
      if (!good) throw new Error(`Better Auth: ${text}`)
    },
  }
}

/** The same exchanges without any work: the most that anything could reach on this machine. */
export async function floorSide({ folder, facade, mailbox }: Backend): Promise<Side> {
  const bundle = await buildBundle(join(folder, 'floor'), join(import.meta.dirname, 'floor'))
  const vars = { REDIS_URL: facade.url, REDIS_TOKEN: facade.token, MAIL_URL: mailbox.url }
  const start = await starter(bundle, folder, () => vars)
  return {
    name: 'floor',
    bundle,
    start,
    prepare: async () => {},
    issue: (url, to) => post(url, { to }, {}),
    async check(url, _, __, code) {
      await post(url, { code }, {})
    },
  }
}
