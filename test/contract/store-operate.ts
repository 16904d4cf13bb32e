// Contract: what operators and callers do to a message afterwards. Every branch of cancel, reschedule and replay.
import { describe, expect, it } from 'vitest'
import { ARM_HORIZON_MS, GIVE_UP_MS, RETENTION } from '../../lib/rules/numbers.ts'
import type { Status } from '../../lib/rules/status.ts'
import {
  claimRow,
  DAY,
  ends,
  HOUR,
  id,
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
} from './store-kit.ts'

export function operateContract(open: Opened): void {
  /** A row that ended so. */
  const ended = async (status: Status, now: number): Promise<string> => {
    const row = await sending(open(), now)
    const outcome = status === 'sent' ? 'accepted' : status === 'unknown' ? 'unknown' : 'rejected'
    told(await open().outbox.settle(settlement(row, outcome, ends(status), now)), 'ended')
    return row.id
  }
  /** A queued row that a provider may hold. */
  const inDoubt = async (now: number): Promise<string> => {
    const row = await sending(open(), now)
    told(await open().outbox.settle(settlement(row, 'unknown', later(row.providers, now + MINUTE), now)), 'queued')
    return row.id
  }
  const cancel = (rowId: string, now: number) => open().outbox.cancel(rowId, now)
  const move = (rowId: string, now: number) => open().outbox.reschedule(rowId, now + HOUR, now)

  describe('a sweep', () => {
    it('is remembered until the next one; counting what is due, as others do, is none', async () => {
      const now = Date.now()
      await open().outbox.due(ARM_HORIZON_MS, 1, now)
      expect((await open().outbox.stats(now)).sweptAt).toBe(now)
      await open().outbox.due(0, 1, now + MINUTE)
      expect((await open().outbox.stats(now)).sweptAt).toBe(now)
      await open().outbox.due(ARM_HORIZON_MS, 1, now + MINUTE)
      expect((await open().outbox.stats(now)).sweptAt).toBe(now + MINUTE)
    })
  })

  describe('cancel', () => {
    it('ends a queued row, which nobody can claim any more', async () => {
      const now = Date.now()
      const row = await queued(open(), now)
      expect(await cancel(row.id, now)).toEqual({ kind: 'cancelled' })
      expect(await open().outbox.find(row.id)).toMatchObject({ status: 'cancelled', endedAt: now })
      const { unclaimed } = await open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now)
      expect(unclaimed).toEqual([{ id: row.id, why: 'ended', status: 'cancelled' }])
    })

    it('ends a queued row that was tried and refused', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      await open().outbox.settle(settlement(row, 'unavailable', later(row.providers, now + MINUTE), now))
      expect(await cancel(row.id, now)).toEqual({ kind: 'cancelled' })
    })

    it('and claim never both win: of 20 races each has one truth', async () => {
      const now = Date.now()
      const races = await parallel(20, async () => {
        const row = await queued(open(), now)
        const [cancelled, claims] = await Promise.all([
          cancel(row.id, now),
          open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now),
        ])
        return [cancelled.kind === 'cancelled', claims.claimed.length === 1]
      })
      for (const [cancelled, claimed] of races) expect(cancelled).toBe(!claimed)
    })
  })

  describe.each([
    ['cancel', cancel],
    ['reschedule', move],
  ] as const)('%s', (_, act) => {
    it('tells that a provider took it', async () => {
      const now = Date.now()
      const row = await ended('sent', now)
      expect(await act(row, now)).toEqual({ kind: 'sent', status: 'sent' })
      for (const type of ['delivered', 'bounced', 'complained'] as const) {
        await open().outbox.report({ messageId: row, provider: 'p', type, at: now, eventId: type, now })
        expect(await act(row, now)).toEqual({ kind: 'sent', status: type })
      }
    })

    it('tells that a copy may have left', async () => {
      const now = Date.now()
      const underWay = await sending(open(), now)
      for (const row of [underWay.id, await inDoubt(now), await ended('unknown', now)]) {
        const before = await statusOf(open(), row)
        expect(await act(row, now)).toEqual({ kind: 'maybe' })
        expect(await statusOf(open(), row)).toBe(before)
      }
      expect(await act(underWay.id, underWay.leaseUntil + 1)).toEqual({ kind: 'maybe' })
    })

    it.each(['failed', 'cancelled', 'expired'] as const)('tells that it had ended %s', async (status) => {
      const now = Date.now()
      expect(await act(await ended(status, now), now)).toEqual({ kind: 'ended', status })
    })

    it('does not know strangers', async () => {
      const now = Date.now()
      expect(await act(id('msg', now), now)).toEqual({ kind: 'missing' })
    })
  })

  describe('reschedule', () => {
    it('moves a queued row, forth and back, under a new generation', async () => {
      const now = Date.now()
      const row = await queued(open(), now, { dueAt: now + HOUR })
      const forth = told(await open().outbox.reschedule(row.id, now + 2 * HOUR, now), 'rescheduled')
      expect(forth).toMatchObject({ id: row.id, dueAt: now + 2 * HOUR })
      expect(forth.generation).toBeGreaterThan(0)
      expect((await open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now + HOUR)).claimed).toEqual([])
      const back = told(await open().outbox.reschedule(row.id, now + MINUTE, now), 'rescheduled')
      expect(back.generation).toBeGreaterThan(forth.generation)
      const claimed = await claimRow(open(), row.id, now + MINUTE)
      expect(claimed.generation).toBe(back.generation)
    })

    it('gives a row moved far ahead as much time to try as it had', async () => {
      const now = Date.now()
      const row = await queued(open(), now, { giveUpAt: now + GIVE_UP_MS.medium })
      const dueAt = now + 3 * GIVE_UP_MS.medium
      told(await open().outbox.reschedule(row.id, dueAt, now), 'rescheduled')
      expect(await claimRow(open(), row.id, dueAt)).toMatchObject({ giveUpAt: dueAt + GIVE_UP_MS.medium })
    })

    it('leaves a row that was tried where it is', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      await open().outbox.settle(settlement(row, 'unavailable', later(row.providers, now + MINUTE), now))
      expect(await move(row.id, now)).toEqual({ kind: 'maybe' })
      expect(await open().outbox.find(row.id)).toMatchObject({ status: 'queued', dueAt: now + MINUTE })
    })
  })

  describe('replay', () => {
    it('queues a failed row again, under a new provider key and with all its providers', async () => {
      const now = Date.now()
      const row = await sending(open(), now, { providers: ['a', 'b'].map((name) => `${name}-${id('req', now)}`) })
      const next = later([row.providers[1]!], now, { plan: 'notes' })
      await open().outbox.settle(settlement(row, 'unavailable', next, now))
      const second = await claimRow(open(), row.id, now)
      await open().outbox.settle(settlement(second, 'rejected', ends('failed'), now))
      const at = now + HOUR
      const replayed = told(await open().outbox.replay(row.id, false, at + HOUR, at), 'replayed')
      expect(replayed).toMatchObject({ id: row.id, dueAt: at })
      expect(replayed.generation).toBeGreaterThan(second.generation)
      const found = await open().outbox.find(row.id)
      expect(found).toMatchObject({ status: 'queued', replays: 1, endedAt: null, ambiguous: false, dueAt: at })
      const claimed = await claimRow(open(), row.id, at)
      expect(claimed).toMatchObject({
        intent: row.providers[0],
        plan: '',
        replays: 1,
        attempt: 2,
        giveUpAt: at + HOUR,
        sealed: row.sealed,
        lost: false,
      })
      await open().outbox.settle(settlement(claimed, 'accepted', sent, at))
      expect(await open().outbox.find(row.id)).toMatchObject({ status: 'sent', replays: 1 })
    })

    it('keeps the end the row has, and is refused behind it', async () => {
      const now = Date.now()
      const ends_at = { expiresAt: now + 2 * HOUR, startBy: now + HOUR }
      const row = await sending(open(), now, ends_at)
      await open().outbox.settle(settlement(row, 'rejected', ends('failed'), now))
      expect(await open().outbox.replay(row.id, false, now + DAY, now + HOUR)).toEqual({ kind: 'expired' })
      told(await open().outbox.replay(row.id, false, now + DAY, now + MINUTE), 'replayed')
      const more = { ...ends_at, giveUpAt: ends_at.expiresAt }
      expect(await claimRow(open(), row.id, now + MINUTE)).toMatchObject(more)
    })

    it('of many rows says of each what became of it', async () => {
      const now = Date.now()
      const [failed, doubt, gone] = [await ended('failed', now), await ended('unknown', now), id('msg', now)]
      const asked = [failed, doubt, gone].map((rowId) => ({ id: rowId, giveUpAt: now + HOUR }))
      const answers = await open().outbox.replayAll(asked, false, now)
      expect(answers).toMatchObject([
        { id: failed, kind: 'replayed', dueAt: now },
        { id: doubt, kind: 'needs-force' },
        { id: gone, kind: 'missing' },
      ])
      expect(await open().outbox.replayAll([], false, now)).toEqual([])
      await claimRow(open(), failed, now)
    })

    it('of an unknown row needs force', async () => {
      const now = Date.now()
      const row = await ended('unknown', now)
      expect(await open().outbox.replay(row, false, now + HOUR, now)).toEqual({ kind: 'needs-force' })
      expect(await statusOf(open(), row)).toBe('unknown')
      told(await open().outbox.replay(row, true, now + HOUR, now), 'replayed')
      expect(await claimRow(open(), row, now)).toMatchObject({ ambiguous: true, replays: 1 })
    })

    it('of a row that died with its worker keeps the doubt, so that a cancel never says that nothing left', async () => {
      const now = Date.now()
      const row = await sending(open(), now, { startBy: now + SECOND })
      const at = row.leaseUntil
      const { unclaimed } = await open().outbox.claim({ ids: [row.id] }, 1, newLease(at), at)
      expect(unclaimed).toEqual([{ id: row.id, why: 'ended', status: 'unknown' }])
      told(await open().outbox.replay(row.id, true, at + HOUR, at), 'replayed')
      expect(await open().outbox.cancel(row.id, at)).toEqual({ kind: 'maybe' })
      expect(await claimRow(open(), row.id, at)).toMatchObject({ lost: false, ambiguous: true })
    })

    it.each(['sent', 'cancelled', 'expired'] as const)('refuses a row that ended %s', async (status) => {
      const now = Date.now()
      const row = await ended(status, now)
      expect(await open().outbox.replay(row, true, now + HOUR, now)).toEqual({ kind: 'refused', status })
    })

    it('refuses a row that is still alive, and one that nobody knows', async () => {
      const now = Date.now()
      const [waits, held] = [await queued(open(), now), await sending(open(), now)]
      const replay = (rowId: string) => open().outbox.replay(rowId, true, now + HOUR, now)
      expect(await replay(waits.id)).toEqual({ kind: 'refused', status: 'queued' })
      expect(await replay(held.id)).toEqual({ kind: 'refused', status: 'sending' })
      expect(await replay(id('msg', now))).toEqual({ kind: 'missing' })
    })

    it('is possible for 14 days, until the payload is gone', async () => {
      const now = Date.now()
      const [kept, gone] = [await ended('failed', now), await ended('failed', now)]
      const at = now + RETENTION.deadPayloadMs
      expect(await open().outbox.replay(gone, false, at + HOUR, at)).toEqual({ kind: 'payload-gone' })
      told(await open().outbox.replay(kept, false, at + HOUR, at - 1), 'replayed')
    })

    it('happens once under 20 parallel requests', async () => {
      const now = Date.now()
      const row = await ended('failed', now)
      const answers = await parallel(20, () => open().outbox.replay(row, false, now + HOUR, now))
      expect(answers.filter((answer) => answer.kind === 'replayed')).toHaveLength(1)
      expect((await open().outbox.find(row))?.replays).toBe(1)
    })
  })
}
