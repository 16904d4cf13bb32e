// Contract: accepting. All of a group or nothing of it; what is due may be admitted already claimed.
import { describe, expect, it } from 'vitest'
import { LEASE_MS } from '../../lib/rules/numbers.ts'
import {
  admit,
  challenge,
  codeRow,
  DAY,
  group,
  HOUR,
  MINUTE,
  message,
  newLease,
  type Opened,
  one,
  opening,
  parallel,
  place,
  SECOND,
  statusOf,
  told,
  unique,
} from './store-kit.ts'

export function admitContract(open: Opened): void {
  describe('admit', () => {
    it('keeps the whole message as it was given', async () => {
      const now = Date.now()
      const row = message(now, {
        channel: 'sms',
        priority: 'low',
        class: 'promotional',
        expiresAt: now + HOUR,
        startBy: now + HOUR - MINUTE,
        dueAt: now + MINUTE,
      })
      const answer = told(await admit(open(), group(now, [row])), 'admitted')
      expect(answer).toEqual({
        kind: 'admitted',
        claimed: [],
        waiting: [{ id: row.id, generation: 0, dueAt: now + MINUTE }],
        usage: [],
      })
      expect(await open().outbox.find(row.id)).toMatchObject({
        id: row.id,
        challengeId: null,
        channel: 'sms',
        template: row.template,
        class: 'promotional',
        priority: 'low',
        status: 'queued',
        sealed: row.sealed,
        ambiguous: false,
        createdAt: now,
        dueAt: now + MINUTE,
        expiresAt: now + HOUR,
        endedAt: null,
        generation: 0,
        replays: 0,
        attempts: [],
        events: [{ messageId: row.id, type: 'queued', at: now }],
      })
    })

    it('admits what is due already claimed, with everything an attempt needs', async () => {
      const now = Date.now()
      const row = message(now, { providers: ['first', 'second'].map(unique), expiresAt: now + HOUR, startBy: now + 1 })
      const claim = newLease(now)
      const answer = told(await admit(open(), group(now, [row], { claim })), 'admitted')
      expect(answer.waiting).toEqual([])
      expect(answer.claimed).toEqual([
        {
          id: row.id,
          challengeId: null,
          channel: row.channel,
          template: row.template,
          class: row.class,
          priority: row.priority,
          sealed: row.sealed,
          about: null,
          event: null,
          providers: row.providers,
          intent: row.providers[0],
          lost: false,
          token: claim.token,
          leaseUntil: now + LEASE_MS,
          attempt: 0,
          replays: 0,
          generation: 0,
          plan: '',
          ambiguous: false,
          createdAt: now,
          expiresAt: now + HOUR,
          startBy: now + 1,
          giveUpAt: row.giveUpAt,
        },
      ])
      expect(await statusOf(open(), row.id)).toBe('sending')
    })

    it('claims neither what is due later nor what waits for an earlier stage', async () => {
      const now = Date.now()
      const first = message(now)
      const second = message(now, { after: [first.id] })
      const third = message(now, { dueAt: now + 1 })
      const claim = newLease(now)
      const answer = told(await admit(open(), group(now, [first, second, third], { claim })), 'admitted')
      expect(answer.claimed.map((row) => row.id)).toEqual([first.id])
      expect(answer.waiting.map((row) => row.id).sort()).toEqual([second.id, third.id].sort())
    })

    it('answers each group by itself, a later one seeing what an earlier one took', async () => {
      const now = Date.now()
      const series = unique('series')
      const rule = one('two', 2, HOUR)
      const groups = [1, 2, 3, 4].map((n) =>
        group(now, [message(now)], n === 2 ? {} : { takes: [place(series, [rule])] }),
      )
      const answers = await open().outbox.admit(groups)
      expect(answers.map((answer) => answer.kind)).toEqual(['admitted', 'admitted', 'admitted', 'limited'])
      const rows = await Promise.all(groups.map((one) => statusOf(open(), one.messages[0]?.id ?? '')))
      expect(rows).toEqual(['queued', 'queued', 'queued', null])
    })

    it('takes a hundred groups at once', async () => {
      const now = Date.now()
      const answers = await open().outbox.admit(Array.from({ length: 100 }, () => group(now, [message(now)])))
      expect(answers.filter((answer) => answer.kind === 'admitted')).toHaveLength(100)
    })

    it('lists the use of the person’s windows before the caller’s', async () => {
      const now = Date.now()
      const sends = [place(unique('person'), [one('codes', 3, HOUR)])]
      const takes = [place(unique('ip'), [one('sends', 10, HOUR)])]
      const answer = told(await admit(open(), group(now, [message(now)], { sends, takes })), 'admitted')
      expect(answer.usage).toEqual([
        { name: 'codes', max: 3, perMs: HOUR, remaining: 2, resetMs: HOUR },
        { name: 'sends', max: 10, perMs: HOUR, remaining: 9, resetMs: HOUR },
      ])
    })

    it('changes nothing when the group is refused', async () => {
      const now = Date.now()
      const full = place(unique('ip'), [one('full', 1, HOUR)])
      told(await open().limits.take([full], now), 'taken')
      const c = challenge(now)
      const row = codeRow(now, c)
      const idempotency = { key: unique('key'), fingerprint: 'body' }
      const blocked = opening(now, c, row, {
        takes: [{ ...full, slot: unique('slot') }],
        idempotency,
        claim: newLease(now),
      })
      expect(told(await admit(open(), blocked), 'limited')).toMatchObject({ name: 'full', retryAt: now + HOUR })
      expect(await open().outbox.find(row.id)).toBeNull()
      expect(await open().challenges.view(c.id, now)).toBeNull()
      // Neither the person's places nor the key were taken.
      const free = told(await admit(open(), { ...blocked, takes: [] }), 'admitted')
      expect(free.usage.map((use) => use.remaining)).toEqual([2, 0, 9])
      expect(free.claimed).toHaveLength(1)
    })

    it('says over which rule lasts longest and when it may pass', async () => {
      const now = Date.now()
      const takes = [place(unique('a'), [one('short', 1, MINUTE)]), place(unique('b'), [one('long', 1, HOUR)])]
      const other = takes.map((take) => ({ ...take, slot: unique('slot') }))
      told(await admit(open(), group(now, [message(now)], { takes })), 'admitted')
      const refused = await admit(open(), group(now + SECOND, [message(now)], { takes: other }))
      expect(told(refused, 'limited')).toMatchObject({ name: 'long', retryAt: now + HOUR })
    })
  })

  describe('idempotency', () => {
    it('answers the same key with what it created, whatever ids the repeat brings', async () => {
      const now = Date.now()
      const idempotency = { key: unique('key'), fingerprint: 'body' }
      const c = challenge(now)
      const row = codeRow(now, c)
      told(await admit(open(), opening(now, c, row, { idempotency })), 'admitted')
      const other = challenge(now, { persons: c.persons, opener: c.opener })
      const repeat = opening(now + SECOND, other, codeRow(now, other), { idempotency })
      expect(await admit(open(), repeat)).toEqual({
        kind: 'repeated',
        challengeId: c.id,
        messageIds: [row.id],
        messages: [{ id: row.id, channel: 'email', status: 'queued', dueAt: now }],
      })
      expect(await open().challenges.view(other.id, now)).toBeNull()
      expect(await open().outbox.find(repeat.messages[0]?.id ?? '')).toBeNull()
    })

    it('refuses the same key with another body', async () => {
      const now = Date.now()
      const key = unique('key')
      const row = message(now)
      told(await admit(open(), group(now, [row], { idempotency: { key, fingerprint: 'a' } })), 'admitted')
      const other = message(now)
      const answer = await admit(open(), group(now, [other], { idempotency: { key, fingerprint: 'b' } }))
      expect(answer).toEqual({ kind: 'mismatch' })
      expect(await open().outbox.find(other.id)).toBeNull()
    })

    it('keeps a key for 24 hours and not longer', async () => {
      const now = Date.now()
      const idempotency = { key: unique('key'), fingerprint: 'a' }
      told(await admit(open(), group(now, [message(now)], { idempotency })), 'admitted')
      const before = now + DAY - 1
      told(await admit(open(), group(before, [message(before)], { idempotency })), 'repeated')
      const after = now + DAY
      const fresh = { ...idempotency, fingerprint: 'b' }
      const row = message(after)
      told(await admit(open(), group(after, [row], { idempotency: fresh })), 'admitted')
      const answer = await admit(open(), group(after + 1, [message(after)], { idempotency: fresh }))
      expect(told(answer, 'repeated').messageIds).toEqual([row.id])
    })

    it('keeps a key for as long as it is told', async () => {
      const now = Date.now()
      for (const keptMs of [MINUTE, 400 * DAY]) {
        const idempotency = { key: unique('key'), fingerprint: 'a', keptMs }
        const row = message(now)
        told(await admit(open(), group(now, [row], { idempotency })), 'admitted')
        const before = now + keptMs - 1
        const repeat = await admit(open(), group(before, [message(before)], { idempotency }))
        expect(told(repeat, 'repeated').messageIds).toEqual([row.id])
        const other = { ...idempotency, fingerprint: 'b' }
        told(await admit(open(), group(before, [message(before)], { idempotency: other })), 'mismatch')
        told(await admit(open(), group(now + keptMs, [message(now)], { idempotency: other })), 'admitted')
      }
    })

    it('lets exactly one of 20 parallel requests with one key through', async () => {
      const now = Date.now()
      const idempotency = { key: unique('key'), fingerprint: 'a' }
      const answers = await parallel(20, () => admit(open(), group(now, [message(now)], { idempotency })))
      const admitted = answers.filter((answer) => answer.kind === 'admitted')
      const repeated = answers.filter((answer) => answer.kind === 'repeated')
      expect([admitted.length, repeated.length]).toEqual([1, 19])
      const ids = new Set(repeated.flatMap((answer) => answer.messageIds))
      expect([...ids]).toEqual(told(admitted[0]!, 'admitted').waiting.map((row) => row.id))
    })

    it('keeps keys apart', async () => {
      const now = Date.now()
      const key = unique('key')
      for (const name of [`${key}-a`, `${key}-b`]) {
        const idempotency = { key: name, fingerprint: 'a' }
        told(await admit(open(), group(now, [message(now)], { idempotency })), 'admitted')
      }
    })
  })
}
