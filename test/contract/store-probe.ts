// Contract: a breaker's probe is one row. Rows of the same claim share its lease token, and no more than that.
import { describe, expect, it } from 'vitest'
import type { Claimed } from '../../lib/ports/row.ts'
import { BREAKER, LEASE_MS } from '../../lib/rules/numbers.ts'
import {
  HOUR,
  later,
  MINUTE,
  newLease,
  type Opened,
  queued,
  sending,
  settlement,
  times,
  told,
  unique,
} from './store-kit.ts'

export function probeContract(open: Opened): void {
  const ask = async (provider: string, now: number) => {
    const row = await queued(open(), now, { providers: [provider] })
    return open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now)
  }

  describe('the probe, beside a lost row of the same claim,', () => {
    /** One claim that takes a lost row of a broken provider, and the probe of it. */
    const both = async (now: number) => {
      const provider = unique('provider')
      const slow = await sending(open(), now, { providers: [provider] })
      for (const _ of times(BREAKER.failuresMax, (i) => i)) {
        const row = await sending(open(), now, { providers: [provider] })
        await open().outbox.settle(settlement(row, 'unavailable', later([unique('elsewhere')], now + HOUR), now))
      }
      const at = now + MINUTE
      const due = await queued(open(), at, { providers: [provider] })
      const { claimed } = await open().outbox.claim({ ids: [slow.id, due.id] }, 2, newLease(at), at)
      expect(claimed.map((row) => [row.id, row.lost])).toEqual([
        [slow.id, true],
        [due.id, false],
      ])
      const [lost, probe] = claimed as [Claimed, Claimed]
      return { provider, lost, probe, at, next: later([provider], at + HOUR) }
    }

    it('is not given back when that one says nothing', async () => {
      const { provider, lost, probe, at, next } = await both(Date.now())
      const none = settlement(lost, 'unknown', next, at, { record: null, breaker: 'none' })
      told(await open().outbox.settle(none), 'queued')
      expect((await ask(provider, at)).unclaimed).toMatchObject([{ why: 'behind', dueAt: at + LEASE_MS }])
      told(await open().outbox.settle(settlement(probe, 'throttled', next, at)), 'queued')
      expect((await ask(provider, at)).claimed).toHaveLength(1)
    })

    it('is not judged by a failure of that one', async () => {
      const { provider, lost, at, next } = await both(Date.now())
      told(await open().outbox.settle(settlement(lost, 'unknown', next, at)), 'queued')
      expect((await ask(provider, at)).unclaimed).toMatchObject([{ why: 'behind', dueAt: at + LEASE_MS }])
    })
  })
}
