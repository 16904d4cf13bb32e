// Contract: a plan of channels. A later stage waits for the earlier one to be refused, and goes when it is accepted.
import { describe, expect, it } from 'vitest'
import type { NewMessage } from '../../lib/ports/admission.ts'
import {
  admit,
  again,
  challenge,
  claimRow,
  codeRow,
  ends,
  group,
  guess,
  later,
  MINUTE,
  message,
  newLease,
  type Opened,
  right,
  SECOND,
  sent,
  settlement,
  statusOf,
  told,
  unique,
} from './store-kit.ts'

export function stagesContract(open: Opened): void {
  /** Stages of one request, each waiting half a minute longer than the one before. */
  const plan = async (now: number, n = 2): Promise<NewMessage[]> => {
    const rows: NewMessage[] = []
    for (let i = 0; i < n; i++) {
      const after = rows.slice(-1).map((row) => row.id)
      rows.push(message(now, { after, dueAt: now + i * 30 * SECOND, slot: rows[0]?.slot ?? unique('slot') }))
    }
    told(await admit(open(), group(now, rows)), 'admitted')
    return rows
  }

  describe('a later stage', () => {
    it('waits for its own time while the earlier one is under way', async () => {
      const now = Date.now()
      const [first, second] = (await plan(now)) as [NewMessage, NewMessage]
      await claimRow(open(), first.id, now)
      const early = await open().outbox.claim({ ids: [second.id] }, 1, newLease(now), now + 29 * SECOND)
      expect(early.unclaimed).toMatchObject([{ why: 'later', dueAt: now + 30 * SECOND }])
      await claimRow(open(), second.id, now + 30 * SECOND)
    })

    it('becomes due with the earlier one’s first full refused round', async () => {
      const now = Date.now()
      const [first, second] = (await plan(now)) as [NewMessage, NewMessage]
      const row = await claimRow(open(), first.id, now)
      const at = now + SECOND
      const next = later(first.providers, at + MINUTE, { release: true })
      const settled = told(await open().outbox.settle(settlement(row, 'unavailable', next, at)), 'queued')
      expect(settled.released).toMatchObject([{ id: second.id, dueAt: at }])
      const claimed = await claimRow(open(), second.id, at)
      expect(claimed.generation).toBe(settled.released[0]?.generation)
    })

    it('becomes due when the earlier one ends refused', async () => {
      const now = Date.now()
      const [first, second] = (await plan(now)) as [NewMessage, NewMessage]
      const row = await claimRow(open(), first.id, now)
      const settled = await open().outbox.settle(settlement(row, 'rejected', ends('failed', true), now))
      expect(told(settled, 'ended').released).toMatchObject([{ id: second.id, dueAt: now }])
    })

    it('becomes due when no other provider lets the earlier one through', async () => {
      const now = Date.now()
      const [first, second] = (await plan(now)) as [NewMessage, NewMessage]
      const dead = unique('dead')
      const holder = await claimRow(open(), (await plan(now, 1))[0]!.id, now)
      const held = settlement({ ...holder, intent: dead }, 'misconfigured', ends('failed'), now)
      await open().outbox.settle(held)
      const row = await claimRow(open(), first.id, now)
      const next = again([dead], later(first.providers, now + MINUTE, { release: true }))
      const settled = await open().outbox.settle(settlement(row, 'unavailable', next, now))
      expect(told(settled, 'queued').released).toMatchObject([{ id: second.id, dueAt: now }])
    })

    it('stays where it is while the round goes on', async () => {
      const now = Date.now()
      const [first, second] = (await plan(now)) as [NewMessage, NewMessage]
      const row = await claimRow(open(), first.id, now)
      const other = unique('other')
      const next = again([other], later(first.providers, now + MINUTE, { release: true }))
      expect(told(await open().outbox.settle(settlement(row, 'unavailable', next, now)), 'again').released).toEqual([])
      expect(await open().outbox.find(second.id)).toMatchObject({ status: 'queued', dueAt: now + 30 * SECOND })
    })

    it('is released once: the next refused round leaves it alone', async () => {
      const now = Date.now()
      const [first, second] = (await plan(now)) as [NewMessage, NewMessage]
      const put = (at: number) => later(first.providers, at, { release: true })
      const row = await claimRow(open(), first.id, now)
      await open().outbox.settle(settlement(row, 'unavailable', put(now + SECOND), now))
      const stage = await claimRow(open(), second.id, now)
      await open().outbox.settle(settlement(stage, 'unavailable', later(second.providers, now + MINUTE), now))
      const next = await claimRow(open(), first.id, now + SECOND)
      const settled = await open().outbox.settle(settlement(next, 'unavailable', put(now + MINUTE), now + SECOND))
      expect(told(settled, 'queued').released).toEqual([])
      expect(await open().outbox.find(second.id)).toMatchObject({ dueAt: now + MINUTE })
    })

    it('is cancelled when the earlier one is accepted', async () => {
      const now = Date.now()
      const [first, second] = (await plan(now)) as [NewMessage, NewMessage]
      const row = await claimRow(open(), first.id, now)
      await open().outbox.settle(settlement(row, 'accepted', sent, now))
      expect(await statusOf(open(), second.id)).toBe('cancelled')
    })

    it('is cancelled with every stage after it', async () => {
      const now = Date.now()
      const rows = await plan(now, 4)
      const row = await claimRow(open(), rows[0]!.id, now)
      await open().outbox.settle(settlement(row, 'accepted', sent, now))
      const statuses = await Promise.all(rows.map((one) => statusOf(open(), one.id)))
      expect(statuses).toEqual(['sent', 'cancelled', 'cancelled', 'cancelled'])
    })

    it('is cancelled also when a stage between the two had failed', async () => {
      const now = Date.now()
      const rows = await plan(now, 3)
      const first = await claimRow(open(), rows[0]!.id, now)
      await open().outbox.settle(
        settlement(first, 'unavailable', later(first.providers, now + SECOND, { release: true }), now),
      )
      const second = await claimRow(open(), rows[1]!.id, now)
      await open().outbox.settle(settlement(second, 'rejected', ends('failed'), now))
      const retry = await claimRow(open(), rows[0]!.id, now + SECOND)
      await open().outbox.settle(settlement(retry, 'accepted', sent, now + SECOND))
      expect(await statusOf(open(), rows[2]!.id)).toBe('cancelled')
    })

    it('is released alone: the stage after it waits for it', async () => {
      const now = Date.now()
      const rows = await plan(now, 3)
      const row = await claimRow(open(), rows[0]!.id, now)
      const settled = await open().outbox.settle(settlement(row, 'rejected', ends('failed', true), now))
      expect(told(settled, 'ended').released.map((one) => one.id)).toEqual([rows[1]?.id])
      expect(await open().outbox.find(rows[2]!.id)).toMatchObject({ status: 'queued', dueAt: now + MINUTE })
    })

    it('is cancelled when a report says that the earlier one was taken after all', async () => {
      const now = Date.now()
      for (const next of ['later', 'end'] as const) {
        const [first, second] = (await plan(now)) as [NewMessage, NewMessage]
        const row = await claimRow(open(), first.id, now)
        const what = next === 'later' ? later(first.providers, now + MINUTE) : ends('unknown')
        await open().outbox.settle(settlement(row, 'unknown', what, now))
        const report = { messageId: first.id, provider: row.intent, type: 'delivered', at: now, now } as const
        await open().outbox.report({ ...report, eventId: unique('event') })
        expect(await statusOf(open(), first.id)).toBe('delivered')
        expect(await statusOf(open(), second.id)).toBe('cancelled')
      }
    })

    it('is not tried further when the earlier one was taken while it was under way', async () => {
      const now = Date.now()
      const [first, second] = (await plan(now)) as [NewMessage, NewMessage]
      const earlier = await claimRow(open(), first.id, now)
      const at = second.dueAt
      const under = await claimRow(open(), second.id, at)
      const report = { messageId: first.id, provider: earlier.intent, type: 'delivered', at, now: at } as const
      await open().outbox.report({ ...report, eventId: unique('event') })
      const next = again(under.providers, later(under.providers, at + MINUTE))
      const answer = await open().outbox.settle(settlement(under, 'unavailable', next, at))
      expect(answer).toMatchObject({ kind: 'ended', status: 'cancelled' })
    })

    it('is cancelled by approval', async () => {
      const now = Date.now()
      const c = challenge(now)
      const first = codeRow(now, c)
      const second = codeRow(now, c, { channel: 'sms', after: [first.id], dueAt: now + 30 * SECOND, slot: first.slot })
      told(await admit(open(), group(now, [first, second], { challenge: { open: c } })), 'admitted')
      await open().challenges.check(guess(c, right(c), now))
      expect(await statusOf(open(), first.id)).toBe('cancelled')
      expect(await statusOf(open(), second.id)).toBe('cancelled')
    })
  })
}
