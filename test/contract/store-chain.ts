// Contract: many rows that are due together leave six at a time, by priority, each worker waking the next.
import { describe, expect, it } from 'vitest'
import type { NewMessage } from '../../lib/ports/admission.ts'
import { ARM_HORIZON_MS, CLAIM_MAX, CLAIM_WALK_MAX, LEFT_TO_WORKERS_MS } from '../../lib/rules/numbers.ts'
import type { Priority } from '../../lib/rules/status.ts'
import {
  drain,
  ends,
  group,
  later,
  MINUTE,
  message,
  newLease,
  type Opened,
  queued,
  SECOND,
  sent,
  settlement,
  times,
  told,
  unique,
} from './store-kit.ts'

export function chainContract(open: Opened): void {
  /** An instant at which nobody else has rows under lease, with nothing due before it. */
  const alone = async (minutes: number): Promise<number> => {
    const now = Date.now() + minutes * MINUTE
    await drain(open(), now)
    return now
  }
  const rows = (now: number, n: number, priority: Priority, more: Partial<NewMessage> = {}) =>
    times(n, () => message(now, { priority, ...more }))

  describe('a batch', () => {
    it('starts six of its rows, by priority, over all its groups; a repeat is told the same', async () => {
      const now = await alone(61)
      const lease = newLease(now)
      const messages = [...rows(now, 4, 'low'), ...rows(now, 4, 'high'), ...rows(now, 4, 'medium')]
      const groups = messages.map((row) => group(now, [row], { claim: lease }))
      for (let turn = 0; turn < 2; turn++) {
        const answers = (await open().outbox.admit(groups)).map((one) => told(one, 'admitted'))
        const claimed = answers.flatMap((one) => one.claimed.map((row) => row.id))
        const [high, medium] = [messages.slice(4, 8), messages.slice(8, 10)]
        expect(claimed.toSorted()).toEqual([...high, ...medium].map((row) => row.id).toSorted())
        const waiting = answers.flatMap((one) => one.waiting)
        expect(waiting).toHaveLength(6)
        expect(waiting.every((one) => one.dueAt === now && one.generation === 0)).toBe(true)
      }
    })
  })

  describe('a woken worker', () => {
    it('claims its own row, fills its places by priority, and is told who is next', async () => {
      const now = await alone(64)
      const [mine] = rows(now, 1, 'low')
      const all = [mine!, ...rows(now, 9, 'low'), ...rows(now, 1, 'high')]
      await open().outbox.admit(all.map((row) => group(now, [row])))
      const [first, high] = [mine!.id, all.at(-1)!.id]
      const lease = newLease(now)
      const claims = await open().outbox.claim({ ids: [first], due: true }, CLAIM_MAX, lease, now)
      expect(claims.claimed.map((row) => row.id)).toContain(first)
      expect(claims.claimed.map((row) => row.id)).toContain(high)
      expect(claims.claimed).toHaveLength(CLAIM_MAX)
      const held = new Set(claims.claimed.map((row) => row.id))
      const left = all.filter((row) => !held.has(row.id)).map((row) => row.id)
      expect(left).toContain(claims.next?.id)
      expect(claims.next).toMatchObject({ generation: 0, dueAt: now })
      const again = await open().outbox.claim({ ids: [first], due: true }, CLAIM_MAX, lease, now)
      expect(again.claimed.map((row) => row.id).toSorted()).toEqual([...held].toSorted())
      const rest = await open().outbox.claim({ ids: [claims.next?.id ?? ''], due: true }, CLAIM_MAX, newLease(now), now)
      expect(rest.claimed.map((row) => row.id).toSorted()).toEqual(left.toSorted())
      expect(rest.next).toBeUndefined()
    })

    it('works for others where its own row has ended', async () => {
      const now = await alone(67)
      const [gone, other] = [await queued(open(), now), await queued(open(), now)]
      await open().outbox.cancel(gone.id, now)
      const claims = await open().outbox.claim({ ids: [gone.id], due: true }, CLAIM_MAX, newLease(now), now)
      expect(claims.claimed.map((row) => row.id)).toEqual([other.id])
      expect(claims.unclaimed).toEqual([{ id: gone.id, why: 'ended', status: 'cancelled' }])
    })

    it('takes nobody else’s rows when it asks for its own alone', async () => {
      const now = await alone(70)
      const [mine] = [await queued(open(), now), await queued(open(), now)]
      const claims = await open().outbox.claim({ ids: [mine.id] }, CLAIM_MAX, newLease(now), now)
      expect(claims.claimed.map((row) => row.id)).toEqual([mine.id])
      expect(claims.next).toBeUndefined()
    })

    it('gives no place to rows that it puts behind an open breaker', async () => {
      const now = await alone(73)
      const dead = unique('dead')
      const [probe] = await open().outbox.admit([
        group(now, rows(now, 1, 'high', { providers: [dead] }), { claim: newLease(now) }),
      ])
      const [held] = told(probe!, 'admitted').claimed
      await open().outbox.settle(
        settlement(held!, 'misconfigured', later([dead], now + MINUTE), now, { breaker: 'held' }),
      )
      const behind = rows(now, 30, 'medium', { providers: [dead] })
      const well = rows(now, 2, 'low')
      await open().outbox.admit([...behind, ...well].map((row) => group(now, [row])))
      const claims = await open().outbox.claim({ due: true }, CLAIM_MAX, newLease(now), now)
      expect(claims.claimed.map((row) => row.id).toSorted()).toEqual(well.map((row) => row.id).toSorted())
      expect(claims.unclaimed.length).toBe(30)
      expect(claims.next).toBeUndefined()
      expect(30).toBeLessThan(CLAIM_WALK_MAX)
    })
  })

  describe('the sweeper', () => {
    it('leaves rows of lower priority to workers that are busy with others, for a minute', async () => {
      const now = await alone(57)
      const all = [...rows(now, 14, 'low'), ...rows(now, 1, 'high')]
      await open().outbox.admit(all.map((row) => group(now, [row])))
      const { claimed } = await open().outbox.claim(
        { ids: all.slice(0, 6).map((row) => row.id) },
        6,
        newLease(now),
        now,
      )
      expect(claimed).toHaveLength(6)
      const overdue = async (at: number) => (await open().outbox.due(ARM_HORIZON_MS, 100, at)).overdue
      expect(await overdue(now + SECOND)).toBe(1)
      for (const row of claimed.slice(0, 2)) await open().outbox.settle(settlement(row, 'accepted', sent, now + SECOND))
      expect(await overdue(now + SECOND)).toBe(1 + 2)
      for (const row of claimed.slice(2))
        await open().outbox.settle(settlement(row, 'rejected', ends('failed'), now + SECOND))
      expect(await overdue(now + SECOND)).toBe(1 + 8)
      await open().outbox.claim({ ids: all.slice(6, 12).map((row) => row.id) }, 6, newLease(now), now + SECOND)
      expect(await overdue(now + 2 * SECOND)).toBe(1)
      expect(await overdue(now + LEFT_TO_WORKERS_MS)).toBe(1 + 8)
    })
  })
}
