// Contract: ending an attempt. Record, next intent and renewed lease in one step, told the same when repeated.
import { describe, expect, it } from 'vitest'
import { LEASE_MS } from '../../lib/rules/numbers.ts'
import type { Status } from '../../lib/rules/status.ts'
import { mayFollow } from '../../lib/rules/status.ts'
import {
  again,
  claimRow,
  ends,
  goneOn,
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

export function settleContract(open: Opened): void {
  describe('settle', () => {
    it('ends a row that was accepted and keeps the attempt on record', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      const settled = await open().outbox.settle(settlement(row, 'accepted', sent, now + SECOND, { startedAt: now }))
      expect(settled).toEqual({ kind: 'ended', status: 'sent', alert: null, released: [] })
      const found = await open().outbox.find(row.id)
      expect(found).toMatchObject({
        status: 'sent',
        ambiguous: false,
        endedAt: now + SECOND,
        attempts: [{ provider: row.intent, at: now, outcome: 'accepted', code: null, durationMs: SECOND }],
      })
      expect(found?.events.at(-1)).toMatchObject({ type: 'sent', at: now + SECOND, provider: row.intent })
    })

    it('refuses whole an end that may not follow, and the lease goes on', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      const before = await open().outbox.find(row.id)
      const wrong = settlement(row, 'unavailable', ends('shadowed'), now + SECOND)
      await expect(open().outbox.settle(wrong)).rejects.toThrow('store unavailable')
      expect(await open().outbox.find(row.id)).toEqual(before)
      told(await open().outbox.settle(settlement(row, 'accepted', sent, now + SECOND)), 'ended')
    })

    it('goes on to the next provider under a renewed lease', async () => {
      const now = Date.now()
      const [a, b] = [unique('a'), unique('b')]
      const row = await sending(open(), now, { providers: [a, b] })
      const at = now + 20 * SECOND
      const next = again([b], later([a, b], at + MINUTE, { plan: 'notes' }))
      const settled = await open().outbox.settle(settlement(row, 'unavailable', next, at))
      expect(settled).toEqual({
        kind: 'again',
        intent: b,
        plan: 'notes',
        leaseUntil: at + LEASE_MS,
        alert: null,
        released: [],
      })
      const other = await open().outbox.claim({ ids: [row.id] }, 1, newLease(at), row.leaseUntil + SECOND)
      expect(other.unclaimed).toEqual([{ id: row.id, why: 'leased', until: at + LEASE_MS }])
      const second = goneOn(row, b, at + LEASE_MS)
      told(await open().outbox.settle(settlement(second, 'accepted', sent, at + SECOND)), 'ended')
      expect((await open().outbox.find(row.id))?.attempts.map((one) => one.provider)).toEqual([a, b])
    })

    it('puts a row off: queued, free of its lease, the plan and the candidates kept', async () => {
      const now = Date.now()
      const [a, b] = [unique('a'), unique('b')]
      const row = await sending(open(), now, { providers: [a, b] })
      const next = later([b, a], now + MINUTE, { plan: '{"round":1}' })
      const settled = told(await open().outbox.settle(settlement(row, 'unavailable', next, now)), 'queued')
      expect(settled).toMatchObject({ dueAt: now + MINUTE, alert: null, released: [] })
      expect(settled.generation).toBeGreaterThan(row.generation)
      const found = await open().outbox.find(row.id)
      expect(found).toMatchObject({ status: 'queued', dueAt: now + MINUTE, generation: settled.generation })
      const claimed = await claimRow(open(), row.id, now + MINUTE)
      expect(claimed).toMatchObject({ plan: '{"round":1}', intent: b, providers: [a, b], attempt: 1, lost: false })
      expect(claimed.generation).toBe(settled.generation)
    })

    it('gives a row back without an attempt when nothing was sent', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      const next = later(row.providers, now)
      const back = settlement(row, 'unavailable', next, now, { record: null, breaker: 'none' })
      told(await open().outbox.settle(back), 'queued')
      expect((await open().outbox.find(row.id))?.attempts).toEqual([])
      const second = await claimRow(open(), row.id, now)
      expect(second).toMatchObject({ attempt: 0, ambiguous: false })
      told(await open().outbox.settle(settlement(second, 'accepted', sent, now)), 'ended')
    })

    it.each(['failed', 'expired', 'cancelled', 'unknown'] as const)('ends a row %s', async (status) => {
      const now = Date.now()
      const row = await sending(open(), now)
      const outcome = status === 'unknown' ? 'unknown' : 'rejected'
      const settled = await open().outbox.settle(settlement(row, outcome, ends(status), now))
      expect(settled).toMatchObject({ kind: 'ended', status })
      const found = await open().outbox.find(row.id)
      expect(found).toMatchObject({ status, endedAt: now, ambiguous: status === 'unknown' })
      const { unclaimed } = await open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now + MINUTE)
      expect(unclaimed).toEqual([{ id: row.id, why: 'ended', status }])
    })

    it('writes nothing for a lease that is not its own', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      const wrongs = [
        { ...settlement(row, 'accepted', sent, now), token: newLease(now).token },
        { ...settlement(row, 'accepted', sent, now), attempt: 1 },
        { ...settlement(row, 'accepted', sent, now), id: unique('msg') },
      ]
      for (const one of wrongs) expect(await open().outbox.settle(one)).toEqual({ kind: 'lost' })
      expect(await open().outbox.find(row.id)).toMatchObject({ status: 'sending', attempts: [] })
      const free = await queued(open(), now)
      const stray = { ...settlement(row, 'accepted', sent, now), id: free.id }
      expect(await open().outbox.settle(stray)).toEqual({ kind: 'lost' })
      expect(await statusOf(open(), free.id)).toBe('queued')
    })

    it('is told the same when repeated, whatever it came to', async () => {
      const now = Date.now()
      const nexts = [
        sent,
        ends('failed'),
        later([unique('p')], now + MINUTE),
        again([unique('p')], later([unique('p')], now + MINUTE)),
      ]
      for (const next of nexts) {
        const row = await sending(open(), now)
        const outcome = next === sent ? 'accepted' : 'unavailable'
        const one = settlement(row, outcome, next, now)
        const first = await open().outbox.settle(one)
        const events = (await open().outbox.find(row.id))?.events
        for (const repeat of await parallel(20, () => open().outbox.settle(one))) expect(repeat).toEqual(first)
        const found = await open().outbox.find(row.id)
        expect(found?.attempts).toHaveLength(1)
        expect(found?.events).toEqual(events)
      }
    })

    it('lets exactly one of 20 parallel settlements with different ends be the truth', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      const answers = await parallel(20, (i) =>
        open().outbox.settle(settlement(row, 'accepted', i % 2 ? sent : ends('failed'), now)),
      )
      const statuses = new Set(answers.map((answer) => told(answer, 'ended').status))
      expect([...statuses]).toEqual([await statusOf(open(), row.id)])
      expect((await open().outbox.find(row.id))?.attempts).toHaveLength(1)
    })

    it('numbers further attempts on from those on record', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      for (const n of [1, 2, 3]) {
        const at = now + n * MINUTE
        const held = n === 1 ? row : await claimRow(open(), row.id, at)
        expect(held.attempt).toBe(n - 1)
        await open().outbox.settle(settlement(held, 'throttled', later(row.providers, at + MINUTE), at))
      }
      expect((await open().outbox.find(row.id))?.attempts).toHaveLength(3)
    })
  })

  describe('a row past `startBy` when it settles', () => {
    it.each([
      ['later', 'unavailable', 'expired'],
      ['again', 'unavailable', 'expired'],
      ['later', 'unknown', 'unknown'],
      ['again', 'unknown', 'unknown'],
    ] as const)('into %s after %s ends %s', async (kind, outcome, status) => {
      const now = Date.now()
      const row = await sending(open(), now, { startBy: now + SECOND })
      const at = now + 2 * SECOND
      const put = later([unique('p')], at + SECOND)
      const next = kind === 'later' ? put : again([unique('p')], put)
      const settled = await open().outbox.settle(settlement(row, outcome, next, at))
      expect(settled).toMatchObject({ kind: 'ended', status })
      expect((await open().outbox.find(row.id))?.attempts).toHaveLength(1)
    })

    it('is still sent when its provider took it', async () => {
      const now = Date.now()
      const row = await sending(open(), now, { startBy: now + SECOND })
      const settled = await open().outbox.settle(settlement(row, 'accepted', sent, now + 2 * SECOND))
      expect(settled).toMatchObject({ kind: 'ended', status: 'sent' })
    })
  })

  describe('doubt', () => {
    it('stays with the row until the settlement says otherwise', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      await open().outbox.settle(settlement(row, 'unknown', later(row.providers, now), now))
      const second = await claimRow(open(), row.id, now)
      expect(second.ambiguous).toBe(true)
      await open().outbox.settle(settlement(second, 'accepted', sent, now, { ambiguous: false }))
      expect(await open().outbox.find(row.id)).toMatchObject({ status: 'sent', ambiguous: false })
    })
  })

  describe('the events of a message', () => {
    it('follow one another as the state machine allows', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      await open().outbox.settle(settlement(row, 'unavailable', later(row.providers, now), now))
      const second = await claimRow(open(), row.id, now + SECOND)
      await open().outbox.settle(settlement(second, 'rejected', ends('failed'), now + SECOND))
      await open().outbox.replay(row.id, false, now + MINUTE, now + 2 * SECOND)
      const third = await claimRow(open(), row.id, now + 2 * SECOND)
      await open().outbox.settle(settlement(third, 'accepted', sent, now + 3 * SECOND))
      const events = (await open().outbox.find(row.id))?.events ?? []
      const types = events.map((event) => event.type as Status)
      expect(types[0]).toBe('queued')
      expect(types.at(-1)).toBe('sent')
      for (const [i, type] of types.entries()) {
        if (i > 0) expect([types[i - 1], type, mayFollow(types[i - 1]!, type)]).toEqual([types[i - 1], type, true])
      }
      const seqs = events.map((event) => event.seq)
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
    })
  })
}
