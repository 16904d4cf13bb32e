// The store repeats a request whose answer got lost: it is told the same, and nothing happens twice.
import { describe, expect, it } from 'vitest'
import type { Admission } from '../../../lib/ports/admission.ts'
import {
  admit,
  challenge,
  codeRow,
  DAY,
  ends,
  group,
  guess,
  HOUR,
  later,
  MINUTE,
  newLease,
  one,
  opening,
  place,
  queued,
  right,
  sending,
  settlement,
  told,
  unique,
  wrong,
} from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

onRedis('redis behind a bad line', (on) => {
  const ending = async (status: 'sent' | 'failed', now: number): Promise<string> => {
    const row = await sending(on.store, now)
    const outcome = status === 'sent' ? 'accepted' : 'rejected'
    await on.store.outbox.settle(settlement(row, outcome, ends(status), now))
    return row.id
  }

  describe('a lost answer', () => {
    /** Runs the step twice from the same start: once in peace, once with its first answer lost. */
    async function expectSame<T>(make: () => Promise<() => Promise<T>>, plain: (answer: T) => unknown): Promise<void> {
      const calm = plain(await (await make())())
      const step = await make()
      on.upstash.mode({ kind: 'lose_answer', times: 1 })
      on.upstash.reset()
      expect(plain(await step())).toEqual(calm)
      expect(on.upstash.requests()).toBe(2)
    }
    const kindOf = (answer: { kind: string }) => answer.kind

    it('of admit claims the same rows once', async () => {
      const now = Date.now()
      await expectSame(
        async () => {
          const c = challenge(now)
          const whole = opening(now, c, codeRow(now, c), { claim: newLease(now) })
          return () => admit(on.store, whole)
        },
        (answer) => {
          const { claimed, waiting, usage } = told(answer, 'admitted')
          return { n: claimed.length, attempt: claimed[0]?.attempt, waiting, usage }
        },
      )
    })

    it('of a hastening resend is still a hastening', async () => {
      const now = Date.now()
      await expectSame(
        async () => {
          const c = challenge(now)
          await admit(on.store, opening(now, c, codeRow(now, c)))
          const send = { id: c.id, channel: 'email', codeExpiresAt: now + HOUR, resendAt: now + MINUTE } as const
          const idempotency = { key: unique('key'), fingerprint: 'a' }
          const more: Partial<Admission> = { challenge: { resend: send }, idempotency, claim: newLease(now) }
          return () => admit(on.store, group(now, [codeRow(now, c)], more))
        },
        (answer) => told(answer, 'hastened').claimed.length,
      )
    })

    it('of claim holds the same rows, and still tells of the others', async () => {
      const now = Date.now()
      await expectSame(
        async () => {
          const [row, gone] = [await queued(on.store, now), await queued(on.store, now)]
          await on.store.outbox.cancel(gone.id, now)
          return () => on.store.outbox.claim({ ids: [row.id, gone.id] }, 6, newLease(now), now)
        },
        ({ claimed, unclaimed }) => [claimed.length, claimed[0]?.lost, unclaimed.map((one) => one.why)],
      )
    })

    it('of settle records one attempt', async () => {
      const now = Date.now()
      for (const next of [ends('failed'), later([unique('p')], now + MINUTE)]) {
        let id = ''
        await expectSame(async () => {
          const row = await sending(on.store, now)
          id = row.id
          return () => on.store.outbox.settle(settlement(row, 'unavailable', next, now))
        }, kindOf)
        expect((await on.store.outbox.find(id))?.attempts).toHaveLength(1)
      }
    })

    it('of check spends one guess, and approves the one who asked', async () => {
      const now = Date.now()
      for (const proof of [wrong, right]) {
        await expectSame(
          async () => {
            const c = challenge(now)
            await admit(on.store, opening(now, c, codeRow(now, c)))
            return () => on.store.challenges.check(guess(c, proof(c), now))
          },
          (answer) => ({ ...answer, usage: [] }),
        )
      }
    })

    it('of take takes one place', async () => {
      const now = Date.now()
      await expectSame(
        async () => {
          const takes = [place(unique('series'), [one('two', 2, HOUR)])]
          return () => on.store.limits.take(takes, now)
        },
        (answer) => answer.usage,
      )
    })

    it('of cancel, reschedule and replay is what they did', async () => {
      const now = Date.now()
      const put = async () => (await queued(on.store, now)).id
      await expectSame(async () => {
        const id = await put()
        return () => on.store.outbox.cancel(id, now)
      }, kindOf)
      await expectSame(
        async () => {
          const id = await put()
          return () => on.store.outbox.reschedule(id, now + HOUR, now)
        },
        (answer) => ({ ...answer, id: '' }),
      )
      await expectSame(
        async () => {
          const id = await ending('failed', now)
          return () => on.store.outbox.replay(id, false, now + DAY, now)
        },
        (answer) => ({ ...answer, id: '' }),
      )
    })

    it('of due names the rows whose wake it armed', async () => {
      const now = Date.now()
      await expectSame(
        async () => {
          await on.store.outbox.due(HOUR, 100, now + 50 * MINUTE)
          const row = await queued(on.store, now, { dueAt: now + HOUR })
          return async () => {
            const { upcoming } = await on.store.outbox.due(HOUR, 100, now + 55 * MINUTE)
            return upcoming.some((one) => one.id === row.id)
          }
        },
        (named) => named,
      )
    })

    it('of report and audit writes one entry', async () => {
      const now = Date.now()
      const row = await sending(on.store, now)
      const kind = unique('kind')
      on.upstash.mode({ kind: 'lose_answer', times: 1 })
      const report = { messageId: row.id, provider: row.intent, at: now, eventId: unique('e'), now }
      expect(await on.store.outbox.report({ ...report, type: 'delivered' })).toBe(true)
      on.upstash.mode({ kind: 'lose_answer', times: 1 })
      await on.store.audit.append({ at: now, kind, person: null, opener: null, agent: null, ip: null })
      const events = (await on.store.outbox.find(row.id))?.events ?? []
      expect(events.filter((event) => event.type === 'delivered')).toHaveLength(1)
      expect((await on.store.audit.list(100)).filter((entry) => entry.kind === kind)).toHaveLength(1)
    })
  })
})
