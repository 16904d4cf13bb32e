// What the object keeps and for how long. Only here: the other adapter's keys expire by the server's own clock, which no
// test can move; what both must decide by stored instants is in the contract.
import { env } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { ARM_HORIZON_MS, LOGIN_RULE, RETENTION, SESSION } from '../../lib/rules/numbers.ts'
import type { Status } from '../../lib/rules/status.ts'
import { tableOf } from '../../lib/steps/steps.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import type { PostaStub } from '../../lib/wire.ts'
import {
  admit,
  DAY,
  ends,
  group,
  HOUR,
  id,
  loggedIn,
  message,
  queued,
  sending,
  settlement,
  turning,
  unique,
} from '../contract/store-kit.ts'

const store = sqliteStore(tableOf(() => env.POSTA_OBJECT.getByName('retention') as unknown as PostaStub, 'store'))
const collect = (now: number) => store.outbox.due(ARM_HORIZON_MS, 100, now)

async function ended(status: Status, now: number): Promise<string> {
  const row = await sending(store, now)
  const outcome = status === 'sent' ? 'accepted' : status === 'unknown' ? 'unknown' : 'rejected'
  await store.outbox.settle(settlement(row, outcome, ends(status), now))
  return row.id
}

describe('the payload', () => {
  it.each<[Status, number]>([
    ['sent', DAY],
    ['cancelled', DAY],
    ['expired', DAY],
    ['failed', 14 * DAY],
    ['unknown', 14 * DAY],
  ])('of a message that ended %s is kept %i ms', async (status, keptMs) => {
    const now = Date.now()
    const id = await ended(status, now)
    await collect(now + keptMs - 1)
    expect((await store.outbox.find(id))?.sealed).toBe('sealed payload')
    await collect(now + keptMs)
    expect(await store.outbox.find(id)).toMatchObject({ status, sealed: null })
  })

  it('of an unknown message goes a day after a report told its end', async () => {
    const now = Date.now()
    const id = await ended('unknown', now)
    const report = { messageId: id, provider: 'p', type: 'delivered', at: now, eventId: unique('e') } as const
    await store.outbox.report({ ...report, now: now + HOUR })
    await collect(now + HOUR + DAY)
    expect(await store.outbox.find(id)).toMatchObject({ status: 'delivered', sealed: null })
  })

  it('of a replayed message stays as long as it lives', async () => {
    const now = Date.now()
    const id = await ended('failed', now)
    await store.outbox.replay(id, false, now + 100 * DAY, now)
    await collect(now + 20 * DAY)
    expect((await store.outbox.find(id))?.sealed).toBe('sealed payload')
  })
})

describe('the record', () => {
  it('of an ended message is kept 90 days with its history; the feed tells of it for 30', async () => {
    const now = Date.now()
    const id = await ended('sent', now)
    // The newest event of all stays, so that numbers go on from it.
    await ended('sent', now)
    const told = async () =>
      (await store.events.after(0, 10_000)).events.filter((event) => event.messageId === id).length
    await collect(now + RETENTION.eventMs - 1)
    expect(await told()).toBe(2)
    await collect(now + RETENTION.eventMs)
    expect(await told()).toBe(0)
    await collect(now + RETENTION.recordMs - 1)
    expect(await store.outbox.find(id)).toMatchObject({
      status: 'sent',
      events: [{ type: 'queued' }, { type: 'sent' }],
    })
    await collect(now + RETENTION.recordMs)
    expect(await store.outbox.find(id)).toBeNull()
  })

  it('of a message still waiting is kept whatever its age', async () => {
    const now = Date.now()
    const row = await queued(store, now, { dueAt: now + 400 * DAY })
    await collect(now + 399 * DAY)
    expect(await store.outbox.find(row.id)).toMatchObject({ status: 'queued', sealed: row.sealed })
  })

  it('is outlived by a key that is kept longer', async () => {
    const now = Date.now()
    const idempotency = { key: unique('key'), fingerprint: 'a', keptMs: 400 * DAY }
    const row = message(now)
    await admit(store, group(now, [row], { idempotency }))
    await store.outbox.cancel(row.id, now)
    const repeat = (at: number) => admit(store, group(at, [message(at)], { idempotency }))
    await collect(now + 400 * DAY - 1)
    expect(await store.outbox.find(row.id)).toBeNull()
    expect(await repeat(now + 400 * DAY - 1)).toMatchObject({ kind: 'repeated', messageIds: [row.id] })
    await collect(now + 400 * DAY)
    expect((await repeat(now + 400 * DAY)).kind).toBe('admitted')
  })

  it('of the audit is kept a year', async () => {
    const now = Date.now()
    const kind = unique('kind')
    await store.audit.append({ at: now, kind, person: null, opener: null, agent: null, ip: null })
    const kept = async () => (await store.audit.list(100)).filter((entry) => entry.kind === kind).length
    await collect(now + RETENTION.auditMs - 1)
    expect(await kept()).toBe(1)
    await collect(now + RETENTION.auditMs)
    expect(await kept()).toBe(0)
  })
})

describe('a session', () => {
  it('is forgotten a day after its end: until then its tokens are known to be over', async () => {
    const now = Date.now()
    const s = await loggedIn(store, now)
    const bearer = { sessionId: s.id, userId: s.userId, issuedAt: now }
    const known = async (at: number) => {
      const [answer] = await store.outbox.admit([
        { idempotency: null, takes: [], sends: [], challenge: null, messages: [], claim: null, bearer, now: at },
      ])
      return answer?.kind === 'revoked'
    }
    await store.sessions.turn(turning(s, 0, now + DAY))
    const end = now + DAY + SESSION.idleMs
    expect(await known(end - 1)).toBe(false)
    await collect(end + SESSION.keptMs - 1)
    expect(await known(end + SESSION.keptMs - 1)).toBe(true)
    await collect(end + SESSION.keptMs)
    expect(await known(end + SESSION.keptMs)).toBe(false)
  })

  it('ended with all others stays ended as long as it could have lived', async () => {
    const now = Date.now()
    const s = await loggedIn(store, now)
    await store.sessions.revokeAll(s.userId, now)
    await collect(now + SESSION.lifeMs)
    const late = { ...s, id: id('ses', now) }
    expect((await store.sessions.open(late, [], now + SESSION.lifeMs)).kind).toBe('over')
    await collect(now + SESSION.lifeMs + SESSION.keptMs)
    expect((await store.sessions.open(late, [], now + SESSION.lifeMs + SESSION.keptMs)).kind).toBe('opened')
  })
})

describe('a throttle', () => {
  it('is kept until it would be forgotten', async () => {
    const now = Date.now()
    const series = unique('login')
    const attempt = (at: number) =>
      store.limits.throttle({ series, rule: LOGIN_RULE, token: id('req', at), takes: [], now: at })
    for (let n = 0; n < 5; n++) await attempt(now)
    await collect(now + LOGIN_RULE.forgetMs)
    await attempt(now + LOGIN_RULE.forgetMs)
    expect((await attempt(now + LOGIN_RULE.forgetMs)).kind).toBe('limited')
  })
})
