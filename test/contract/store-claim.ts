// Contract: taking rows under lease, one worker at a time, in order, and ending what may not start any more.
import { describe, expect, it } from 'vitest'
import type { NewMessage } from '../../lib/ports/admission.ts'
import { LEASE_MS } from '../../lib/rules/numbers.ts'
import type { Priority } from '../../lib/rules/status.ts'
import {
  admit,
  claimRow,
  drain,
  ends,
  group,
  later,
  MINUTE,
  message,
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

export function claimContract(open: Opened): void {
  /** Claims what is due at `now` after nothing else is; answers ids. */
  const due = async (max: number, now: number): Promise<string[]> => {
    const { claimed } = await open().outbox.claim({ due: true }, max, newLease(now), now)
    return claimed.map((row) => row.id)
  }
  /** Rows of one priority, the first one due the longest. */
  const rows = async (n: number, priority: Priority, now: number): Promise<string[]> => {
    const made = Array.from({ length: n }, (_, i): NewMessage => message(now, { priority, dueAt: now - (n - i) * 100 }))
    await open().outbox.admit(made.map((row) => group(now, [row])))
    return made.map((row) => row.id)
  }

  describe('claim by id', () => {
    it('gives a row to exactly one of 20 parallel workers and tells the others until when', async () => {
      const now = Date.now()
      const row = await queued(open(), now)
      const answers = await parallel(20, () => open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now))
      expect(answers.filter((answer) => answer.claimed.length === 1)).toHaveLength(1)
      for (const { claimed, unclaimed } of answers) {
        if (claimed.length === 0) expect(unclaimed).toEqual([{ id: row.id, why: 'leased', until: now + LEASE_MS }])
      }
    })

    it('has one entry for every id it did not claim', async () => {
      const now = Date.now()
      const future = await queued(open(), now, { dueAt: now + MINUTE })
      const gone = message(now)
      const held = await sending(open(), now)
      const done = await sending(open(), now)
      await open().outbox.settle(settlement(done, 'accepted', sent, now))
      const free = await queued(open(), now)
      const ids = [future.id, gone.id, held.id, done.id, free.id]
      const { claimed, unclaimed } = await open().outbox.claim({ ids }, 6, newLease(now), now)
      expect(claimed.map((row) => row.id)).toEqual([free.id])
      expect(unclaimed).toEqual([
        { id: future.id, why: 'later', generation: 0, dueAt: now + MINUTE },
        { id: gone.id, why: 'missing' },
        { id: held.id, why: 'leased', until: held.leaseUntil },
        { id: done.id, why: 'ended', status: 'sent' },
      ])
    })

    it('claims at most `max` and tells of the rest too', async () => {
      const now = Date.now()
      const all = [await queued(open(), now), await queued(open(), now), await queued(open(), now)]
      const ids = all.map((row) => row.id)
      const { claimed, unclaimed } = await open().outbox.claim({ ids }, 2, newLease(now), now)
      expect(claimed.map((row) => row.id)).toEqual(ids.slice(0, 2))
      expect(unclaimed).toEqual([{ id: ids[2], why: 'later', generation: 0, dueAt: now }])
      expect(await statusOf(open(), ids[2]!)).toBe('queued')
    })

    it('tells a repeat under the same token the same rows', async () => {
      const now = Date.now()
      const [a, b] = [await queued(open(), now), await queued(open(), now)]
      const lease = newLease(now)
      const first = await open().outbox.claim({ ids: [a.id, b.id] }, 2, lease, now)
      expect(first.claimed).toHaveLength(2)
      const repeats = await parallel(20, () => open().outbox.claim({ ids: [a.id, b.id] }, 2, lease, now + SECOND))
      for (const repeat of repeats) {
        expect(repeat.claimed).toHaveLength(2)
        expect(repeat.claimed).toEqual(expect.arrayContaining(first.claimed))
      }
    })

    it('does not give a repeat what a report has ended meanwhile', async () => {
      const now = Date.now()
      const row = await queued(open(), now)
      const lease = newLease(now)
      const held = await claimRow(open(), row.id, now, lease)
      const report = { messageId: row.id, provider: held.intent, type: 'delivered', at: now, now } as const
      expect(await open().outbox.report({ ...report, eventId: unique('event') })).toBe(true)
      const repeat = await open().outbox.claim({ ids: [row.id] }, 1, lease, now + SECOND)
      expect(repeat).toEqual({ claimed: [], unclaimed: [{ id: row.id, why: 'ended', status: 'delivered' }] })
    })

    it('claims a row at its due instant, not before', async () => {
      const now = Date.now()
      const row = await queued(open(), now, { dueAt: now + MINUTE })
      const early = await open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now + MINUTE - 1)
      expect(early.unclaimed).toMatchObject([{ why: 'later', dueAt: now + MINUTE }])
      await claimRow(open(), row.id, now + MINUTE)
    })
  })

  describe('a lease', () => {
    it('keeps others out until it ends, and the row is then claimed as lost and in doubt', async () => {
      const now = Date.now()
      const row = await sending(open(), now, { providers: [unique('first'), unique('second')] })
      expect(row).toMatchObject({ lost: false, ambiguous: false, leaseUntil: now + LEASE_MS })
      const early = await open().outbox.claim({ ids: [row.id] }, 1, newLease(now), row.leaseUntil - 1)
      expect(early).toEqual({ claimed: [], unclaimed: [{ id: row.id, why: 'leased', until: row.leaseUntil }] })
      const at = row.leaseUntil
      const second = newLease(at)
      const lost = await claimRow(open(), row.id, at, second)
      expect(lost).toEqual({
        ...row,
        lost: true,
        ambiguous: true,
        intent: row.providers[0],
        token: second.token,
        leaseUntil: at + LEASE_MS,
      })
      expect((await open().outbox.find(row.id))?.ambiguous).toBe(true)
      expect(await open().outbox.settle(settlement(row, 'accepted', sent, at))).toEqual({ kind: 'lost' })
      expect(await statusOf(open(), row.id)).toBe('sending')
    })

    it('that was lost is given to exactly one of 20 parallel workers', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      const at = row.leaseUntil + 1
      const answers = await parallel(20, () => open().outbox.claim({ ids: [row.id] }, 1, newLease(at), at))
      expect(answers.flatMap((answer) => answer.claimed)).toMatchObject([{ id: row.id, lost: true }])
    })

    it('is not lost any more once it was settled', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      const lost = await claimRow(open(), row.id, row.leaseUntil)
      const at = row.leaseUntil + SECOND
      const next = later(row.providers, at)
      told(await open().outbox.settle(settlement(lost, 'unknown', next, at, { breaker: 'none' })), 'queued')
      expect(await claimRow(open(), row.id, at)).toMatchObject({ lost: false, ambiguous: true, attempt: 1 })
    })
  })

  describe('a due row', () => {
    it.each([
      ['past `startBy` ends expired', { startBy: 10 }, 'expired'],
      ['past `giveUpAt` ends failed', { giveUpAt: 10 }, 'failed'],
    ] as const)('%s, and may start at that very instant', async (_, word, status) => {
      const now = Date.now()
      const ends = Object.fromEntries(Object.entries(word).map(([name, ms]) => [name, now + ms]))
      const [late, last] = [await queued(open(), now, ends), await queued(open(), now, ends)]
      await claimRow(open(), last.id, now + 10)
      const at = now + 11
      const answer = await open().outbox.claim({ ids: [late.id] }, 1, newLease(at), at)
      expect(answer).toEqual({ claimed: [], unclaimed: [{ id: late.id, why: 'ended', status }] })
      const found = await open().outbox.find(late.id)
      expect(found).toMatchObject({ status, endedAt: at })
      expect(found?.events.map((event) => event.type)).toEqual(['queued', status])
    })

    it.each(['startBy', 'giveUpAt'] as const)('in doubt past `%s` ends unknown', async (name) => {
      const now = Date.now()
      const row = await sending(open(), now, { [name]: now + MINUTE })
      await open().outbox.settle(settlement(row, 'unknown', later(row.providers, now + MINUTE), now))
      const at = now + MINUTE + 1
      const answer = await open().outbox.claim({ ids: [row.id] }, 1, newLease(at), at)
      expect(answer.unclaimed).toEqual([{ id: row.id, why: 'ended', status: 'unknown' }])
    })

    it('whose worker died past `startBy` ends unknown', async () => {
      const now = Date.now()
      const row = await sending(open(), now, { startBy: now + SECOND })
      const answer = await open().outbox.claim({ ids: [row.id] }, 1, newLease(now), row.leaseUntil)
      expect(answer).toEqual({ claimed: [], unclaimed: [{ id: row.id, why: 'ended', status: 'unknown' }] })
    })
  })

  describe('claim of what is due', () => {
    it('shares rows among 20 parallel workers without giving one twice', async () => {
      const now = Date.now()
      await drain(open(), now)
      const ids = [...(await rows(10, 'high', now)), ...(await rows(10, 'low', now))]
      const claimed = (await parallel(20, () => due(6, now))).flat()
      expect(claimed.toSorted()).toEqual(ids.toSorted())
    })

    it('goes strictly by priority, the longest due first, when there are fewer than three places', async () => {
      const now = Date.now()
      await drain(open(), now)
      const low = await rows(2, 'low', now)
      const medium = await rows(2, 'medium', now)
      const high = await rows(2, 'high', now)
      expect(await due(2, now)).toEqual(high)
      expect(await due(1, now)).toEqual(medium.slice(0, 1))
      expect((await due(2, now)).toSorted()).toEqual([medium[1], low[0]].toSorted())
    })

    it('keeps one of six places for the oldest medium and low row each', async () => {
      const now = Date.now()
      await drain(open(), now)
      const low = await rows(3, 'low', now)
      const medium = await rows(3, 'medium', now)
      const high = await rows(9, 'high', now)
      expect((await due(6, now)).toSorted()).toEqual([...high.slice(0, 4), medium[0], low[0]].toSorted())
      expect((await due(6, now)).toSorted()).toEqual([...high.slice(4, 8), medium[1], low[1]].toSorted())
      expect((await due(6, now)).toSorted()).toEqual([high[8], medium[2], low[2]].toSorted())
    })

    it('keeps a tenth of thirty places for each', async () => {
      const now = Date.now()
      await drain(open(), now)
      const low = await rows(5, 'low', now)
      const medium = await rows(5, 'medium', now)
      const high = await rows(40, 'high', now)
      const expected = [...high.slice(0, 24), ...medium.slice(0, 3), ...low.slice(0, 3)]
      expect((await due(30, now)).toSorted()).toEqual(expected.toSorted())
    })

    it('leaves no place empty that another priority could use', async () => {
      const now = Date.now()
      await drain(open(), now)
      const low = await rows(8, 'low', now)
      expect((await due(6, now)).toSorted()).toEqual(low.slice(0, 6).toSorted())
      const high = await rows(4, 'high', now)
      expect((await due(6, now)).toSorted()).toEqual([...high, ...low.slice(6)].toSorted())
    })

    it('takes rows whose lease has ended, and nothing that is not due', async () => {
      const now = Date.now()
      const at = now + LEASE_MS
      await drain(open(), at)
      const lost = await sending(open(), now)
      await queued(open(), now, { dueAt: at + 1 })
      const { claimed } = await open().outbox.claim({ due: true }, 6, newLease(at), at)
      expect(claimed).toMatchObject([{ id: lost.id, lost: true }])
    })

    it('tells a repeat under the same token the same rows and takes no more', async () => {
      const now = Date.now()
      await drain(open(), now)
      await rows(4, 'medium', now)
      const lease = newLease(now)
      const first = await open().outbox.claim({ due: true }, 2, lease, now)
      const repeat = await open().outbox.claim({ due: true }, 2, lease, now)
      expect(first.claimed).toHaveLength(2)
      expect(repeat.claimed).toHaveLength(2)
      expect(repeat.claimed).toEqual(expect.arrayContaining(first.claimed))
      expect(await due(6, now)).toHaveLength(2)
    })

    it('passes over what it ends, without giving it out', async () => {
      const now = Date.now()
      await drain(open(), now)
      const row = await queued(open(), now - MINUTE, { startBy: now - SECOND })
      expect(await due(6, now)).toEqual([])
      expect(await statusOf(open(), row.id)).toBe('expired')
      expect(told(await admit(open(), group(now, [message(now)])), 'admitted').claimed).toEqual([])
    })

    it('finds nothing when nothing is due', async () => {
      const now = Date.now()
      await drain(open(), now)
      expect(await open().outbox.claim({ due: true }, 6, newLease(now), now)).toEqual({ claimed: [], unclaimed: [] })
      expect(ends('failed').kind).toBe('end')
    })
  })
}
