// Contract: rows behind an open breaker. One of them probes; the others are woken by what it finds out, a few at a time.
import { describe, expect, it } from 'vitest'
import type { Claimed } from '../../lib/ports/row.ts'
import { ARM_HORIZON_MS, BREAKER } from '../../lib/rules/numbers.ts'
import {
  DAY,
  drain,
  ends,
  later,
  MINUTE,
  type message,
  newLease,
  type Opened,
  queued,
  SECOND,
  sending,
  sent,
  settlement,
  statusOf,
  times,
  told,
  unique,
} from './store-kit.ts'

export function behindContract(open: Opened): void {
  /** A provider whose breaker has just opened. */
  const broken = async (now: number): Promise<string> => {
    const provider = unique('provider')
    for (const _ of times(BREAKER.failuresMax, (n) => n)) {
      const row = await sending(open(), now, { providers: [provider] })
      await open().outbox.settle(settlement(row, 'unavailable', ends('failed'), now))
    }
    return provider
  }
  const claim = (id: string, now: number) => open().outbox.claim({ ids: [id] }, 1, newLease(now), now)
  /** Rows for that provider alone, each claimed once: the first will probe, the others wait. */
  const waiting = async (n: number, now: number, more: Parameters<typeof message>[1] = {}) => {
    const provider = await broken(now)
    const ids: string[] = []
    for (const _ of times(n, (index) => index)) {
      const row = await queued(open(), now, { providers: [provider], ...more })
      ids.push(row.id)
      const { unclaimed } = await claim(row.id, now)
      expect(unclaimed).toMatchObject([{ why: ids.length === 1 ? 'later' : 'behind', dueAt: now + MINUTE }])
    }
    return { provider, ids }
  }
  const probing = async (id: string, now: number): Promise<Claimed> => {
    const { claimed } = await claim(id, now)
    expect(claimed).toMatchObject([{ id }])
    return claimed[0]!
  }
  const succeed = async (row: Claimed, now: number) =>
    told(await open().outbox.settle(settlement(row, 'accepted', sent, now)), 'ended').released.map((one) => one.id)

  describe('a code that no other provider can take', () => {
    const code = { class: 'security', priority: 'high' } as const
    /** A provider that refused our key: nothing is to be asked of it for ten minutes. */
    const held = async (now: number): Promise<string> => {
      const provider = unique('provider')
      const row = await sending(open(), now, { providers: [provider] })
      await open().outbox.settle(settlement(row, 'misconfigured', ends('failed'), now))
      return provider
    }

    it('tries a held provider every 15 seconds, one at a time, and a success lets the others go', async () => {
      const now = Date.now()
      const provider = await held(now)
      const [first, second] = [
        await queued(open(), now, { providers: [provider], ...code }),
        await queued(open(), now, { providers: [provider], ...code }),
      ]
      const slow = await queued(open(), now, { providers: [provider] })
      const at = now + BREAKER.urgentMs
      expect((await claim(first.id, now)).unclaimed).toMatchObject([{ why: 'later', dueAt: at }])
      expect((await claim(second.id, now)).unclaimed).toMatchObject([{ why: 'behind' }])
      expect((await claim(slow.id, now)).unclaimed).toMatchObject([{ why: 'behind' }])
      const probe = await probing(first.id, at)
      expect((await claim(second.id, at)).unclaimed).toMatchObject([{ why: 'behind' }])
      const back = later([provider], at + SECOND)
      const again = told(await open().outbox.settle(settlement(probe, 'misconfigured', back, at)), 'queued')
      expect(again.dueAt).toBe(at + BREAKER.urgentMs)
      const well = await probing(first.id, again.dueAt)
      expect((await succeed(well, again.dueAt)).toSorted()).toEqual([second.id, slow.id].toSorted())
    })

    it('may be told by an operator that it is well: what waits goes on in portions', async () => {
      const now = Date.now()
      const provider = await held(now)
      const rows = [
        await queued(open(), now, { providers: [provider] }),
        await queued(open(), now, { providers: [provider] }),
      ]
      for (const row of rows) await claim(row.id, now)
      const mine = async () => (await open().outbox.breakers(now)).filter((one) => one.provider === provider)
      const open_until = now + BREAKER.heldMs
      expect(await mine()).toEqual([
        { provider, state: 'open', failures: 1, openUntil: open_until, code: 'misconfigured_code' },
      ])
      const { closed, released } = await open().outbox.closeBreaker(provider, now + SECOND)
      expect(closed).toBe(true)
      expect(released.map((one) => one.id)).toEqual(rows.map((row) => row.id))
      expect((await mine()).filter((one) => one.state !== 'closed')).toEqual([])
      await probing(rows[1]!.id, now + SECOND)
      expect((await open().outbox.closeBreaker(provider, now + SECOND)).closed).toBe(false)
    })

    it('leaves it alone while another one is well', async () => {
      const now = Date.now()
      const [ill, well] = [await held(now), unique('provider')]
      const row = await queued(open(), now, { providers: [ill, well], ...code })
      const { claimed } = await claim(row.id, now + BREAKER.urgentMs)
      expect(claimed).toMatchObject([{ intent: well }])
    })
  })

  describe('rows behind an open breaker', () => {
    it('are let go two at each success, by priority, until none is left', async () => {
      const now = Date.now()
      const { ids, provider } = await waiting(5, now)
      const high = await queued(open(), now, { providers: [provider], priority: 'high' })
      await claim(high.id, now)
      const at = now + MINUTE
      const first = await succeed(await probing(ids[0]!, at), at)
      expect(first).toHaveLength(2)
      expect(first[0]).toBe(high.id)
      const second = await succeed(await probing(first[0]!, at), at)
      const third = await succeed(await probing(second[0]!, at), at)
      expect(new Set([...first, ...second, ...third])).toEqual(new Set([high.id, ...ids.slice(1)]))
      expect(await succeed(await probing(third[0]!, at), at)).toEqual([])
      expect((await open().outbox.stats(at)).breakers.filter((one) => one.provider === provider)).toEqual([])
    })

    it('need no wake, and say so to whoever wakes them', async () => {
      const now = Date.now()
      const { ids } = await waiting(3, now)
      for (const id of ids.slice(1)) {
        const { unclaimed } = await claim(id, now + MINUTE)
        expect(unclaimed).toEqual([{ id, why: 'behind', dueAt: now + MINUTE }])
      }
    })

    it('stay where they are when the probe fails; the same row probes again', async () => {
      const now = Date.now()
      const { ids, provider } = await waiting(3, now)
      const at = now + MINUTE
      const row = await probing(ids[0]!, at)
      const again = later([provider], at + 2 * SECOND)
      expect(told(await open().outbox.settle(settlement(row, 'unavailable', again, at)), 'queued').released).toEqual([])
      expect((await claim(ids[0]!, at + 2 * SECOND)).unclaimed).toMatchObject([{ why: 'later', dueAt: at + MINUTE }])
      expect((await claim(ids[1]!, at + 2 * SECOND)).unclaimed).toMatchObject([{ why: 'behind' }])
    })

    it('end at their own end, which nothing hides', async () => {
      const now = Date.now()
      const startBy = now + 20 * SECOND
      const { ids } = await waiting(1, now)
      const provider = (await open().outbox.find(ids[0]!)) && (await broken(now))
      const first = await queued(open(), now, { providers: [provider!] })
      await claim(first.id, now)
      const short = await queued(open(), now, { providers: [provider!], startBy })
      expect((await claim(short.id, now)).unclaimed).toMatchObject([{ why: 'behind', dueAt: startBy + 1 }])
      expect((await claim(short.id, startBy + 1)).unclaimed).toEqual([
        { id: short.id, why: 'ended', status: 'expired' },
      ])
    })

    it('can be cancelled and moved like any other queued row', async () => {
      const now = Date.now()
      const { ids } = await waiting(3, now)
      expect(await open().outbox.cancel(ids[1]!, now)).toEqual({ kind: 'cancelled' })
      expect(await open().outbox.reschedule(ids[2]!, now + DAY, now)).toMatchObject({ kind: 'rescheduled' })
      expect((await claim(ids[2]!, now + MINUTE)).unclaimed).toMatchObject([{ why: 'later', dueAt: now + DAY }])
      const at = now + MINUTE
      expect(await succeed(await probing(ids[0]!, at), at)).toEqual([])
    })

    it('get another probe from the sweeper when the one they had is gone', async () => {
      const now = Date.now()
      const { ids } = await waiting(3, now)
      expect(await open().outbox.cancel(ids[0]!, now)).toEqual({ kind: 'cancelled' })
      await open().outbox.due(ARM_HORIZON_MS, 100, now + MINUTE - 1)
      expect((await claim(ids[1]!, now + MINUTE - 1)).unclaimed).toMatchObject([{ why: 'behind' }])
      await open().outbox.due(ARM_HORIZON_MS, 100, now + MINUTE)
      const row = await probing([...ids.slice(1)].sort()[0]!, now + MINUTE)
      expect(await succeed(row, now + MINUTE)).toHaveLength(1)
    })

    it('are let go by the sweeper when nothing else does', async () => {
      const now = Date.now()
      const { ids, provider } = await waiting(8, now)
      const at = now + MINUTE
      await drain(open(), at - 1)
      const first = await succeed(await probing(ids[0]!, at), at)
      // The two that were let go are cancelled: no success of theirs lets others go.
      for (const id of first) expect(await open().outbox.cancel(id, at)).toEqual({ kind: 'cancelled' })
      await open().outbox.due(ARM_HORIZON_MS, 100, at)
      for (const id of ids.slice(1)) {
        if (first.includes(id)) continue
        await probing(id, at)
        expect(await statusOf(open(), id)).toBe('sending')
      }
      const [left] = (await open().outbox.stats(at)).breakers.filter((one) => one.provider === provider)
      expect(left?.state ?? 'closed').toBe('closed')
    })
  })
}
