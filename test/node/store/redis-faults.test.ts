// One request a step; and faults that come in time and tell nothing.
import { describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/outcome/fault.ts'
import { RECIPIENT_PERIOD_MS } from '../../../lib/rules/numbers.ts'
import { redisStore } from '../../../lib/store/redis/store.ts'
import {
  admit,
  challenge,
  codeRow,
  DAY,
  group,
  guess,
  HOUR,
  later,
  message,
  newLease,
  one,
  opening,
  place,
  settlement,
  told,
  unique,
  wrong,
} from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

onRedis('redis requests', (on) => {
  describe('requests', () => {
    it('are one a step', async () => {
      const now = Date.now()
      const c = challenge(now)
      const row = codeRow(now, c)
      const takes = [place(unique('ip'), [one('hour', 5, HOUR)])]
      const counted = async (step: () => Promise<unknown>) => {
        await step()
        on.upstash.reset()
        await step()
        return on.upstash.commands()
      }
      const claim = newLease(now)
      const [held] = told(await admit(on.store, opening(now, c, row, { claim })), 'admitted').claimed
      const steps: Record<string, () => Promise<unknown>> = {
        admit: () => admit(on.store, opening(now, c, row, { claim })),
        check: () => on.store.challenges.check(guess(c, wrong(), now)),
        view: () => on.store.challenges.view(c.id, now),
        claim: () => on.store.outbox.claim({ ids: [row.id] }, 1, newLease(now), now),
        settle: () => on.store.outbox.settle(settlement(held!, 'unavailable', later([unique('p')], now), now)),
        due: () => on.store.outbox.due(0, 100, now - DAY),
        take: () => on.store.limits.take(takes, now),
        find: () => on.store.outbox.find(row.id),
        list: () => on.store.outbox.list({ limit: 10 }),
        stats: () => on.store.outbox.stats(now),
        events: () => on.store.events.after(0, 10),
      }
      for (const [name, step] of Object.entries(steps))
        expect([name, ...(await counted(step))]).toEqual([name, 'EVALSHA'])
    })

    it('load a script again after Redis has forgotten it', async () => {
      await on.store.outbox.stats(Date.now())
      await on.upstash.redis('SCRIPT', 'FLUSH')
      on.upstash.reset()
      await on.store.outbox.stats(Date.now())
      expect(on.upstash.commands()).toEqual(['EVALSHA', 'EVAL'])
      await on.store.outbox.stats(Date.now())
      expect(on.upstash.commands()).toEqual(['EVALSHA', 'EVAL', 'EVALSHA'])
    })

    it('may leave the clock to Redis', async () => {
      const row = message(0, { dueAt: 0, giveUpAt: Date.now() + DAY })
      told(await admit(on.store, group(0, [row])), 'admitted')
      const found = await on.store.outbox.find(row.id)
      expect(Math.abs((found?.createdAt ?? 0) - Date.now())).toBeLessThan(5_000)
    })
  })

  describe('a fault', () => {
    const secret = 'recipient-to-keep-quiet'
    const step = () => on.store.outbox.list({ recipient: secret, limit: 1 })
    async function faultOf(call: () => Promise<unknown>): Promise<Fault> {
      const error = await call().then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(Fault)
      return error as Fault
    }
    /** Everything a careless log could print of it. */
    const whole = (error: unknown): string =>
      error instanceof Error ? `${error.message}\n${error.stack}\n${whole(error.cause)}` : String(error)

    it.each([
      ['down', { kind: 'down' }],
      ['hanging', { kind: 'slow', ms: 5_000 }],
      ['answering by halves', { kind: 'half' }],
      ['losing every answer', { kind: 'lose_answer' }],
    ] as const)('of a Redis that is %s comes within 2.2 s, after one repeat', async (_name, mode) => {
      on.upstash.mode(mode)
      on.upstash.reset()
      const startedAt = performance.now()
      const fault = await faultOf(step)
      expect(performance.now() - startedAt).toBeLessThan(2_200)
      expect(fault.port).toBe('store')
      expect(on.upstash.requests()).toBe(2)
      expect(whole(fault)).not.toContain(secret)
    })

    it('of a Redis that only reads comes at once and names its reason', async () => {
      on.upstash.mode({ kind: 'readonly' })
      on.upstash.reset()
      const fault = await faultOf(step)
      expect((fault.cause as Error).message).toBe('redis: READONLY')
      expect(on.upstash.requests()).toBe(1)
      expect(whole(fault)).not.toContain(secret)
    })

    it('of a wrong token quotes neither the token nor the command', async () => {
      const stranger = redisStore({ url: on.upstash.url, token: 'not-the-token' })
      const fault = await faultOf(() => stranger.outbox.list({ recipient: secret, limit: 1 }))
      expect((fault.cause as Error).message).toBe('redis: WRONGPASS')
      expect(whole(fault)).not.toMatch(/not-the-token|recipient-to-keep-quiet|posta:/)
    })

    it('of a script names the line and quotes nothing', async () => {
      await admit(on.store, group(Date.now(), [message(Date.now())]))
      const name = `posta:recipient:${secret}:${Math.floor(Date.now() / RECIPIENT_PERIOD_MS)}`
      await on.upstash.redis('SET', name, 'not an index')
      const fault = await faultOf(step)
      expect((fault.cause as Error).message).toMatch(/^redis: [A-Z]+( in line \d+)?$/)
      expect(whole(fault)).not.toMatch(/recipient-to-keep-quiet|posta:/)
      await on.upstash.redis('DEL', name)
    })

    it('is over as soon as Redis is back', async () => {
      on.upstash.mode({ kind: 'down', times: 2 })
      await faultOf(() => on.store.ping())
      await on.store.ping()
      on.upstash.mode({ kind: 'half', times: 1 })
      await on.store.ping()
    })
  })
})
