// Contract: an admit repeated after a lost answer is told what the first one did, and does nothing more.
import { describe, expect, it } from 'vitest'
import {
  admit,
  challenge,
  codeRow,
  group,
  HOUR,
  message,
  newLease,
  type Opened,
  one,
  opening,
  parallel,
  place,
  queued,
  SECOND,
  sending,
  sent,
  settlement,
  statusOf,
  told,
  unique,
} from './store-kit.ts'

export function repeatsContract(open: Opened): void {
  describe('a repeated admit', () => {
    it('is told the same, claimed rows under the same lease token included', async () => {
      const now = Date.now()
      const c = challenge(now)
      const first = codeRow(now, c)
      const second = codeRow(now, c, { channel: 'sms', dueAt: now + 30 * SECOND, after: [first.id], slot: first.slot })
      const whole = { ...opening(now, c, first, { claim: newLease(now) }), messages: [first, second] }
      const answer = await admit(open(), whole)
      expect(told(answer, 'admitted').claimed).toHaveLength(1)
      expect(await admit(open(), { ...whole, now: now + SECOND })).toMatchObject({
        kind: 'admitted',
        claimed: told(answer, 'admitted').claimed,
        waiting: told(answer, 'admitted').waiting,
      })
    })

    it('is still admitted when its own places filled the limits', async () => {
      const now = Date.now()
      const takes = [place(unique('ip'), [one('once', 1, HOUR)])]
      const whole = group(now, [message(now)], { takes })
      told(await admit(open(), whole), 'admitted')
      told(await admit(open(), whole), 'admitted')
      const other = { ...takes[0]!, slot: unique('slot') }
      told(await admit(open(), group(now, [message(now)], { takes: [other] })), 'limited')
      told(await admit(open(), whole), 'admitted')
    })

    it('is told the same whether or not it carries an idempotency key', async () => {
      const now = Date.now()
      const idempotency = { key: unique('key'), fingerprint: 'a' }
      const whole = group(now, [message(now)], { idempotency, claim: newLease(now) })
      const answer = await admit(open(), whole)
      expect(await admit(open(), whole)).toEqual(answer)
    })

    it('adds nothing: one row, one event, one place', async () => {
      const now = Date.now()
      const series = unique('series')
      const rule = one('three', 3, HOUR)
      const whole = group(now, [message(now)], { takes: [place(series, [rule])] })
      const answers = await parallel(20, () => admit(open(), whole))
      for (const answer of answers) told(answer, 'admitted')
      const found = await open().outbox.find(whole.messages[0]?.id ?? '')
      expect(found?.events).toHaveLength(1)
      const { usage } = await open().limits.take([place(series, [rule])], now)
      expect(usage[0]?.remaining).toBe(1)
    })

    it('is harmless for a challenge without any message', async () => {
      const now = Date.now()
      const c = challenge(now)
      const sends = [place(unique('person'), [one('codes-gap', 1, 30 * SECOND)])]
      const decoy = group(now, [], { challenge: { open: c }, sends })
      const answer = await admit(open(), decoy)
      told(answer, 'admitted')
      expect(await admit(open(), decoy)).toEqual(answer)
      expect(await open().challenges.view(c.id, now)).toMatchObject({ status: 'pending' })
    })

    it('does not claim again what its worker has finished', async () => {
      const now = Date.now()
      const whole = group(now, [message(now)], { claim: newLease(now) })
      const row = told(await admit(open(), whole), 'admitted').claimed[0]!
      await open().outbox.settle(settlement(row, 'accepted', sent, now + SECOND))
      expect(told(await admit(open(), whole), 'admitted').claimed).toEqual([])
      expect(await statusOf(open(), row.id)).toBe('sent')
    })

    it('leaves a row to the worker who holds it', async () => {
      const now = Date.now()
      const row = await sending(open(), now)
      const same = group(now, [message(now, { id: row.id })], { claim: newLease(now) })
      expect(told(await admit(open(), same), 'admitted').claimed).toEqual([])
      expect(await queued(open(), now)).toBeDefined()
    })
  })
}
