// What the object keeps and for how long. Only here: the other adapter's keys expire by the server's own clock, which no
// test can move; what both must decide by stored instants is in the contract.
import { env } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { ARM_HORIZON_MS, RETENTION } from '../../lib/policies.ts'
import type { Status } from '../../lib/ports/message.ts'
import type { StepRunner } from '../../lib/store/sqlite/store.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import { DAY, ends, HOUR, queued, sending, settlement, unique } from '../contract/store-kit.ts'

const store = sqliteStore(() => env.POSTA_OBJECT.getByName('retention') as unknown as StepRunner)
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
  it('of an ended message is kept 90 days, its events 30', async () => {
    const now = Date.now()
    const id = await ended('sent', now)
    await collect(now + RETENTION.eventMs)
    expect((await store.outbox.find(id))?.events).toEqual([])
    await collect(now + RETENTION.recordMs - 1)
    expect((await store.outbox.find(id))?.status).toBe('sent')
    await collect(now + RETENTION.recordMs)
    expect(await store.outbox.find(id)).toBeNull()
  })

  it('of a message still waiting is kept whatever its age', async () => {
    const now = Date.now()
    const row = await queued(store, now, { dueAt: now + 400 * DAY })
    await collect(now + 399 * DAY)
    expect(await store.outbox.find(row.id)).toMatchObject({ status: 'queued', sealed: row.sealed })
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
