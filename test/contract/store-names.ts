// Contract: what a row is known by beside its id: owner, the caller's names for it, people it tells of; rows without a
// payload; stages with several earlier ones.
import { describe, expect, it } from 'vitest'
import type { ListFilter } from '../../lib/ports/record.ts'
import {
  admit,
  claimRow,
  ends,
  group,
  HOUR,
  later,
  MINUTE,
  message,
  type Opened,
  one,
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

export function namesContract(open: Opened): void {
  const listed = async (filter: Omit<ListFilter, 'limit'>) =>
    (await open().outbox.list({ ...filter, limit: 100 })).messages.map((row) => row.id)

  describe('a row', () => {
    it('keeps owner, facts, what it tells of and its event, without a payload', async () => {
      const now = Date.now()
      const owner = unique('usr')
      const more = { owner, facts: 'sealed facts', about: 'msg_1', event: 'message.sent', sealed: null }
      const held = await sending(open(), now, { ...more, channel: 'webhook' })
      expect(held).toMatchObject({ sealed: '', about: 'msg_1', event: 'message.sent' })
      await open().outbox.settle(settlement(held, 'accepted', sent, now))
      const kept = { owner, facts: 'sealed facts', about: 'msg_1', event: 'message.sent', sealed: null, status: 'sent' }
      expect(await open().outbox.find(held.id)).toMatchObject(kept)
    })

    it('has none of them unless they are given', async () => {
      const row = await queued(open(), Date.now())
      expect(await open().outbox.find(row.id)).toMatchObject({ owner: null, facts: null, about: null, event: null })
    })
  })

  describe('list', () => {
    it('finds rows by reference and by people they tell of, newest first, before and after their end', async () => {
      const now = Date.now()
      const [reference, other, person] = [unique('ref'), unique('ref'), unique('person')]
      const first = await sending(open(), now, { references: [reference, other] })
      const second = await queued(open(), now + 1, { references: [reference], people: [person] })
      await queued(open(), now + 2)
      await open().outbox.settle(settlement(first, 'accepted', sent, now))
      expect(await listed({ reference })).toEqual([second.id, first.id])
      expect(await listed({ reference: other })).toEqual([first.id])
      expect(await listed({ person })).toEqual([second.id])
      expect(await listed({ reference, recipient: second.recipient })).toEqual([second.id])
      expect(await listed({ reference, recipient: unique('nobody') })).toEqual([])
      expect(await listed({ reference: unique('ref') })).toEqual([])
      expect(await listed({ reference, status: 'queued' })).toEqual([second.id])
    })

    it('goes on behind a cursor within one reference', async () => {
      const now = Date.now()
      const reference = unique('ref')
      const rows = []
      for (let n = 0; n < 5; n++) rows.unshift((await queued(open(), now + n, { references: [reference] })).id)
      const found: string[] = []
      let cursor: string | undefined
      do {
        const page = await open().outbox.list({ reference, limit: 2, ...(cursor ? { cursor } : {}) })
        found.push(...page.messages.map((row) => row.id))
        cursor = page.cursor ?? undefined
      } while (cursor)
      expect(found).toEqual(rows)
    })

    it('filters by owner, provider, code and the instant of creation', async () => {
      const now = Date.now() + 2 * HOUR
      const [owner, provider, code] = [unique('usr'), unique('provider'), unique('code')]
      const row = await sending(open(), now, { owner, providers: [provider] })
      const back = later([provider], now + MINUTE)
      await open().outbox.settle(settlement(row, 'unavailable', back, now, { code }))
      const since = now
      for (const filter of [{ owner }, { provider }, { code }, { owner, provider, code }]) {
        expect(await listed({ ...filter, since })).toEqual([row.id])
        expect(await listed({ ...filter, since, until: now + 1 })).toEqual([row.id])
        expect(await listed({ ...filter, since, until: now })).toEqual([])
      }
      expect(await listed({ owner, provider: unique('provider'), since })).toEqual([])
      expect(await listed({ owner, code: unique('code'), since })).toEqual([])
    })
  })

  describe('findAll', () => {
    it('answers in the order asked, null for what there is not', async () => {
      const now = Date.now()
      const [a, b] = [await queued(open(), now), await queued(open(), now)]
      const found = await open().outbox.findAll([b.id, message(now).id, a.id, b.id])
      expect(found.map((row) => row?.id ?? null)).toEqual([b.id, null, a.id, b.id])
      expect(await open().outbox.findAll([])).toEqual([])
    })
  })

  describe('cancelBy', () => {
    it('ends what of the reference has not left, and says of each why not', async () => {
      const now = Date.now()
      const reference = unique('ref')
      const [a, b] = [
        await queued(open(), now, { references: [reference] }),
        await queued(open(), now, { references: [unique('x'), reference] }),
      ]
      const gone = await sending(open(), now, { references: [reference] })
      await open().outbox.settle(settlement(gone, 'accepted', sent, now))
      const held = await sending(open(), now, { references: [reference] })
      const apart = await queued(open(), now)
      const answers = new Map((await open().outbox.cancelBy(reference, now)).map(({ id, ...answer }) => [id, answer]))
      expect(Object.fromEntries(answers)).toEqual({
        [a.id]: { kind: 'cancelled' },
        [b.id]: { kind: 'cancelled' },
        [gone.id]: { kind: 'sent', status: 'sent' },
        [held.id]: { kind: 'maybe' },
      })
      expect(await statusOf(open(), a.id)).toBe('cancelled')
      expect(await statusOf(open(), apart.id)).toBe('queued')
      expect(await open().outbox.cancelBy(unique('ref'), now)).toEqual([])
    })
  })

  describe('an admission that cancels', () => {
    const withRef = (now: number, reference: string) => message(now, { references: [reference], dueAt: now + HOUR })

    it('ends what of the reference is still to leave in its own step, and says what has left', async () => {
      const now = Date.now()
      const reference = unique('ref')
      const waits = withRef(now, reference)
      await admit(open(), group(now, [waits]))
      const gone = await sending(open(), now, { references: [reference] })
      await open().outbox.settle(settlement(gone, 'accepted', sent, now))
      const over = await queued(open(), now, { references: [reference] })
      await open().outbox.cancel(over.id, now)
      const own = message(now, { references: [reference] })
      const whole = group(now, [own], { cancels: [reference] })
      const answer = told(await admit(open(), whole), 'admitted')
      expect(answer.cancelled?.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
        { id: waits.id, kind: 'cancelled' },
        { id: gone.id, kind: 'sent', status: 'sent' },
      ])
      expect(await statusOf(open(), waits.id)).toBe('cancelled')
      expect(await statusOf(open(), own.id), 'not itself').toBe('queued')
    })

    it('cancels nothing when it is refused', async () => {
      const now = Date.now()
      const [reference, series] = [unique('ref'), unique('series')]
      const waits = withRef(now, reference)
      await admit(open(), group(now, [waits]))
      const takes = [place(series, [one('none', 0, HOUR)])]
      told(await admit(open(), group(now, [message(now)], { takes, cancels: [reference] })), 'limited')
      expect(await statusOf(open(), waits.id)).toBe('queued')
    })
  })

  describe('an idempotency key', () => {
    it('may keep the ids of a whole batch, and tells where each of them stands', async () => {
      const now = Date.now()
      const [a, b] = [message(now), message(now, { dueAt: now + HOUR })]
      const idempotency = { key: unique('key'), fingerprint: 'body', names: [a.id, b.id] }
      told(await admit(open(), group(now, [], { idempotency })), 'admitted')
      const early = told(await admit(open(), group(now, [], { idempotency })), 'repeated')
      expect(early).toMatchObject({ messageIds: [a.id, b.id], messages: [] })
      await open().outbox.admit([group(now, [a]), group(now, [b])])
      const late = told(await admit(open(), group(now, [], { idempotency })), 'repeated')
      expect(late.messages).toEqual([
        { id: a.id, channel: 'email', status: 'queued', dueAt: now },
        { id: b.id, channel: 'email', status: 'queued', dueAt: now + HOUR },
      ])
    })
  })

  describe('scheduled', () => {
    it('lists what is to leave, soonest first, in pages, and nothing else', async () => {
      const now = Date.now() + 40 * 24 * HOUR
      const late = await queued(open(), now, { dueAt: now + 3 * MINUTE, priority: 'high' })
      const rows = [
        await queued(open(), now, { dueAt: now + MINUTE, priority: 'low' }),
        await queued(open(), now, { dueAt: now + 2 * MINUTE }),
        late,
      ]
      await queued(open(), now, { dueAt: now })
      await sending(open(), now)
      const ids = []
      let cursor: string | undefined
      do {
        const page = await open().outbox.scheduled(now, 2, cursor)
        ids.push(...page.messages.map((row) => row.id))
        cursor = page.cursor ?? undefined
      } while (cursor)
      expect(ids).toEqual(rows.map((row) => row.id))
    })
  })

  describe('a row that waits for several', () => {
    const plan = async (now: number) => {
      const slot = unique('slot')
      const first = [message(now, { slot }), message(now, { slot, channel: 'whatsapp' })]
      const last = message(now, { slot, channel: 'sms', after: first.map((row) => row.id), dueAt: now + MINUTE })
      told(await admit(open(), group(now, [...first, last])), 'admitted')
      return { first, last }
    }
    const refuse = async (id: string, now: number) => {
      const row = await claimRow(open(), id, now)
      const next = later(row.providers, now + HOUR, { release: true })
      return told(await open().outbox.settle(settlement(row, 'unavailable', next, now)), 'queued')
    }

    it('is due once all of them have had a full round that nobody accepted', async () => {
      const now = Date.now()
      const { first, last } = await plan(now)
      expect((await refuse(first[0]!.id, now)).released).toEqual([])
      const { released } = await refuse(first[1]!.id, now + SECOND)
      expect(released).toEqual([{ id: last.id, generation: 1, dueAt: now + SECOND }])
      await claimRow(open(), last.id, now + SECOND)
    })

    it('is due as well where one of them has ended, taken by nobody', async () => {
      const now = Date.now()
      const { first, last } = await plan(now)
      await open().outbox.cancel(first[0]!.id, now)
      expect((await refuse(first[1]!.id, now)).released).toMatchObject([{ id: last.id }])
    })

    it('is cancelled by the acceptance of any', async () => {
      const now = Date.now()
      const { first, last } = await plan(now)
      const row = await claimRow(open(), first[1]!.id, now)
      await open().outbox.settle(settlement(row, 'accepted', sent, now))
      expect(await statusOf(open(), last.id)).toBe('cancelled')
    })

    it('ends instead of starting when one of them was taken while it was under lease itself', async () => {
      const now = Date.now()
      const { first, last } = await plan(now)
      const held = await claimRow(open(), last.id, now + MINUTE)
      const row = await claimRow(open(), first[0]!.id, now)
      await open().outbox.settle(settlement(row, 'accepted', sent, now))
      const answer = await open().outbox.settle(
        settlement(held, 'unavailable', later(held.providers, now + HOUR), now + MINUTE),
      )
      expect(answer).toMatchObject({ kind: 'ended', status: 'cancelled' })
    })
  })

  describe('series', () => {
    it('has one entry for each hour, with what was counted in it', async () => {
      const now = Date.now() + 500 * HOUR
      const provider = unique('provider')
      for (const [n, at] of [
        [2, now],
        [1, now + HOUR],
      ] as const) {
        for (let i = 0; i < n; i++) {
          const row = await sending(open(), at, { providers: [provider] })
          await open().outbox.settle(settlement(row, 'accepted', sent, at + SECOND))
        }
      }
      const failed = await sending(open(), now)
      await open().outbox.settle(settlement(failed, 'rejected', ends('failed'), now))
      const series = (await open().outbox.series(2, now + HOUR)).filter((hour) => hour.byProvider[provider])
      expect(series.map((hour) => hour.byProvider[provider])).toEqual([2, 1])
      expect(series[0]).toMatchObject({ failed: 1 })
      expect(series[1]!.at - series[0]!.at).toBe(HOUR)
      expect(series[0]!.at).toBeLessThanOrEqual(now)
      for (const hour of series) expect(hour.p50DeliveryMs).toBeGreaterThanOrEqual(SECOND)
    })
  })
}
