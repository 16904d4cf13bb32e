// Contract: what providers report later. The status moves by rank, whatever the order and number of reports.
import { describe, expect, it } from 'vitest'
import type { Report } from '../../lib/ports/outbox.ts'
import type { ReportType, Status } from '../../lib/rules/status.ts'
import { mayFollow } from '../../lib/rules/status.ts'
import {
  ends,
  id,
  later,
  MINUTE,
  newLease,
  type Opened,
  parallel,
  queued,
  SECOND,
  sending,
  sent,
  settlement,
  statusOf,
  told,
  unique,
} from './store-kit.ts'

/** Every order of the given things. */
function orders<T>(all: T[]): T[][] {
  if (all.length <= 1) return [all]
  return all.flatMap((first, i) => orders(all.toSpliced(i, 1)).map((rest) => [first, ...rest]))
}

export function reportContract(open: Opened): void {
  const reportOf = (messageId: string, type: ReportType, now: number): Report => ({
    messageId,
    provider: 'reporter',
    type,
    at: now,
    eventId: unique(type),
    now,
  })
  const tell = (messageId: string, type: ReportType, now: number) =>
    open().outbox.report(reportOf(messageId, type, now))

  /** Rows as reports may find them. */
  const finds: Record<string, (now: number) => Promise<string>> = {
    sent: async (now) => {
      const row = await sending(open(), now)
      await open().outbox.settle(settlement(row, 'accepted', sent, now))
      return row.id
    },
    'being sent': async (now) => (await sending(open(), now)).id,
    'queued in doubt': async (now) => {
      const row = await sending(open(), now)
      await open().outbox.settle(settlement(row, 'unknown', later(row.providers, now + MINUTE), now))
      return row.id
    },
    unknown: async (now) => {
      const row = await sending(open(), now)
      await open().outbox.settle(settlement(row, 'unknown', ends('unknown'), now))
      return row.id
    },
  }

  describe('reports', () => {
    it.each<[ReportType[], Status]>([
      [['sent', 'delivered', 'bounced', 'complained', 'delayed'], 'complained'],
      [['sent', 'delivered', 'bounced', 'delayed'], 'bounced'],
      [['sent', 'delivered', 'delayed'], 'delivered'],
      [['sent', 'delayed'], 'sent'],
    ])('of %j in any order, each twice, end as %s', async (types, expected) => {
      const now = Date.now()
      const makers = Object.values(finds)
      const ran = await Promise.all(
        orders(types).map(async (order, i) => {
          const row = await makers[i % makers.length]!(now)
          const reports = order.map((type) => reportOf(row, type, now))
          const path = [(await open().outbox.find(row))?.status]
          for (const one of [...reports, ...reports.toReversed()]) {
            expect(await open().outbox.report(one)).toBe(true)
            path.push((await open().outbox.find(row))?.status)
          }
          return path
        }),
      )
      for (const path of ran) {
        expect(path.at(-1)).toBe(expected)
        for (const [i, to] of path.entries()) {
          const from = path[i - 1]
          if (from && to && from !== to) expect([from, to, mayFollow(from, to)]).toEqual([from, to, true])
        }
      }
    })

    it('all at once end as the highest of them', async () => {
      const now = Date.now()
      for (const make of Object.values(finds)) {
        const row = await make(now)
        const types: ReportType[] = ['sent', 'delivered', 'bounced', 'delayed']
        await parallel(20, (i) => tell(row, types[i % 4]!, now))
        expect(await statusOf(open(), row)).toBe('bounced')
      }
    })

    it.each([
      ['sent', 'sent'],
      ['delivered', 'delivered'],
      ['bounced', 'bounced'],
      ['complained', 'complained'],
      ['failed', 'bounced'],
    ] as const)('of %s lift unknown to %s', async (type, status) => {
      const now = Date.now()
      const row = await finds.unknown!(now)
      await tell(row, type, now)
      expect(await statusOf(open(), row)).toBe(status)
    })

    it('of a delay say nothing about the status', async () => {
      const now = Date.now()
      for (const make of Object.values(finds)) {
        const row = await make(now)
        const before = await statusOf(open(), row)
        expect(await tell(row, 'delayed', now)).toBe(true)
        expect(await statusOf(open(), row)).toBe(before)
      }
    })

    it.each(['cancelled', 'expired', 'failed'] as const)('tell the truth about a row that ended %s', async (status) => {
      const now = Date.now()
      const row = await sending(open(), now)
      await open().outbox.settle(settlement(row, 'rejected', ends(status), now))
      await tell(row.id, 'delivered', now)
      expect(await statusOf(open(), row.id)).toBe('delivered')
    })

    it('stand once each on the timeline, repeated or not', async () => {
      const now = Date.now()
      for (const make of Object.values(finds)) {
        const row = await make(now)
        const before = (await open().outbox.find(row))?.events.length ?? 0
        const reports = (['delivered', 'delayed'] as const).map((type) => reportOf(row, type, now + SECOND))
        await parallel(20, (i) => open().outbox.report(reports[i % 2]!))
        const events = (await open().outbox.find(row))?.events.slice(before) ?? []
        expect(events.map((event) => event.type).toSorted()).toEqual(['delayed', 'delivered'])
        for (const event of events) expect(event).toMatchObject({ messageId: row, provider: 'reporter' })
      }
    })

    it('of a message nobody knows are false', async () => {
      const now = Date.now()
      expect(await tell(id('msg', now), 'delivered', now)).toBe(false)
    })

    it('with one event id for two messages count for both', async () => {
      const now = Date.now()
      const [a, b] = [await finds.sent!(now), await finds.sent!(now)]
      const eventId = unique('event')
      await open().outbox.report({ ...reportOf(a, 'delivered', now), eventId })
      await open().outbox.report({ ...reportOf(b, 'delivered', now), eventId })
      expect([await statusOf(open(), a), await statusOf(open(), b)]).toEqual(['delivered', 'delivered'])
    })
  })

  describe('a report during the attempt', () => {
    it.each(['delivered', 'bounced', 'complained'] as const)('of %s stays when the worker settles', async (type) => {
      const now = Date.now()
      const row = await sending(open(), now)
      await tell(row.id, type, now)
      const settled = await open().outbox.settle(settlement(row, 'accepted', sent, now + SECOND))
      expect(settled).toMatchObject({ kind: 'ended', status: type })
      expect(await open().outbox.find(row.id)).toMatchObject({ status: type, attempts: [{ outcome: 'accepted' }] })
    })

    it('ends the row: a worker that wants another try is told so', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      await tell(row.id, 'delivered', now)
      const next = later(row.providers, now + MINUTE)
      const settled = await open().outbox.settle(settlement(row, 'unknown', next, now + SECOND))
      expect(settled).toMatchObject({ kind: 'ended', status: 'delivered' })
      const { claimed } = await open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now + 2 * MINUTE)
      expect(claimed).toEqual([])
    })

    it('ends a row that waits for another try', async () => {
      const now = Date.now()
      const row = await finds['queued in doubt']!(now)
      await tell(row, 'delivered', now)
      const { unclaimed } = await open().outbox.claim({ ids: [row] }, 1, newLease(now), now + 2 * MINUTE)
      expect(unclaimed).toEqual([{ id: row, why: 'ended', status: 'delivered' }])
      expect(told(await open().outbox.cancel(row, now), 'sent').status).toBe('delivered')
    })

    it('and the settle in parallel agree, whichever comes first', async () => {
      const now = Date.now()
      const rows = await parallel(20, () => sending(open(), now))
      await parallel(20, (i) =>
        Promise.all([
          open().outbox.settle(settlement(rows[i]!, 'accepted', sent, now)),
          tell(rows[i]!.id, 'delivered', now),
        ]),
      )
      const statuses = await parallel(20, (i) => statusOf(open(), rows[i]!.id))
      expect(new Set(statuses)).toEqual(new Set(['delivered']))
    })

    it('of an untried row is believed', async () => {
      const now = Date.now()
      const row = await queued(open(), now)
      await tell(row.id, 'sent', now)
      expect(await statusOf(open(), row.id)).toBe('sent')
    })
  })
}
