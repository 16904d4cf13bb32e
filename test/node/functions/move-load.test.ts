// A deployment in full use gets Upstash, QStash and Supabase settings: while accounts are copied people refresh, look at
// their account, change it, and type the codes that are out. Nothing is lost, nothing comes twice, nobody is logged out.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { newSession, type Tokens, tokensOf } from '../../../lib/accounts/accounts.ts'
import { homeOf } from '../../../lib/names/homes.ts'
import { newId } from '../../../lib/names/ids.ts'
import type { User } from '../../../lib/ports/users.ts'
import { ask } from '../../../scripts/asked.ts'
import { moveAll } from '../../../scripts/moving.ts'
import { type MailVendors, startMailVendors } from '../../fakes/mail-vendors.ts'
import { type Qstash, startQstash } from '../../fakes/qstash.ts'
import { type Served, serve } from '../../fakes/served.ts'
import { type Service, service } from '../../fakes/service.ts'
import type { Sqlite } from '../../fakes/sqlite.ts'
import { type Supabase, startSupabase } from '../../fakes/supabase.ts'
import { redisMissing, startUpstash, type Upstash } from '../../fakes/upstash.ts'

const [SCHEDULED, CODES, SESSIONS, ACCOUNTS, NEW] = [1_000, 50, 200, 2_000, 60]
const [HOUR, DAY] = [3_600_000, 86_400_000]
const ORIGIN = 'http://localhost'
const WHILE_IT_RUNS = 240_000

interface Batch {
  messages: { id: string }[]
}
interface Turned {
  access_token: string
  refresh_token: string
}

const each = (count: number): number[] => Array.from({ length: count }, (_, n) => n)
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })
const suite = redisMissing === null ? 'a move under load' : `a move under load (skipped: ${redisMissing})`

describe.skipIf(redisMissing !== null)(suite, () => {
  let [vendors, upstash, qstash, supabase]: [MailVendors?, Upstash?, Qstash?, Supabase?] = []
  let served: Served
  let posta: Service
  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    served = await serve(() => posta)
    const all = await Promise.all([startMailVendors(), startUpstash(), startQstash({ timeScale: 10 }), startSupabase()])
    ;[vendors, upstash, qstash, supabase] = all
  }, 60_000)
  afterAll(() => Promise.all([served, vendors, upstash, qstash, supabase].map((one) => one?.close())))

  const settings = () => ({
    EMAIL_PROVIDERS: 'resend',
    RESEND_API_KEY: 're_local',
    RESEND_BASE_URL: `${vendors?.url}/resend`,
    PUBLIC_URL: served.url,
  })
  const newStores = () => ({
    UPSTASH_REDIS_REST_URL: upstash?.url ?? '',
    UPSTASH_REDIS_REST_TOKEN: upstash?.token ?? '',
    QSTASH_URL: qstash?.url ?? '',
    QSTASH_TOKEN: qstash?.token ?? '',
    QSTASH_CURRENT_SIGNING_KEY: qstash?.keys.current ?? '',
    QSTASH_NEXT_SIGNING_KEY: qstash?.keys.next ?? '',
    SUPABASE_URL: supabase?.url ?? '',
    SUPABASE_SERVICE_ROLE_KEY: supabase?.serviceKey ?? '',
  })
  const mails = () => vendors?.accepted() ?? []

  async function account({ deps, now }: Service, n: number): Promise<User> {
    const user: User = {
      ...{ id: newId('usr', now(), deps.core.random), emailVerified: true, phone: null, phoneVerified: false },
      ...{ locale: 'en', referralCode: null, passwordHash: '$none', createdAt: now() },
      username: { typed: `Person${n}`, normal: `person${n}` },
      email: { deliver: `person${n}@example.com`, normal: `person${n}@example.com` },
    }
    await deps.users.create(user)
    return user
  }

  async function signedIn({ deps, now }: Service, userId: string): Promise<Tokens> {
    const accounts = deps.accountsAt(ORIGIN)
    const session = newSession(accounts, userId, { agent: null, ip: null }, now())
    await deps.core.store.sessions.open(session, [], now())
    return tokensOf(accounts, session, 0)
  }

  /** Ids of notes to so many people, in batches of a hundred. */
  async function notes(at: Service, name: string, count: number, sendAt?: number): Promise<string[]> {
    const rows = each(count).map((n) => ({
      ...{ template: 'note', to: { email: `${name}${n}@example.com` }, data: { text: 'Hello' } },
      ...(sendAt ? { send_at: new Date(sendAt).toISOString() } : {}),
    }))
    const ids: string[] = []
    for (let from = 0; from < count; from += 100) {
      const { status, body } = await at.post<Batch>('/v1/messages/batch', { messages: rows.slice(from, from + 100) })
      expect(status).toBe(202)
      ids.push(...body.messages.map(({ id }) => id))
    }
    return ids
  }

  async function code(at: Service, n: number) {
    const to = `code${n}@example.com`
    const opened = await at.post<{ challenge_id: string }>('/v1/challenges', { to: { email: to }, purpose: 'login' })
    await at.settled()
    const text = mails().find((mail) => mail.to === to)?.text ?? ''
    return { id: opened.body.challenge_id, code: /\b\d{6}\b/.exec(text)?.[0] ?? '' }
  }

  /** Turns a session, and looks at the account with what it got. */
  async function refreshed(at: Service, token: string | null): Promise<string> {
    const turned = await at.ask<Turned>('POST', '/v1/auth/refresh', { refresh_token: token })
    const me = await at.ask('GET', '/v1/auth/me', undefined, bearer(turned.body.access_token))
    expect([turned.status, me.status]).toEqual([200, 200])
    return turned.body.refresh_token
  }

  it(
    `keeps ${SCHEDULED} scheduled mails, ${CODES} codes, ${SESSIONS} sessions and ${ACCOUNTS} accounts`,
    async () => {
      const objects = new Map<string, Sqlite>()
      const before = service(settings(), objects)
      posta = before
      const start = before.now()
      const scheduled = await notes(before, 'later', SCHEDULED, start + HOUR)
      const codes: { id: string; code: string }[] = []
      for (const n of each(CODES)) codes.push(await code(before, n))
      const people = await Promise.all(each(ACCOUNTS).map((n) => account(before, n)))
      const sessions = await Promise.all(people.slice(0, SESSIONS).map(({ id }) => signedIn(before, id)))
      expect(new Set(codes.map((one) => one.id)).size).toBe(CODES)
      expect(codes.every((one) => one.code !== '')).toBe(true)

      posta = service({ ...settings(), ...newStores() }, objects)
      const current = posta
      const held = { messages: SCHEDULED, challenges: CODES, sessions: SESSIONS, accounts: ACCOUNTS }
      expect((await current.get('/ready')).body).toMatchObject({ scheduler: 'qstash', moving: held })

      const check = ({ id, code: typed }: { id: string; code: string }) =>
        current.post(`/v1/challenges/${id}/check`, { code: typed })
      const changed = sessions.slice(0, 20)
      const copying = moveAll({
        ask: (body) => ask(served.url, 'posta_development', '/v1/admin/move', body),
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        say: () => {},
        pauseMs: 20,
      })
      const [, turned, checked, patched, fresh] = await Promise.all([
        copying.then(({ conflicts, remaining }) => expect([conflicts, remaining]).toEqual([[], 0])),
        // Every other one at a Worker that still has the settings of before.
        Promise.all(sessions.map(({ refreshToken }, n) => refreshed(n % 2 ? current : before, refreshToken))),
        Promise.all(codes.slice(0, CODES - 10).map(check)),
        Promise.all(
          changed.map(({ accessToken }) => current.ask('PATCH', '/v1/auth/me', { locale: 'es' }, bearer(accessToken))),
        ),
        notes(current, 'now', NEW),
      ])
      expect(checked.map(({ status }) => status)).toEqual(checked.map(() => 200))
      expect(patched.map(({ status }) => status)).toEqual(patched.map(() => 200))
      expect(fresh.map(homeOf)).toEqual(fresh.map(() => 'redis'))
      // What came last, and what was right already.
      expect((await Promise.all(codes.slice(-10).map(check))).map(({ status }) => status)).toEqual(Array(10).fill(200))
      expect((await Promise.all(codes.map(check))).map(({ status }) => status)).toEqual(Array(CODES).fill(410))

      // QStash wakes for what is new, and for nothing of the object.
      await current.settled()
      await qstash?.idle()
      await current.settled()
      expect(
        new Set(mails().flatMap(({ messageId }) => (fresh.includes(messageId ?? '') ? [messageId] : []))).size,
      ).toBe(NEW)
      const woken = qstash?.dump() ?? ''
      expect(scheduled.filter((id) => woken.includes(id))).toEqual([])

      const [cancelled, moved] = [scheduled.slice(0, 5), scheduled.slice(5, 10)]
      for (const id of cancelled)
        expect(await current.post(`/v1/messages/${id}/cancel`, {})).toMatchObject({ status: 200 })
      const later = { send_at: new Date(start + 2 * HOUR).toISOString() }
      for (const id of moved) {
        expect(await current.ask('PATCH', `/v1/messages/${id}`, later, bearer('posta_development'))).toMatchObject({
          status: 200,
        })
      }
      const due = () => mails().filter(({ messageId }) => scheduled.includes(messageId ?? ''))
      expect(due()).toEqual([])
      const another = service({ ...settings(), ...newStores() }, objects)
      for (const one of [before, current, another]) one.pass(start + HOUR + 1_000 - one.now())
      await Promise.all([before, current, another].map((one) => one.work()))
      expect(new Set(due().map(({ messageId }) => messageId))).toEqual(new Set(scheduled.slice(10)))
      for (const one of [current, another]) one.pass(HOUR)
      await Promise.all([current, another].map((one) => one.work()))
      expect(new Set(due().map(({ messageId }) => messageId))).toEqual(new Set(scheduled.slice(5)))

      // One call of the provider for each, over both stores and all workers.
      const sent = CODES + NEW + SCHEDULED - cancelled.length
      expect([mails().length, vendors?.requests().length]).toEqual([sent, sent])

      await Promise.all(turned.map((token) => refreshed(current, token)))
      const dump = await supabase?.dump()
      expect(people.filter(({ id }) => !dump?.includes(`"${id}"`))).toEqual([])
      for (const [n, person] of people.slice(0, 2 * changed.length).entries()) {
        const locale = n < changed.length ? 'es' : 'en'
        expect(await current.deps.users.byId(person.id)).toEqual({ ...person, locale })
      }
      const left = { messages: 0, challenges: 0, sessions: SESSIONS, accounts: 0 }
      expect((await current.get('/ready')).body).toMatchObject({ moving: left })
      current.pass(31 * DAY)
      expect((await current.get('/ready')).body).toMatchObject({ moving: null })
    },
    WHILE_IT_RUNS,
  )
})
