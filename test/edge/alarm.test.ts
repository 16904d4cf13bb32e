// The object's alarm as Scheduler, in workerd: the contract, and what only an alarm can get wrong.
import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import type { PostaObject } from '../../functions/object.ts'
import { openChallenge } from '../../lib/codes/open.ts'
import { parseEmail } from '../../lib/names/address.ts'
import type { NewMessage } from '../../lib/ports/admission.ts'
import type { Claimed, Waiting } from '../../lib/ports/row.ts'
import type { Store } from '../../lib/ports/store.ts'
import { alarmScheduler } from '../../lib/scheduler/alarm.ts'
import { tableOf } from '../../lib/steps/steps.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import { type PostaStub, wire } from '../../lib/wire.ts'
import { type Ring, type SchedulerUnderTest, schedulerContract } from '../contract/scheduler.ts'
import {
  DAY,
  group,
  HOUR,
  MINUTE,
  message,
  newLease,
  queued,
  sending,
  sent,
  settlement,
  times,
} from '../contract/store-kit.ts'

type Deliver = (ids: string[]) => Promise<void>

const stubOf = (name: string) => env.POSTA_OBJECT.getByName(name)

/** Puts `deliver` where the object finds the Worker's entrypoint, so that a test sees the loads themselves. */
const deliverTo = (name: string, deliver: Deliver, drain = async () => false) =>
  runInDurableObject(stubOf(name), (instance: PostaObject, ctx) => {
    const worker = { Delivery: { deliver, drain } }
    const proxy = new Proxy(ctx, {
      get(target, field) {
        if (field === 'exports') return worker
        const value: unknown = Reflect.get(target, field, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    Object.defineProperty(instance, 'ctx', { value: proxy, configurable: true })
  })

async function open(): Promise<SchedulerUnderTest> {
  const rings: Ring[] = []
  let asked = 0
  let isBroken = false
  await deliverTo('contract', async (ids) => void rings.push(...ids.map((id) => ({ id, at: Date.now() }))))
  const door = () => {
    asked++
    if (isBroken) throw new Error('Durable Object reset because of msg_contract_1')
    return stubOf('contract') as unknown as PostaStub
  }
  const scheduler = alarmScheduler(tableOf(door, 'clock'), Date.now)
  return {
    scheduler,
    rings: () => rings,
    asked: () => asked,
    break(broken) {
      isBroken = broken
    },
    close: async () => {},
  }
}

describe('the scheduler contract on the alarm', () => schedulerContract(open))

describe('the alarm', () => {
  const wake = (name: string, rows: Waiting[]) => (stubOf(name) as unknown as PostaStub).run('clock', 'note', [rows])
  const alarmOf = (name: string) => runInDurableObject(stubOf(name), (_, ctx) => ctx.storage.getAlarm())
  const noted = (name: string) =>
    runInDurableObject(stubOf(name), (_, ctx) =>
      ctx.storage.sql.exec('SELECT id, generation, at FROM wakes ORDER BY id').toArray(),
    )
  const soon = Date.now() + 600_000

  it.each<[string, Waiting[], Omit<Waiting, 'id'>]>([
    ['the newer generation, later', [at(1, soon), at(2, soon + 5)], { generation: 2, dueAt: soon + 5 }],
    ['the newer generation, earlier', [at(1, soon), at(2, soon - 5)], { generation: 2, dueAt: soon - 5 }],
    ['the newer generation, asked first', [at(2, soon), at(1, soon - 5)], { generation: 2, dueAt: soon }],
    ['the earliest instant of one generation', [at(1, soon), at(1, soon - 5)], { generation: 1, dueAt: soon - 5 }],
    ['the first of equals', [at(1, soon), at(1, soon)], { generation: 1, dueAt: soon }],
  ])('keeps one wake a row: %s', async (title, rows, { generation, dueAt }) => {
    for (const one of rows) await wake(title, [one])
    expect(await noted(title)).toEqual([{ id: 'msg_1', generation, at: dueAt }])
  })

  it('is set for the earliest wake', async () => {
    await wake('earliest', [
      { id: 'msg_b', generation: 1, dueAt: soon },
      { id: 'msg_a', generation: 1, dueAt: soon - 1_000 },
    ])
    expect(await alarmOf('earliest')).toBe(soon - 1_000)
    await wake('earliest', [{ id: 'msg_c', generation: 1, dueAt: soon - 2_000 }])
    expect(await alarmOf('earliest')).toBe(soon - 2_000)
  })

  it('that goes off early wakes nothing and is set again', async () => {
    const loads: string[][] = []
    await deliverTo('early', async (ids) => void loads.push(ids))
    await wake('early', [at(1, soon)])
    expect(await runDurableObjectAlarm(stubOf('early'))).toBe(true)
    expect(loads).toEqual([])
    expect(await alarmOf('early')).toBe(soon)
  })

  it('wakes in loads one worker can start at once, 60 rows a turn, the rest at once in the next', async () => {
    const loads: string[][] = []
    await deliverTo('loads', async (ids) => void loads.push(ids))
    const rows = Array.from({ length: 64 }, (_, n) => ({ id: `msg_${n}`, generation: 1, dueAt: soon - n }))
    await wake('loads', rows)
    await runInDurableObject(stubOf('loads'), (_, ctx) => ctx.storage.sql.exec('UPDATE wakes SET at = at - 700000'))
    await runDurableObjectAlarm(stubOf('loads'))
    await vi.waitFor(() => expect(loads.flat()).toHaveLength(64))
    expect(loads.map((load) => load.length)).toEqual([...Array.from({ length: 10 }, () => 6), 4])
    expect(new Set(loads.flat()).size).toBe(64)
    // Each is rung once more after the lease that this may have led to.
    expect(await noted('loads')).toHaveLength(64)
  })

  it('rings twice, so that a dead worker loses nothing', async () => {
    const loads: string[][] = []
    await deliverTo('twice', async (ids) => void loads.push(ids))
    await wake('twice', [at(1, Date.now() - 1)])
    await vi.waitFor(() => expect(loads).toEqual([['msg_1']]))
    await runInDurableObject(stubOf('twice'), (_, ctx) => ctx.storage.sql.exec('UPDATE wakes SET at = at - 700000'))
    await runDurableObjectAlarm(stubOf('twice'))
    expect(loads).toEqual([['msg_1'], ['msg_1']])
    expect(await noted('twice')).toEqual([])
  })

  it('survives a worker that cannot be started: it does not throw, says so in the log, and rings on', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue()
    await deliverTo('dead', () => Promise.reject(new TypeError('ana@example.com')))
    await wake('dead', [at(1, Date.now() - 1), { id: 'msg_2', generation: 1, dueAt: soon }])
    await vi.waitFor(async () => expect((await noted('dead'))[0]?.at).toBeGreaterThan(Date.now() + 29_000))
    const [first] = await noted('dead')
    await vi.waitFor(async () => expect(await alarmOf('dead')).toBe(first?.at))
    const lines = log.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('alarm_failed'))
    log.mockRestore()
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', event: 'alarm_failed', error: 'TypeError' })
    expect(lines[0]).not.toContain('ana@')
  })
})

function at(generation: number, dueAt: number): Waiting {
  return { id: 'msg_1', generation, dueAt }
}

describe('the alarm of the object that holds the rows', () => {
  const storeOf = (name: string) => sqliteStore(tableOf(() => stubOf(name) as unknown as PostaStub, 'store'))
  const alarmOf = (name: string) => runInDurableObject(stubOf(name), (_, ctx) => ctx.storage.getAlarm())

  it('is set by the step that leaves a row waiting, for the earliest, and no row is written for it', async () => {
    const store = storeOf('own')
    const now = Date.now()
    const far = await queued(store, now, { dueAt: now + 2 * DAY })
    expect(await alarmOf('own')).toBe(now + 2 * DAY)
    await queued(store, now, { dueAt: now + DAY })
    expect(await alarmOf('own')).toBe(now + DAY)
    await store.outbox.reschedule(far.id, now + HOUR, now)
    expect(await alarmOf('own')).toBe(now + HOUR)
    const wakes = await runInDurableObject(stubOf('own'), (_, ctx) =>
      ctx.storage.sql.exec('SELECT count(*) AS n FROM wakes').one(),
    )
    expect(wakes).toEqual({ n: 0 })
  })

  it('is set for the end of a lease: a worker that dies loses nothing', async () => {
    const store = storeOf('lease')
    const now = Date.now()
    const row = await sending(store, now)
    await vi.waitFor(async () => expect(await alarmOf('lease')).toBe(row.leaseUntil))
  })

  /** All in one call, so that the alarm cannot ring in between. */
  const admitAll = async (store: Store, now: number, rows: NewMessage[]) => {
    await store.outbox.admit(rows.map((row) => group(now, [row])))
    return rows
  }

  it('rings for a backlog by priority, then by time, 60 rows a turn', async () => {
    const loads: string[][] = []
    await deliverTo('priority', async (ids) => void loads.push(ids))
    const now = Date.now()
    const dueAt = now - 2 * MINUTE
    const low = times(70, (n) => message(now, { priority: 'low', dueAt: dueAt - 200 + n }))
    const [medium, high] = [message(now, { dueAt }), message(now, { priority: 'high', dueAt })]
    await admitAll(storeOf('priority'), now, [...low, medium, high])
    await vi.waitFor(() => expect(loads.flat()).toHaveLength(72), { timeout: 10_000 })
    const order = loads.flat()
    const sixtieth = order.slice(0, 60)
    expect(new Set(order).size).toBe(72)
    expect(loads.every((load) => load.length <= 6)).toBe(true)
    expect(order.indexOf(high.id)).toBeLessThan(order.indexOf(medium.id))
    expect(sixtieth).toContain(medium.id)
    expect(order.at(-1)).toBe(low.at(-1)?.id)
  })

  it('rings for six of a batch, and for as many more as have settled; a code rings at once', async () => {
    const loads: string[][] = []
    const store = storeOf('batch')
    const held: Claimed[] = []
    await deliverTo('batch', async (ids) => {
      loads.push(ids)
      const now = Date.now()
      held.push(...(await store.outbox.claim({ ids }, 6, newLease(now), now)).claimed)
    })
    const now = Date.now()
    await admitAll(
      store,
      now,
      times(20, () => message(now)),
    )
    const soon = () => new Promise((resolve) => setTimeout(resolve, 800))
    await vi.waitFor(() => expect(held).toHaveLength(6))
    await soon()
    expect(held, 'no more than six at once').toHaveLength(6)
    const code = await queued(store, Date.now(), { priority: 'high' })
    await vi.waitFor(() => expect(loads.flat()).toContain(code.id))
    for (const row of held.slice(0, 2)) await store.outbox.settle(settlement(row, 'accepted', sent, Date.now()))
    await vi.waitFor(() => expect(held).toHaveLength(9))
    await soon()
    expect(held, 'as many as had settled').toHaveLength(9)
  })

  it('rings once more after the lease, for what is still due', async () => {
    const loads: string[][] = []
    await deliverTo('still due', async (ids) => void loads.push(ids))
    const store = storeOf('still due')
    const now = Date.now()
    const row = await queued(store, now)
    await vi.waitFor(() => expect(loads).toEqual([[row.id]]))
    await vi.waitFor(async () => expect(await alarmOf('still due')).toBeGreaterThan(now + 29_000))
    await runDurableObjectAlarm(stubOf('still due'))
    expect(loads, 'too early').toHaveLength(1)
  })
})

describe('a drain', () => {
  it('starts workers turn by turn until one turn finds nothing more, for the rows of another store', async () => {
    let left = 130
    let started = 0
    await deliverTo(
      'drain',
      async () => {},
      async () => {
        started++
        const claimed = Math.min(6, left)
        left -= claimed
        return claimed === 6
      },
    )
    await alarmScheduler(
      tableOf(() => stubOf('drain') as unknown as PostaStub, 'clock'),
      Date.now,
    ).drain()
    await vi.waitFor(() => expect(left).toBe(0), { timeout: 10_000 })
    await vi.waitFor(() => expect(started).toBe(40))
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(started, 'after the last turn').toBe(40)
  })
})

describe('the whole way', () => {
  it('from a row that nobody claimed through alarm and Worker to the mail, with no sweep', async () => {
    const { core, desk } = wire({
      env: { ...env },
      object: (name) => stubOf(name) as unknown as PostaStub,
      now: () => Date.now(),
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      write: () => {},
      background: () => {},
    })
    const address = parseEmail('alarm@whole-way.example')!
    // As if the accepting worker had died before its first attempt: admitted, not claimed, and woken.
    const dying = { ...core, policy: { ...core.policy, sending: false } }
    const opened = await openChallenge(dying, {
      targets: [{ channel: 'email', ...address }],
      addresses: [address.normal],
      purpose: 'login',
      mode: 'first',
      locale: 'en',
      audience: 'service',
      opener: 'service',
      caller: { keyName: 'test', ip: null },
      idempotency: null,
    })
    expect(opened.ok && opened.value.deliveries).toMatchObject([{ channel: 'email', status: 'queued' }])
    const mails = async () => (await desk?.list(address.normal, 10)) ?? []
    await vi.waitFor(async () => expect(await mails()).toHaveLength(1), { timeout: 5_000 })
  })
})
