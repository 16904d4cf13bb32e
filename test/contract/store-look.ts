// Contract: reading. Pages of messages, figures, the feed, the audit, and what the sweeper has to do.
import { describe, expect, it } from 'vitest'
import type { ListFilter, MessageRecord } from '../../lib/ports/record.ts'
import { ARM_HORIZON_MS, LEASE_MS } from '../../lib/rules/numbers.ts'
import {
  claimRow,
  drain,
  ends,
  HOUR,
  id,
  later,
  MINUTE,
  type Opened,
  parallel,
  queued,
  SECOND,
  sending,
  sent,
  settlement,
  told,
  unique,
} from './store-kit.ts'

export function lookContract(open: Opened): void {
  /** Ids of every page, newest first; other tests' rows may fill pages in between. */
  const listed = async (filter: Omit<ListFilter, 'limit'>, limit = 100): Promise<string[]> => {
    const found: MessageRecord[] = []
    let cursor: string | null = null
    do {
      const page: { messages: MessageRecord[]; cursor: string | null } = await open().outbox.list({
        ...filter,
        limit,
        ...(cursor === null ? {} : { cursor }),
      })
      expect(page.messages.length).toBeLessThanOrEqual(limit)
      found.push(...page.messages)
      cursor = page.cursor
    } while (cursor !== null)
    return found.map((message) => message.id)
  }

  describe('find', () => {
    it('knows nothing of strangers', async () => {
      expect(await open().outbox.find(id('msg', Date.now()))).toBeNull()
    })
  })

  describe('list', () => {
    it('pages through one recipient’s messages, newest first, each exactly once', async () => {
      const now = Date.now()
      const recipient = unique('recipient')
      const rows = await parallel(7, (i) => queued(open(), now + i, { recipient }))
      const expected = rows.map((row) => row.id).toReversed()
      for (const limit of [1, 2, 3, 7, 100]) expect(await listed({ recipient }, limit)).toEqual(expected)
      const first = await open().outbox.list({ recipient, limit: 3 })
      expect(first.messages.map((row) => row.id)).toEqual(expected.slice(0, 3))
      expect(first.cursor).not.toBeNull()
      expect(first.messages[0]).toEqual(await open().outbox.find(expected[0]!))
      expect((await open().outbox.list({ recipient, limit: 100 })).cursor).toBeNull()
    })

    it('filters by status, template, priority and channel, alone and together', async () => {
      const now = Date.now()
      const recipient = unique('recipient')
      const template = unique('template')
      const a = await queued(open(), now, { recipient, template, priority: 'high' })
      const b = await queued(open(), now + 1, { recipient, channel: 'sms', priority: 'low' })
      const c = await sending(open(), now + 2, { recipient, channel: 'sms', priority: 'high' })
      const of = (filter: Omit<ListFilter, 'limit'>) => listed({ ...filter, recipient })
      expect(await of({ status: 'queued' })).toEqual([b.id, a.id])
      expect(await of({ status: 'sending' })).toEqual([c.id])
      expect(await of({ template })).toEqual([a.id])
      expect(await of({ priority: 'high' })).toEqual([c.id, a.id])
      expect(await of({ channel: 'sms' })).toEqual([c.id, b.id])
      expect(await of({ channel: 'sms', priority: 'low', status: 'queued' })).toEqual([b.id])
      expect(await of({ channel: 'whatsapp' })).toEqual([])
      expect(await listed({ template, since: now })).toEqual([a.id])
    })

    it('starts at an instant', async () => {
      const now = Date.now()
      const recipient = unique('recipient')
      const rows = await parallel(3, (i) => queued(open(), now + i * SECOND, { recipient }))
      expect(await listed({ recipient, since: now + SECOND })).toEqual([rows[2]?.id, rows[1]?.id])
      expect(await listed({ recipient, since: now + SECOND + 1 })).toEqual([rows[2]?.id])
    })

    it('names dead letters, and only while they are', async () => {
      const now = Date.now()
      const recipient = unique('recipient')
      const all: string[] = []
      for (const [i, status] of (['failed', 'unknown', 'sent', 'cancelled', 'expired'] as const).entries()) {
        const row = await sending(open(), now + i, { recipient })
        await open().outbox.settle(settlement(row, 'rejected', ends(status), now + i))
        all.push(row.id)
      }
      expect(await listed({ recipient, dead: true })).toEqual([all[1], all[0]])
      const everybody = await listed({ dead: true, since: now })
      expect(everybody).toEqual(expect.arrayContaining([all[0], all[1]]))
      expect(everybody).not.toContain(all[2])
      await open().outbox.replay(all[0]!, false, now + HOUR, now)
      const report = { messageId: all[1]!, provider: 'p', type: 'delivered', at: now, eventId: 'e', now } as const
      await open().outbox.report(report)
      expect(await listed({ recipient, dead: true })).toEqual([])
    })

    it('lists everybody’s messages by time without a filter', async () => {
      const now = Date.now()
      const rows = await parallel(3, (i) => queued(open(), now + i))
      const all = await listed({ since: now })
      const mine = all.filter((one) => rows.some((row) => row.id === one))
      expect(mine).toEqual(rows.map((row) => row.id).toReversed())
    })
  })

  describe('stats', () => {
    it('count what was sent, by priority, channel and provider, and what failed', async () => {
      const now = Date.now()
      const before = await open().outbox.stats(now)
      const provider = unique('provider')
      for (const outcome of ['accepted', 'accepted', 'rejected'] as const) {
        const row = await sending(open(), now, { providers: [provider], priority: 'low', channel: 'whatsapp' })
        const end = outcome === 'accepted' ? sent : ends('failed')
        const settled = settlement(row, outcome, end, now + SECOND)
        await open().outbox.settle(settled)
        await open().outbox.settle(settled)
      }
      const after = await open().outbox.stats(now + SECOND)
      expect(after.totalSent - before.totalSent).toBe(2)
      expect(after.totalFailed - before.totalFailed).toBe(1)
      expect(after.dead - before.dead).toBe(1)
      expect(after.byProvider[provider]).toBe(2)
      expect((after.byPriority.low ?? 0) - (before.byPriority.low ?? 0)).toBe(2)
      expect((after.byChannel.whatsapp ?? 0) - (before.byChannel.whatsapp ?? 0)).toBe(2)
      expect(after.queueDepth).toBe(before.queueDepth)
      expect(after.successRate).toBeGreaterThan(0)
      expect(after.successRate).toBeLessThan(1)
      expect(after.meanDeliveryMs).toBeGreaterThanOrEqual(0)
      expect(after.p95DeliveryMs).toBeGreaterThanOrEqual(0)
    })

    it('count a message once, also when its report came before its settlement', async () => {
      const now = Date.now()
      const before = await open().outbox.stats(now)
      const early = await sending(open(), now)
      const report = { messageId: early.id, provider: early.intent, at: now, now }
      await open().outbox.report({ ...report, type: 'sent', eventId: unique('e') })
      await open().outbox.settle(settlement(early, 'accepted', sent, now))
      await open().outbox.report({ ...report, type: 'delivered', eventId: unique('e') })
      expect((await open().outbox.stats(now)).totalSent - before.totalSent).toBe(1)
    })

    it('show how many rows are waiting or under way', async () => {
      const now = Date.now()
      const { queueDepth } = await open().outbox.stats(now)
      const row = await queued(open(), now, { dueAt: now + HOUR })
      const busy = await sending(open(), now)
      expect((await open().outbox.stats(now)).queueDepth).toBe(queueDepth + 2)
      await open().outbox.cancel(row.id, now)
      await open().outbox.settle(settlement(busy, 'accepted', sent, now))
      expect((await open().outbox.stats(now)).queueDepth).toBe(queueDepth)
    })
  })

  describe('due', () => {
    /** Arms whatever other tests left unarmed, so that only this test's rows are named. */
    const settled = async (now: number) => {
      await drain(open(), now)
      for (let turn = 0; turn < 100; turn++) {
        if ((await open().outbox.due(ARM_HORIZON_MS, 100, now)).upcoming.length === 0) return
      }
      throw new Error('due names the same rows again and again')
    }

    it('counts rows that are overdue, lost leases included, up to `max`', async () => {
      const now = Date.now()
      const at = now + LEASE_MS
      await settled(at)
      expect((await open().outbox.due(ARM_HORIZON_MS, 100, at)).overdue).toBe(0)
      const lost = await sending(open(), now, { priority: 'high' })
      await parallel(4, () => queued(open(), now, { priority: 'high', dueAt: at }))
      await queued(open(), now, { priority: 'high', dueAt: at + 1 })
      expect((await open().outbox.due(ARM_HORIZON_MS, 100, at)).overdue).toBe(5)
      expect((await open().outbox.due(ARM_HORIZON_MS, 3, at)).overdue).toBe(3)
      await claimRow(open(), lost.id, at)
      expect((await open().outbox.due(ARM_HORIZON_MS, 100, at)).overdue).toBe(4)
    })

    it('names each row that comes due within the horizon once', async () => {
      const now = Date.now()
      const at = now + 20 * MINUTE
      await settled(at)
      const soon = await queued(open(), now, { dueAt: at + MINUTE })
      const edge = await queued(open(), now, { dueAt: at + ARM_HORIZON_MS })
      const far = await queued(open(), now, { dueAt: at + ARM_HORIZON_MS + 1 })
      const first = await open().outbox.due(ARM_HORIZON_MS, 100, at)
      const byDue = first.upcoming.toSorted((a, b) => a.dueAt - b.dueAt)
      expect(byDue).toEqual([
        { id: soon.id, generation: 0, dueAt: at + MINUTE },
        { id: edge.id, generation: 0, dueAt: at + ARM_HORIZON_MS },
      ])
      expect((await open().outbox.due(ARM_HORIZON_MS, 100, at)).upcoming).toEqual([])
      expect((await open().outbox.due(ARM_HORIZON_MS, 100, at + 1)).upcoming).toMatchObject([{ id: far.id }])
    })

    it('names each row to one of 20 parallel sweepers', async () => {
      const now = Date.now()
      const at = now + 20 * MINUTE
      await settled(at)
      const rows = await parallel(30, (i) => queued(open(), now, { dueAt: at + MINUTE + i }))
      const named = await parallel(20, () => open().outbox.due(ARM_HORIZON_MS, 3, at))
      const ids = named.flatMap((one) => one.upcoming.map((row) => row.id))
      expect(ids.toSorted()).toEqual(rows.map((row) => row.id).toSorted())
    })

    it('leaves out what its own step promised to wake', async () => {
      const now = Date.now()
      await settled(now)
      await queued(open(), now, { dueAt: now + MINUTE })
      const held = await sending(open(), now)
      await open().outbox.settle(settlement(held, 'unavailable', later(held.providers, now + 5 * SECOND), now))
      expect((await open().outbox.due(ARM_HORIZON_MS, 100, now)).upcoming).toEqual([])
    })

    it('names a row again that was moved to another time', async () => {
      const now = Date.now()
      const at = now + 20 * MINUTE
      await settled(at + MINUTE)
      const row = await queued(open(), now, { dueAt: at + 2 * MINUTE })
      expect((await open().outbox.due(ARM_HORIZON_MS, 100, at)).upcoming).toMatchObject([{ id: row.id }])
      const dueAt = at + 15 * MINUTE
      const moved = told(await open().outbox.reschedule(row.id, dueAt, at), 'rescheduled')
      const later = at + 10 * MINUTE
      await drain(open(), later)
      const { upcoming } = await open().outbox.due(ARM_HORIZON_MS, 100, later)
      expect(upcoming).toEqual([{ id: row.id, generation: moved.generation, dueAt }])
    })
  })

  describe('events', () => {
    it('come oldest first, every one once, after a cursor', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      const from = (await open().outbox.find(row.id))?.events[0]?.seq ?? 0
      await open().outbox.settle(settlement(row, 'accepted', sent, now))
      await open().outbox.report({
        messageId: row.id,
        provider: row.intent,
        type: 'delivered',
        at: now,
        eventId: unique('event'),
        now,
      })
      const read = async (seq: number, limit = 1_000) => (await open().events.after(seq, limit)).events
      const all = await read(from - 1)
      const mine = all.filter((event) => event.messageId === row.id)
      expect(mine.map((event) => event.type)).toEqual(['queued', 'sent', 'delivered'])
      expect(mine).toEqual((await open().outbox.find(row.id))?.events)
      const seqs = all.map((event) => event.seq)
      expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b))
      expect((await read(from)).map((event) => event.seq)).toEqual(seqs.slice(1))
      expect(await read(from - 1, 2)).toEqual(all.slice(0, 2))
      expect(await open().events.after(seqs.at(-1) ?? 0, 10)).toEqual({ events: [], behind: false })
      expect((await open().events.after(0, 1)).behind).toBe(false)
    })
  })

  describe('the audit', () => {
    it('lists what was appended, newest first', async () => {
      const now = Date.now()
      const kind = unique('kind')
      const nobody = { person: null, opener: null, agent: null, ip: null }
      const somebody = { person: 'hash of an address', opener: 'owner', agent: 'Firefox', ip: '203.0.113.0' }
      for (const i of [1, 2, 3]) {
        await open().audit.append({ at: now + i, kind, ...(i === 2 ? nobody : somebody) })
      }
      const mine = (await open().audit.list(100)).filter((entry) => entry.kind === kind)
      expect(mine).toEqual([
        { at: now + 3, kind, ...somebody, count: 1 },
        { at: now + 2, kind, ...nobody, count: 1 },
        { at: now + 1, kind, ...somebody, count: 1 },
      ])
      expect(await open().audit.list(2)).toEqual((await open().audit.list(100)).slice(0, 2))
    })
  })

  describe('ping', () => {
    it('resolves while the store answers', async () => {
      await expect(open().ping()).resolves.toBeUndefined()
    })
  })
}
