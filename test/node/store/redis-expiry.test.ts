// Redis removes what has ended, and nothing that lives.
import { describe, expect, it } from 'vitest'
import { LEASE_MS, LISTED_LIVE_MS, RECIPIENT_PERIOD_MS, RETENTION } from '../../../lib/rules/numbers.ts'
import {
  admit,
  challenge,
  codeRow,
  DAY,
  ends,
  group,
  guess,
  HOUR,
  MINUTE,
  message,
  newLease,
  one,
  opening,
  place,
  queued,
  sending,
  settlement,
  told,
  unique,
  wrong,
} from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

onRedis('redis keys', (on) => {
  /** Seconds until the key is gone; -1 = never, -2 = no such key. */
  const ttl = async (kind: string, id: string) => Number(await on.upstash.redis('TTL', `posta:${kind}:${id}`))
  const near = (ms: number) => ({ least: ms / 1_000 - 60, most: ms / 1_000 + 1 })
  async function expectTtl(kind: string, id: string, ms: number): Promise<void> {
    const { least, most } = near(ms)
    const seconds = await ttl(kind, id)
    expect(seconds, kind).toBeGreaterThanOrEqual(least)
    expect(seconds, kind).toBeLessThanOrEqual(most)
  }
  const ending = async (status: 'sent' | 'failed', now: number): Promise<string> => {
    const row = await sending(on.store, now)
    const outcome = status === 'sent' ? 'accepted' : 'rejected'
    await on.store.outbox.settle(settlement(row, outcome, ends(status), now))
    return row.id
  }

  describe('expiry', () => {
    it('never takes a live row', async () => {
      const now = Date.now()
      for (const { id } of [await queued(on.store, now), await sending(on.store, now)]) {
        for (const kind of ['message', 'payload']) expect(await ttl(kind, id)).toBe(-1)
      }
    })

    it.each(['sent', 'failed'] as const)('starts with the end of a row that %s', async (status) => {
      const id = await ending(status, Date.now())
      await expectTtl('message', id, RETENTION.recordMs)
      await expectTtl('payload', id, status === 'sent' ? RETENTION.payloadMs : RETENTION.deadPayloadMs)
    })

    it('is called off by a replay', async () => {
      const now = Date.now()
      const id = await ending('failed', now)
      told(await on.store.outbox.replay(id, false, now + DAY, now), 'replayed')
      for (const kind of ['message', 'payload']) expect(await ttl(kind, id), kind).toBe(-1)
    })

    it('holds for what is added to a row that has ended', async () => {
      const now = Date.now()
      const row = await sending(on.store, now)
      const report = { messageId: row.id, provider: row.intent, at: now, eventId: unique('e'), now }
      await on.store.outbox.report({ ...report, type: 'delivered' })
      await on.store.outbox.settle(settlement(row, 'accepted', ends('sent'), now))
      await expectTtl('message', row.id, RETENTION.recordMs)
      await expectTtl('payload', row.id, RETENTION.payloadMs)
    })

    it('is set on everything that is no row', async () => {
      const now = Date.now()
      const c = challenge(now)
      const row = codeRow(now, c)
      const idempotency = { key: unique('key'), fingerprint: 'a' }
      const takes = [place(unique('ip'), [one('minute', 5, MINUTE), one('hour', 5, HOUR)])]
      const claim = newLease(now)
      told(await admit(on.store, opening(now, c, row, { idempotency, takes, claim })), 'admitted')
      const judged = guess(c, wrong(), now)
      told(await on.store.challenges.check(judged), 'wrong')
      await expectTtl('idempotency', idempotency.key, RETENTION.idempotencyMs)
      const long = { key: unique('key'), fingerprint: 'a', keptMs: 400 * DAY }
      told(await admit(on.store, group(now, [], { idempotency: long })), 'admitted')
      await expectTtl('idempotency', long.key, 400 * DAY)
      await expectTtl('hits', takes[0]?.series ?? '', HOUR)
      await expectTtl('challenge', c.id, c.endsAt - now + RETENTION.payloadMs)
      const later = newLease(now + LEASE_MS)
      await on.store.outbox.claim({ ids: [row.id] }, 1, later, now + LEASE_MS)
      await expectTtl('lease', later.token, 2 * LEASE_MS + RETENTION.answerMs)
      for (const person of c.persons) await expectTtl('hits', `wrong:${c.opener}:${person}`, DAY)
    })

    it('leaves nothing of a row behind, in no index either', async () => {
      const now = Date.now()
      const row = message(now)
      told(await admit(on.store, group(now, [row], { claim: newLease(now) })), 'admitted')
      const held = await on.store.outbox.claim({ ids: [row.id] }, 1, newLease(now), now + LEASE_MS)
      const lost = held.claimed[0]!
      await on.store.outbox.settle(settlement(lost, 'rejected', ends('failed'), now + LEASE_MS))
      expect(await on.upstash.dump()).toContain(row.id)
      const keys = (await on.upstash.redis('KEYS', '*')) as string[]
      const last = now + RETENTION.recordMs + LISTED_LIVE_MS + 2 * RECIPIENT_PERIOD_MS
      for (const key of keys) {
        const at = Number(await on.upstash.redis('PEXPIRETIME', key))
        if (at > 0 && at <= last) await on.upstash.redis('DEL', key)
      }
      const left = (await on.upstash.dump()).split('\n').filter((line) => line.includes(row.id))
      expect(left.filter((line) => !line.startsWith('posta:events'))).toEqual([])
      expect(await on.store.outbox.find(row.id)).toBeNull()
    })

    it('is survived by readers, who trim what is gone', async () => {
      const now = Date.now()
      const recipient = unique('recipient')
      const [gone, kept] = [await queued(on.store, now, { recipient }), await queued(on.store, now, { recipient })]
      await on.upstash.redis('DEL', `posta:message:${gone.id}`)
      const { messages } = await on.store.outbox.list({ recipient, limit: 10 })
      expect(messages.map((one) => one.id)).toEqual([kept.id])
      const period = Math.floor(now / RECIPIENT_PERIOD_MS)
      expect(await on.upstash.redis('ZCARD', `posta:recipient:${recipient}:${period}`)).toBe(1)
      await on.store.outbox.cancel(kept.id, now)
      const { claimed, unclaimed } = await on.store.outbox.claim({ due: true }, 100, newLease(now), now)
      expect([...claimed, ...unclaimed].map((one) => one.id)).not.toContain(gone.id)
      expect(await on.upstash.redis('ZSCORE', 'posta:live:medium', gone.id)).toBeNull()
    })
  })
})
