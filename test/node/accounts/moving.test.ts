// A deployment that has people, codes and mails in the object gets other stores while they are under way: everything goes
// on, nothing happens twice, nobody is logged out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { join } from '../../../lib/accounts/join.ts'
import { login } from '../../../lib/accounts/login.ts'
import { type Moved, move } from '../../../lib/accounts/move.ts'
import { reset } from '../../../lib/accounts/new-password.ts'
import { noticeRow } from '../../../lib/accounts/notice.ts'
import { notifyFor } from '../../../lib/accounts/notify-registration.ts'
import { recover } from '../../../lib/accounts/recover.ts'
import { listSessions, logoutAll, refresh } from '../../../lib/accounts/sessions.ts'
import { verify } from '../../../lib/accounts/verify.ts'
import { checkCode } from '../../../lib/codes/check.ts'
import { openChallenge } from '../../../lib/codes/open.ts'
import { resendCode } from '../../../lib/codes/resend.ts'
import type { Core } from '../../../lib/core.ts'
import { deliver } from '../../../lib/delivery/deliver.ts'
import { sweep } from '../../../lib/delivery/sweep.ts'
import { homeOf } from '../../../lib/names/homes.ts'
import { newId } from '../../../lib/names/ids.ts'
import { DAY } from '../../../lib/rules/units.ts'
import { email } from '../../contract/users-kit.ts'
import {
  good,
  HOUR,
  type Kit,
  MINUTE,
  newcomer,
  no,
  OTHER_PASSWORD,
  openAccounts,
  wrongCode,
} from '../../fakes/accounts-kit.ts'
import { codeFor } from '../../fakes/core.ts'
import { change, NEW_STORES, type NewStore } from '../../fakes/moving-kit.ts'
import { type Supabase, startSupabase } from '../../fakes/supabase.ts'

let supabase: Supabase
beforeAll(async () => {
  supabase = await startSupabase()
}, 60_000)
afterAll(() => supabase.close())

describe.each(NEW_STORES)('a move from the object to $name and Supabase', ({ missing, open }) => {
  let there: NewStore
  beforeAll(async () => {
    if (missing === null) there = await open()
  })
  afterAll(() => there?.close())

  const changed = (kit: Kit) => change(kit, there.store, supabase)

  const opened = (seed: number): Kit => {
    const kit = openAccounts({}, seed)
    // Keys of Redis end by its own clock.
    kit.passTo(Date.now())
    return kit
  }

  it.skipIf(missing)('delivers each scheduled mail once, whoever works on it', async () => {
    const kit = opened(11)
    const { core } = kit
    const dueAt = core.now() + HOUR
    const later = (n: number) => noteAt(core, `later${n}@example.com`, dueAt)
    const first = await Promise.all(Array.from({ length: 20 }, (_, n) => later(n)))
    const { before, held } = changed(kit)
    const second = await Promise.all(Array.from({ length: 20 }, (_, n) => later(100 + n)))
    expect(first.map(homeOf)).toEqual(first.map(() => 'object'))
    expect(second.map(homeOf)).toEqual(second.map(() => 'redis'))
    const { messages } = await core.store.outbox.list({ template: 'note', limit: 100 })
    expect(messages.map((one) => one.id)).toEqual([...first, ...second].sort().reverse())
    const [cancelled = '', moved = ''] = first
    expect(await core.store.outbox.cancel(cancelled, core.now())).toEqual({ kind: 'cancelled' })
    expect(await core.store.outbox.reschedule(moved, dueAt + MINUTE, core.now())).toMatchObject({ kind: 'rescheduled' })
    kit.passTo(dueAt)
    for (let rounds = 0; rounds < 12; rounds++) {
      await Promise.all([
        deliver(core, { due: true }),
        deliver(before, { due: true }),
        deliver(core, { ids: first.slice(3, 9) }),
        sweep(core),
      ])
    }
    const got = kit.mails.map((mail) => mail.messageId).sort()
    expect(got).toEqual([...first, ...second].filter((id) => id !== cancelled && id !== moved).sort())
    kit.pass(MINUTE)
    await deliver(core, { ids: [moved] })
    expect(kit.mails.at(-1)?.messageId).toBe(moved)
    expect(await held()).toMatchObject({ messages: 0 })
    const stats = await core.store.outbox.stats(core.now())
    expect(stats).toMatchObject({ totalSent: 39, queueDepth: 0 })
  })

  it.skipIf(missing)('judges the codes that are out, and sends them again, where they were opened', async () => {
    const kit = opened(12)
    const { core } = kit
    const [ana, luis] = [await challenged(kit, 'ana@b.example'), await challenged(kit, 'luis@b.example')]
    changed(kit)
    kit.pass(MINUTE)
    expect(no(await check(kit, ana, wrongCode(kit.codeTo('ana@b.example'))))).toMatchObject({ triesLeft: 4 })
    const answers = await Promise.all(Array.from({ length: 10 }, () => check(kit, ana, kit.codeTo('ana@b.example'))))
    expect(answers.filter((one) => one.ok)).toHaveLength(1)
    const code = kit.codeTo('luis@b.example')
    const again = good(
      await resendCode(core, { challengeId: luis, audience: 'service', channel: null, caller: kit.from().caller }),
    )
    expect(again.deliveries.map((one) => homeOf(one.messageId))).toEqual(['object'])
    await again.first
    expect(kit.codeTo('luis@b.example')).toBe(code)
    expect(good(await check(kit, luis, code))).toMatchObject({ channel: 'email' })
    const next = await challenged(kit, 'eva@b.example')
    expect([ana, luis, next].map(homeOf)).toEqual(['object', 'object', 'redis'])
    expect(good(await check(kit, next, kit.codeTo('eva@b.example')))).toMatchObject({ channel: 'email' })
  })

  it.skipIf(missing)('logs nobody out, and ends what is ended in both stores', async () => {
    const kit = opened(13)
    const { accounts } = kit
    const made = await kit.verified()
    const { person, user } = made
    const other = good(await login(accounts, { login: person.email, password: person.password }, kit.from()))
    const { users: current } = changed(kit)
    kit.pass(HOUR)
    const turned = good(await refresh(accounts, made.tokens.refreshToken ?? '', kit.from().origin))
    const here = good(await login(accounts, { login: person.username, password: person.password }, kit.from()))
    expect(here.user).toEqual((await current.byId(user.id)) ?? { ...user, emailVerified: true })
    const homes = [turned, other.tokens, here.tokens].map(({ refreshToken }) =>
      homeOf(refreshToken?.split('.')[0] ?? ''),
    )
    expect(homes).toEqual(['object', 'object', 'redis'])
    const signedIn = await kit.signedIn(here.tokens)
    expect(good(await listSessions(accounts, signedIn))).toHaveLength(3)
    // Asked on a session of the old store, the new one cannot tell whether it is over: the old one is asked.
    const old = await kit.signedIn(other.tokens)
    kit.pass(1)
    good(await logoutAll(accounts, signedIn))
    expect(no(await listSessions(accounts, old)).code).toBe('unauthorized')
    expect(no(await refresh(accounts, turned.refreshToken ?? '', kit.from().origin)).code).toBe('invalid_refresh_token')
    expect(no(await refresh(accounts, here.tokens.refreshToken ?? '', kit.from().origin)).code).toBe(
      'invalid_refresh_token',
    )
    const notified = await notifyFor(accounts, { bearer: old.bearer, supabase: null })
    expect(notified.ok).toBe(false)
  })

  it.skipIf(missing)('lets a code of before set a password and end the sessions of after', async () => {
    const kit = opened(14)
    const { accounts } = kit
    const { person } = await kit.verified()
    const address = email(person.email)
    const asked = good(await recover(accounts, address, kit.from()))
    await kit.settled()
    const { accountsLeft } = changed(kit)
    const after = good(await login(accounts, { login: person.email, password: person.password }, kit.from()))
    kit.pass(1)
    const proof = { code: kit.codeTo(person.email) }
    const count = await accountsLeft()
    good(await reset(accounts, { challengeId: asked.challengeId, proof, newPassword: OTHER_PASSWORD }, kit.from()))
    // The change has taken the account with it.
    expect(await accountsLeft()).toBe(count - 1)
    expect(no(await refresh(accounts, after.tokens.refreshToken ?? '', kit.from().origin)).code).toBe(
      'invalid_refresh_token',
    )
    kit.pass(MINUTE)
    good(await login(accounts, { login: person.username, password: OTHER_PASSWORD }, kit.from()))
    expect(no(await login(accounts, { login: person.username, password: person.password }, kit.from())).code).toBe(
      'invalid_credentials',
    )
  })

  it.skipIf(missing)('copies every account and every once-only mark, in any number of calls', async () => {
    const kit = opened(15)
    const { accounts, core } = kit
    const [ana, luis] = [await kit.verified(), await kit.registered()]
    const bearer = (await kit.signedIn(ana.tokens)).bearer
    const welcome = good(await notifyFor(accounts, { bearer, supabase: null }))
    await kit.settled()
    const { copies, users: current, held, accountsLeft } = changed(kit)
    const both = await join(
      accounts,
      { ...newcomer(), username: ana.person.username, email: luis.person.email },
      kit.from(),
    )
    expect(no(both).code).toMatch(/_taken$/)
    // Proved after the move, by a code of before.
    const proof = { challengeId: luis.challengeId ?? '', code: kit.codeTo(luis.person.email) }
    good(await verify(accounts, proof, { ...kit.from(), bearer: null }))
    expect(await current.byId(luis.user.id)).toMatchObject({ emailVerified: true })
    expect(await current.byId(ana.user.id)).toBeNull()
    // Twice at once, from the beginning each time.
    const runs = await Promise.all([through(kit, copies), through(kit, copies)])
    expect(runs.map((run) => run.remaining)).toEqual([0, 0])
    expect(await accountsLeft()).toBe(0)
    expect(await current.byId(ana.user.id)).toEqual({ ...ana.user, emailVerified: true })
    expect(no(await move(copies, 'nothing:', core.now()))).toMatchObject({ code: 'invalid_request' })
    expect(no(await join(accounts, { ...newcomer(), email: ana.person.email }, kit.from())).code).toBe('email_taken')
    const again = good(await notifyFor(accounts, { bearer, supabase: null }))
    expect(again.repeated).toBe(true)
    expect(again.messages).toEqual(welcome.messages.map((one) => ({ ...one, status: 'sent' })))
    // All ends by itself.
    kit.pass(40 * DAY)
    for (let minutes = 0; minutes < 3; minutes++) await sweep(core)
    expect(await held()).toMatchObject({ messages: 0, challenges: 0, sessions: 0, names: 0, locks: 0 })
    kit.pass(60 * DAY)
    for (let minutes = 0; minutes < 3; minutes++) await sweep(core)
    expect(Object.values(await held()).every((count) => count === 0)).toBe(true)
  })
})

async function noteAt(core: Core, to: string, dueAt: number): Promise<string> {
  const id = newId('msg', core.now(), core.random, core.store.home)
  const notice = { id, template: 'note', to: email(to), locale: 'en' as const, data: { text: 'Hello' } }
  const row = { ...(await noticeRow(core, notice)), dueAt, priority: 'low' as const, giveUpAt: dueAt + DAY }
  const group = {
    idempotency: null,
    takes: [],
    sends: [],
    challenge: null,
    messages: [row],
    claim: null,
    now: core.now(),
  }
  expect(await core.store.outbox.admit([group])).toMatchObject([{ kind: 'admitted' }])
  return id
}

async function challenged(kit: Kit, to: string): Promise<string> {
  const sends = good(await openChallenge(kit.core, codeFor(to)))
  await sends.first
  return sends.challengeId
}

const check = (kit: Kit, challengeId: string, code: string) =>
  checkCode(kit.core, { challengeId, audience: 'service', proof: { code }, caller: kit.from().caller })

async function through(kit: Kit, copies: Parameters<typeof move>[0]) {
  const total = { copied: 0, remaining: -1 }
  for (let cursor: string | null = null; ; ) {
    const page: Moved = good(await move(copies, cursor, kit.core.now()))
    total.copied += page.copied
    total.remaining = page.remaining
    if (page.cursor === null) return total
    cursor = page.cursor
  }
}
