// Contract: what becomes of a challenge's messages when it is approved or used up.
import { describe, expect, it } from 'vitest'
import type { NewChallenge } from '../../lib/ports/challenges.ts'
import type { Claimed } from '../../lib/ports/row.ts'
import {
  admit,
  again,
  challenge,
  claimRow,
  codeRow,
  group,
  guess,
  later,
  MINUTE,
  newLease,
  type Opened,
  opening,
  parallel,
  right,
  SECOND,
  sent,
  settlement,
  statusOf,
  told,
  unique,
  wrong,
} from './store-kit.ts'

export function approvalContract(open: Opened): void {
  describe('approval', () => {
    /** A challenge with one row of each kind: queued, queued in doubt, being sent. */
    const busy = async (now: number): Promise<{ c: NewChallenge; calm: string; doubt: string; busy: Claimed }> => {
      const c = challenge(now)
      const rows = [codeRow(now, c, { dueAt: now + MINUTE }), codeRow(now, c), codeRow(now, c)] as const
      told(await admit(open(), group(now, [...rows], { challenge: { open: c } })), 'admitted')
      const doubt = await claimRow(open(), rows[1].id, now)
      const next = later(doubt.providers, now + MINUTE)
      told(await open().outbox.settle(settlement(doubt, 'unknown', next, now)), 'queued')
      return { c, calm: rows[0].id, doubt: doubt.id, busy: await claimRow(open(), rows[2].id, now) }
    }
    const approve = async (c: NewChallenge, now: number) =>
      expect((await open().challenges.check(guess(c, right(c), now))).kind).toBe('approved')

    it('cancels queued rows and ends those in doubt as unknown', async () => {
      const now = Date.now()
      const rows = await busy(now)
      await approve(rows.c, now + SECOND)
      expect(await statusOf(open(), rows.calm)).toBe('cancelled')
      expect(await statusOf(open(), rows.doubt)).toBe('unknown')
      expect(await statusOf(open(), rows.busy.id)).toBe('sending')
    })

    it('lets nothing of the challenge be claimed or queued again', async () => {
      const now = Date.now()
      const rows = await busy(now)
      await approve(rows.c, now + SECOND)
      const ids = [rows.calm, rows.doubt]
      const { claimed, unclaimed } = await open().outbox.claim({ ids }, 6, newLease(now), now + 2 * MINUTE)
      expect(claimed).toEqual([])
      expect(unclaimed).toEqual([
        { id: rows.calm, why: 'ended', status: 'cancelled' },
        { id: rows.doubt, why: 'ended', status: 'unknown' },
      ])
    })

    it.each(['later', 'again'] as const)('cancels a row under way that settles into %s', async (kind) => {
      const now = Date.now()
      const { c, busy: row } = await busy(now)
      await approve(c, now + SECOND)
      const other = [unique('provider')]
      const next = kind === 'later' ? later(other, now + MINUTE) : again(other, later(other, now + MINUTE))
      const settled = await open().outbox.settle(settlement(row, 'unavailable', next, now + 2 * SECOND))
      expect(settled).toMatchObject({ kind: 'ended', status: 'cancelled' })
      expect(await statusOf(open(), row.id)).toBe('cancelled')
    })

    it('ends a row under way that settles into another try as unknown when it is in doubt', async () => {
      const now = Date.now()
      const { c, busy: row } = await busy(now)
      await approve(c, now + SECOND)
      const next = later(row.providers, now + MINUTE)
      const settled = await open().outbox.settle(settlement(row, 'unknown', next, now + 2 * SECOND))
      expect(settled).toMatchObject({ kind: 'ended', status: 'unknown' })
    })

    it('leaves the truth to a row under way that was accepted', async () => {
      const now = Date.now()
      const { c, busy: row } = await busy(now)
      await approve(c, now + SECOND)
      const settled = await open().outbox.settle(settlement(row, 'accepted', sent, now + 2 * SECOND))
      expect(settled).toMatchObject({ kind: 'ended', status: 'sent' })
    })

    it('ends a row whose worker died as unknown instead of giving it to another', async () => {
      const now = Date.now()
      const { c, busy: row } = await busy(now)
      await approve(c, now + SECOND)
      const at = row.leaseUntil + 1
      const { claimed, unclaimed } = await open().outbox.claim({ ids: [row.id] }, 1, newLease(at), at)
      expect(claimed).toEqual([])
      expect(unclaimed).toEqual([{ id: row.id, why: 'ended', status: 'unknown' }])
    })

    it('and a claim in parallel leave a row either cancelled or under way', async () => {
      const now = Date.now()
      await parallel(20, async () => {
        const c = challenge(now)
        const row = codeRow(now, c)
        told(await admit(open(), opening(now, c, row)), 'admitted')
        const [checked, claims] = await Promise.all([
          open().challenges.check(guess(c, right(c), now)),
          open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now),
        ])
        expect(checked.kind).toBe('approved')
        expect(await statusOf(open(), row.id)).toBe(claims.claimed.length === 1 ? 'sending' : 'cancelled')
      })
    })
  })

  describe('the fifth wrong guess', () => {
    it('lets nothing of the challenge be sent any more', async () => {
      const now = Date.now()
      const c = challenge(now)
      const [waits, held] = [codeRow(now, c), codeRow(now, c)]
      told(await admit(open(), group(now, [waits, held], { challenge: { open: c } })), 'admitted')
      const row = await claimRow(open(), held.id, now)
      for (let n = 0; n < 5; n++) await open().challenges.check(guess(c, wrong(), now))
      expect(await statusOf(open(), waits.id)).toBe('cancelled')
      const { claimed, unclaimed } = await open().outbox.claim({ ids: [waits.id] }, 1, newLease(now), now)
      expect([claimed, unclaimed]).toEqual([[], [{ id: waits.id, why: 'ended', status: 'cancelled' }]])
      const next = later(row.providers, now + MINUTE)
      expect(await open().outbox.settle(settlement(row, 'unavailable', next, now))).toMatchObject({
        kind: 'ended',
        status: 'cancelled',
      })
    })
  })
}
