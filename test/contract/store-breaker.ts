// Contract: the providers' breakers, shared by all workers. One probe at a time, one alert per outage.
import { describe, expect, it } from 'vitest'
import type { Alert, Settled, Settlement } from '../../lib/ports/outbox.ts'
import { LEASE_MS } from '../../lib/rules/numbers.ts'
import type { OutcomeKind } from '../../lib/rules/status.ts'
import {
  again,
  claimRow,
  HOUR,
  later,
  MINUTE,
  type message,
  newLease,
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

export function breakerContract(open: Opened): void {
  const alertOf = (settled: Settled): Alert | null => (settled.kind === 'lost' ? null : settled.alert)
  const state = async (provider: string, now: number) =>
    (await open().outbox.stats(now)).breakers.find((one) => one.provider === provider)?.state ?? 'closed'
  const isOpen = async (provider: string, now: number) => (await state(provider, now)) === 'open'

  /** One attempt of a fresh row at the provider; answers the alert it was told to give. */
  const attempt = async (
    provider: string,
    outcome: OutcomeKind,
    now: number,
    more: Partial<Settlement> = {},
  ): Promise<Alert | null> => {
    const row = await sending(open(), now, { providers: [provider] })
    expect(row.intent).toBe(provider)
    const next = outcome === 'accepted' ? sent : later([unique('elsewhere')], now + HOUR)
    return alertOf(await open().outbox.settle(settlement(row, outcome, next, now, more)))
  }
  const fail = async (provider: string, n: number, now: number) => {
    const alerts: (Alert | null)[] = []
    for (let i = 0; i < n; i++) alerts.push(await attempt(provider, 'unavailable', now))
    return alerts
  }
  /** What a claim of a fresh row for this provider alone comes to. */
  const ask = async (provider: string, now: number, more: Parameters<typeof message>[1] = {}) => {
    const row = await queued(open(), now, { providers: [provider], ...more })
    return open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now)
  }

  describe('a breaker', () => {
    it('opens for a minute after five failures in a row, and says so once', async () => {
      const now = Date.now()
      const provider = unique('provider')
      const alerts = await fail(provider, 5, now)
      expect(alerts).toEqual([null, null, null, null, { provider, state: 'down', code: 'unavailable_code' }])
      expect((await open().outbox.stats(now)).breakers.find((one) => one.provider === provider)).toEqual({
        provider,
        state: 'open',
        failures: 5,
        openUntil: now + MINUTE,
        code: 'unavailable_code',
      })
      const { claimed, unclaimed } = await ask(provider, now + MINUTE - 1)
      expect(claimed).toEqual([])
      expect(unclaimed).toMatchObject([{ why: 'later', dueAt: now + MINUTE }])
      expect((await ask(provider, now + MINUTE)).claimed).toHaveLength(1)
    })

    it('counts unknown outcomes like unavailable ones', async () => {
      const now = Date.now()
      const provider = unique('provider')
      for (const outcome of ['unknown', 'unavailable', 'unknown', 'unavailable', 'unknown'] as const) {
        await attempt(provider, outcome, now)
      }
      expect(await isOpen(provider, now)).toBe(true)
    })

    it.each(['accepted', 'rejected'] as const)('starts counting anew after an outcome of %s', async (outcome) => {
      const now = Date.now()
      const provider = unique('provider')
      await fail(provider, 4, now)
      expect(await attempt(provider, outcome, now)).toBeNull()
      expect(await fail(provider, 4, now)).toEqual([null, null, null, null])
      expect(await isOpen(provider, now)).toBe(false)
    })

    it('is neither opened nor closed by a throttled attempt', async () => {
      const now = Date.now()
      const provider = unique('provider')
      await fail(provider, 4, now)
      for (let i = 0; i < 5; i++) await attempt(provider, 'throttled', now)
      expect(await isOpen(provider, now)).toBe(false)
      await fail(provider, 1, now)
      expect(await isOpen(provider, now)).toBe(true)
    })

    it('forgets failures after five minutes', async () => {
      const now = Date.now()
      const provider = unique('provider')
      await fail(provider, 4, now)
      await fail(provider, 4, now + 5 * MINUTE)
      expect(await isOpen(provider, now + 5 * MINUTE)).toBe(false)
      await fail(provider, 1, now + 10 * MINUTE - 1)
      expect(await isOpen(provider, now + 10 * MINUTE - 1)).toBe(true)
    })

    it('is held open ten minutes by one misconfigured attempt', async () => {
      const now = Date.now()
      const provider = unique('provider')
      const alert = await attempt(provider, 'misconfigured', now)
      expect(alert).toEqual({ provider, state: 'down', code: 'misconfigured_code' })
      expect((await ask(provider, now + 10 * MINUTE - 1)).unclaimed).toMatchObject([{ dueAt: now + 10 * MINUTE }])
      expect((await ask(provider, now + 10 * MINUTE)).claimed).toHaveLength(1)
    })

    it('is passed over for the next candidate, by claim and by settle', async () => {
      const now = Date.now()
      const [dead, good] = [unique('dead'), unique('good')]
      await fail(dead, 5, now)
      const row = await sending(open(), now, { providers: [dead, good] })
      expect(row.intent).toBe(good)
      const third = unique('third')
      const next = again([dead, third], later([dead], now + HOUR))
      const settled = await open().outbox.settle(settlement(row, 'unavailable', next, now))
      expect(told(settled, 'again').intent).toBe(third)
    })

    it('of every candidate makes a settled row wait as it was told', async () => {
      const now = Date.now()
      const [dead, good] = [unique('dead'), unique('good')]
      await fail(dead, 5, now)
      const row = await sending(open(), now, { providers: [good, dead] })
      const next = again([dead], later([good, dead], now + 2 * SECOND, { plan: 'round two' }))
      const settled = await open().outbox.settle(settlement(row, 'unavailable', next, now))
      expect(settled).toMatchObject({ kind: 'queued', dueAt: now + 2 * SECOND })
      const claimed = await claimRow(open(), row.id, now + 2 * SECOND)
      expect(claimed).toMatchObject({ intent: good, plan: 'round two' })
    })

    it('of every candidate puts a claimed row off to the first opening, never past its own end', async () => {
      const now = Date.now()
      const [first, second] = [unique('first'), unique('second')]
      await fail(first, 5, now)
      await attempt(second, 'misconfigured', now)
      const both = { providers: [second, first] }
      expect((await ask('', now, both)).unclaimed).toMatchObject([{ why: 'later', dueAt: now + MINUTE }])
      const startBy = now + 20 * SECOND
      const short = await ask('', now, { ...both, startBy })
      expect(short.unclaimed).toMatchObject([{ why: 'behind', dueAt: startBy + 1 }])
      const id = short.unclaimed[0]?.id ?? ''
      const late = await open().outbox.claim({ ids: [id] }, 1, newLease(now), startBy + 1)
      expect(late.unclaimed).toEqual([{ id, why: 'ended', status: 'expired' }])
    })
  })

  describe('the probe', () => {
    const broken = async (now: number): Promise<string> => {
      const provider = unique('provider')
      await fail(provider, 5, now)
      return provider
    }

    it('is one: of 20 parallel claims one gets through, the others wait for its lease', async () => {
      const now = Date.now()
      const provider = await broken(now)
      const at = now + MINUTE
      const rows = await parallel(20, () => queued(open(), at, { providers: [provider] }))
      const answers = await parallel(20, (i) => open().outbox.claim({ ids: [rows[i]!.id] }, 1, newLease(at), at))
      expect(answers.flatMap((answer) => answer.claimed)).toHaveLength(1)
      const dueAt = answers.flatMap((answer) => answer.unclaimed.map((one) => (one.why === 'behind' ? one.dueAt : 0)))
      expect(dueAt).toEqual(Array.from({ length: 19 }, () => at + LEASE_MS))
    })

    it('is one even among the rows of a single claim', async () => {
      const now = Date.now()
      const provider = await broken(now)
      const at = now + MINUTE
      const ids = (await parallel(6, () => queued(open(), at, { providers: [provider] }))).map((row) => row.id)
      const { claimed, unclaimed } = await open().outbox.claim({ ids }, 6, newLease(at), at)
      expect([claimed.length, unclaimed.length]).toEqual([1, 5])
    })

    it('closes the breaker by a success, and tells of the recovery exactly once', async () => {
      const now = Date.now()
      const provider = await broken(now)
      const at = now + MINUTE
      expect(await attempt(provider, 'accepted', at)).toEqual({
        provider,
        state: 'recovered',
        code: 'unavailable_code',
      })
      expect(await isOpen(provider, at)).toBe(false)
      expect(await attempt(provider, 'accepted', at)).toBeNull()
      expect((await parallel(5, () => ask(provider, at))).flatMap((one) => one.claimed)).toHaveLength(5)
      expect(await fail(provider, 4, at)).toEqual([null, null, null, null])
    })

    it('keeps it open another minute by a failure, without a second alert', async () => {
      const now = Date.now()
      const provider = await broken(now)
      const at = now + MINUTE
      expect(await attempt(provider, 'unavailable', at)).toBeNull()
      expect((await ask(provider, at + MINUTE - 1)).unclaimed).toMatchObject([{ dueAt: at + MINUTE }])
      expect((await ask(provider, at + MINUTE)).claimed).toHaveLength(1)
    })

    it('is given back by an attempt that says nothing, or that was never made', async () => {
      const now = Date.now()
      for (const record of ['throttled', null] as const) {
        const provider = await broken(now)
        const at = now + MINUTE
        const row = await sending(open(), at, { providers: [provider] })
        const next = later([unique('elsewhere')], at + HOUR)
        const more = record === null ? { record } : {}
        told(await open().outbox.settle(settlement(row, 'throttled', next, at, more)), 'queued')
        expect((await ask(provider, at)).claimed).toHaveLength(1)
      }
    })

    it('ends with its lease', async () => {
      const now = Date.now()
      const provider = await broken(now)
      const at = now + MINUTE
      await sending(open(), at, { providers: [provider] })
      expect((await ask(provider, at + LEASE_MS - 1)).claimed).toEqual([])
      expect((await ask(provider, at + LEASE_MS)).claimed).toHaveLength(1)
    })

    it('is not made by a success that started before the breaker opened', async () => {
      const now = Date.now()
      const provider = unique('provider')
      const slow = await sending(open(), now, { providers: [provider] })
      await fail(provider, 5, now + SECOND)
      const at = now + 2 * SECOND
      const settled = await open().outbox.settle(settlement(slow, 'accepted', sent, at, { startedAt: now }))
      expect(settled).toEqual({ kind: 'ended', status: 'sent', alert: null, released: [] })
      expect(await isOpen(provider, at)).toBe(true)
    })
  })

  describe('the alert', () => {
    it('is told to exactly one of 20 parallel failing workers', async () => {
      const now = Date.now()
      const provider = unique('provider')
      const rows = await parallel(20, () => sending(open(), now, { providers: [provider] }))
      const settled = await parallel(20, (i) =>
        open().outbox.settle(settlement(rows[i]!, 'unavailable', later([unique('p')], now + HOUR), now)),
      )
      expect(settled.map(alertOf).filter((alert) => alert !== null)).toEqual([
        { provider, state: 'down', code: 'unavailable_code' },
      ])
    })

    it('is repeated at most hourly while the outage lasts', async () => {
      const now = Date.now()
      const provider = unique('provider')
      const told: number[] = []
      await fail(provider, 4, now)
      for (let at = now; at <= now + 2 * HOUR + 5 * MINUTE; at += 5 * MINUTE) {
        if (await attempt(provider, 'unavailable', at)) told.push((at - now) / MINUTE)
      }
      expect(told).toEqual([0, 60, 120])
    })

    it('is told anew for the next outage after a recovery', async () => {
      const now = Date.now()
      const provider = unique('provider')
      expect((await fail(provider, 5, now)).at(-1)?.state).toBe('down')
      expect((await attempt(provider, 'accepted', now + MINUTE))?.state).toBe('recovered')
      expect((await fail(provider, 5, now + 2 * MINUTE)).at(-1)?.state).toBe('down')
    })

    it('of a recovery is told to exactly one of many', async () => {
      const now = Date.now()
      const provider = unique('provider')
      await attempt(provider, 'misconfigured', now)
      const at = now + 10 * MINUTE
      const probe = await sending(open(), at, { providers: [provider] })
      const one = settlement(probe, 'accepted', sent, at)
      const first = await open().outbox.settle(one)
      expect(alertOf(first)).toEqual({ provider, state: 'recovered', code: 'misconfigured_code' })
      const rest = await parallel(10, () => attempt(provider, 'accepted', at))
      expect(rest.filter((alert) => alert !== null)).toEqual([])
    })

    it('names the failure that opened the breaker, not one that came after', async () => {
      const now = Date.now()
      const provider = unique('provider')
      const straggler = await sending(open(), now, { providers: [provider] })
      await fail(provider, 5, now)
      const next = later([unique('p')], now + HOUR)
      await open().outbox.settle(settlement(straggler, 'unavailable', next, now, { code: 'straggler' }))
      expect((await attempt(provider, 'accepted', now + MINUTE))?.code).toBe('unavailable_code')
    })
  })
}
