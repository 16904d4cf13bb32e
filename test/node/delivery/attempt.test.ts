// One attempt: over a store that misses answers, by a clock that does what it wants, with settings that have changed.
import { describe, expect, it } from 'vitest'
import { openChallenge } from '../../../lib/codes/open.ts'
import type { Core } from '../../../lib/core.ts'
import { deliver } from '../../../lib/delivery/deliver.ts'
import type { LogFields } from '../../../lib/log.ts'
import { Fault } from '../../../lib/outcome/fault.ts'
import type { Alert } from '../../../lib/ports/outbox.ts'
import type { Provider } from '../../../lib/ports/provider.ts'
import { LEASE_MS } from '../../../lib/rules/numbers.ts'
import { keysFrom } from '../../../lib/secrets/keys.ts'
import { steps } from '../../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../../lib/store/sqlite/store.ts'
import { ends, group, message, sending, settlement, told } from '../../contract/store-kit.ts'
import { codeFor, coreOf } from '../../fakes/core.ts'
import { openSqlite } from '../../fakes/sqlite.ts'

// Found by the simulation: seed 327294.
it('does not call a code expired that a provider may have taken before there was no time for the next one', async () => {
  const runner = openSqlite().runner(steps)
  let now = Date.UTC(2026, 0, 5)
  const provider = (name: string, send: Provider['send']): Provider => ({
    ...{ name, channel: 'email', keyed: true, reports: false, send },
  })
  const providers = [
    provider('silent', async () => {
      now += 10 * 60_000
      return { kind: 'unknown', code: 'timeout' }
    }),
    provider('never asked', async () => expect.fail('the code cannot land any more')),
  ]
  const store = sqliteStore(() => runner)
  const core = coreOf(store, { now: () => now, providers })
  // The settlement reads its clock before the time passes: the next provider may still be called then, and may not after.
  const { settle } = core.store.outbox
  core.store.outbox.settle = (settlement) => settle({ ...settlement, now: settlement.record ? now - 10 * 60_000 : now })
  const opened = await openChallenge(core, codeFor('ana@example.com'))
  const [end] = opened.ok ? await opened.value.first : []
  expect(end?.status).toBe('unknown')
})

const taking = (name: string, more: Partial<Provider> = {}): Provider & { calls: number } => {
  const provider: Provider & { calls: number } = {
    ...{ name, channel: 'email', keyed: true, reports: false, calls: 0 },
    async send() {
      provider.calls++
      return { kind: 'accepted', providerId: null }
    },
    ...more,
  }
  return provider
}

/** A store over SQLite on a clock that moves while the core sleeps. */
function started(providers: Provider[], more: Partial<Core> = {}) {
  const db = openSqlite()
  const store = sqliteStore(() => db.runner(steps))
  const clock = { now: Date.UTC(2026, 0, 5), slept: 0 }
  const sleep = async (ms: number) => {
    clock.now += ms
    clock.slept += ms
  }
  const lines: [string, string, LogFields | undefined][] = []
  const log: Core['log'] = (level, event, fields) => void lines.push([level, event, fields])
  const alerts: Alert[] = []
  const tellOperator = (alert: Alert) => void alerts.push(alert)
  const core = coreOf(store, { now: () => clock.now, sleep, log, providers, tellOperator, ...more })
  return { core, store, clock, lines, alerts, db }
}

async function sent(core: Core) {
  const opened = await openChallenge(core, codeFor('ana@example.com'))
  if (!opened.ok) throw new Error(opened.refusal.code)
  const [end] = await opened.value.first
  return end!
}

describe('a store that misses what the provider took', () => {
  it.each([
    ['asks', () => new Fault('store')],
    ['answers', null],
  ])('is told again until it %s: one call, one record', async (_, refuse) => {
    const provider = taking('only', { keyed: false })
    const { core, store, clock } = started([provider])
    const { settle } = store.outbox
    let missed = 0
    store.outbox.settle = async (settlement) => {
      if (missed++ >= 5) return settle(settlement)
      if (refuse) throw refuse()
      await settle(settlement)
      throw new Fault('store')
    }
    const end = await sent(core)
    expect(end.status).toBe('sent')
    expect(provider.calls).toBe(1)
    expect(clock.slept).toBe(100 + 200 + 400 + 800 + 1_600)
    const record = await store.outbox.find(end.id)
    expect(record).toMatchObject({ status: 'sent', ambiguous: false, attempts: [{ outcome: 'accepted' }] })
  })

  it('is given up when the lease ends, and the row is then in doubt', async () => {
    const provider = taking('only')
    const { core, store, clock, lines } = started([provider])
    store.outbox.settle = () => Promise.reject(new Fault('store'))
    const end = await sent(core)
    expect(end.status).toBe('sending')
    expect(clock.slept).toBeLessThan(LEASE_MS)
    expect(clock.slept).toBeGreaterThan(LEASE_MS - 5_000)
    expect(lines.at(-1)?.slice(0, 2)).toEqual(['error', 'attempt_failed'])
    expect(lines.filter(([, event]) => event === 'settle_again').length).toBeGreaterThan(10)
  })

  it('is not asked again by a bug of ours', async () => {
    const { core, store, clock } = started([taking('only')])
    store.outbox.settle = () => Promise.reject(new TypeError('bug'))
    expect((await sent(core)).status).toBe('sending')
    expect(clock.slept).toBe(0)
  })
})

describe('a row whose provider is not configured any more', () => {
  it('leaves by those that are, and nothing is said against the one that is gone', async () => {
    const { core, store, clock, alerts, lines } = started([taking('old')])
    const held = { ...core, policy: { ...core.policy, sending: false } }
    const end = await openChallenge(held, codeFor('ana@example.com'))
    const id = end.ok ? (end.value.deliveries[0]?.messageId ?? '') : ''
    const fresh = taking('new')
    const now = { ...core, providers: [fresh] }
    await deliver(now, { ids: [id] })
    expect(await store.outbox.find(id)).toMatchObject({ status: 'queued', attempts: [] })
    await deliver(now, { ids: [id] })
    expect(fresh.calls).toBe(1)
    expect(await store.outbox.find(id)).toMatchObject({ status: 'sent', attempts: [{ provider: 'new' }] })
    expect((await store.outbox.stats(clock.now)).breakers).toEqual([])
    expect(alerts).toEqual([])
    expect(lines.map(([, event]) => event)).toContain('provider_not_configured')
  })

  it('waits where nothing is configured for its channel, and is not lost', async () => {
    const { core, store, clock } = started([])
    const opened = await store.outbox.admit([group(clock.now, [message(clock.now, { providers: ['gone'] })])])
    const [row] = told(opened[0]!, 'admitted').waiting
    await deliver(core, { ids: [row!.id] })
    expect(await store.outbox.find(row!.id)).toMatchObject({
      status: 'queued',
      dueAt: clock.now + 60_000,
      attempts: [],
    })
  })
})

describe('a seal', () => {
  it('of a secret that this isolate does not hold is another one’s: tried again, nothing said of the provider', async () => {
    const provider = taking('only')
    const { core, store, clock } = started([provider])
    const held = { ...core, policy: { ...core.policy, sending: false } }
    const opened = await openChallenge(held, codeFor('ana@example.com'))
    const id = opened.ok ? (opened.value.deliveries[0]?.messageId ?? '') : ''
    const other = { ...core, keys: keysFrom([{ kid: 'other', bytes: core.random(32) }], core.random) }
    await deliver(other, { ids: [id] })
    expect(await store.outbox.find(id)).toMatchObject({
      status: 'queued',
      attempts: [{ outcome: 'unavailable', code: 'secret_not_held' }],
    })
    expect((await store.outbox.stats(clock.now)).breakers).toEqual([])
    clock.now += 10_000
    await deliver(core, { ids: [id] })
    expect(provider.calls).toBe(1)
    expect((await store.outbox.find(id))?.status).toBe('sent')
  })

  it('that is damaged ends its row, and an open breaker stays open', async () => {
    const { core, store, clock, alerts } = started([taking('only')])
    const bad = { outcome: 'unavailable', code: 'down', breaker: 'held' } as const
    const first = await sending(store, clock.now, { providers: ['only'] })
    await store.outbox.settle({
      ...settlement(first, bad.outcome, ends('failed'), clock.now),
      breaker: bad.breaker,
    })
    clock.now += 11 * 60_000
    const row = message(clock.now, { providers: ['only'], sealed: 'k.damaged' })
    await store.outbox.admit([group(clock.now, [row])])
    await deliver(core, { ids: [row.id] })
    expect(await store.outbox.find(row.id)).toMatchObject({
      status: 'failed',
      attempts: [{ code: 'payload_unreadable' }],
    })
    expect((await store.outbox.stats(clock.now)).breakers).toMatchObject([{ provider: 'only', state: 'probing' }])
    expect(alerts.filter((alert) => alert.state === 'recovered')).toEqual([])
  })
})
