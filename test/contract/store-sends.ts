// Contract: sends per person and opener, and the places they give back when nobody took them.
import { describe, expect, it } from 'vitest'
import type { Admitted } from '../../lib/ports/admission.ts'
import type { NewChallenge } from '../../lib/ports/challenges.ts'
import type { Claimed } from '../../lib/ports/row.ts'
import type { Store } from '../../lib/ports/store.ts'
import { SEND_RULES } from '../../lib/rules/numbers.ts'
import type { Status } from '../../lib/rules/status.ts'
import {
  admit,
  challenge,
  claimRow,
  codeRow,
  DAY,
  ends,
  group,
  HOUR,
  later,
  MINUTE,
  newLease,
  type Opened,
  opening,
  parallel,
  place,
  queued,
  SECOND,
  settlement,
  told,
  unique,
} from './store-kit.ts'

/** How many places are left in the first rule of a series, taking none that stays. */
async function left(store: Store, series: string, now: number): Promise<number> {
  const { usage } = await store.limits.take([place(series, [{ name: 'left', max: 100, perMs: DAY }])], now)
  return usage[0]?.remaining ?? -1
}

export function sendsContract(open: Opened): void {
  const person = (): Pick<NewChallenge, 'persons' | 'opener'> => ({
    persons: [unique('person')],
    opener: unique('opener'),
  })
  const send = (who: Partial<NewChallenge>, now: number): Promise<Admitted> =>
    admit(open(), opening(now, challenge(now, who)))
  const admittedOf = (answers: Admitted[]) => answers.filter((answer) => answer.kind === 'admitted').length

  describe('sends to one person', () => {
    it('lets exactly one of 50 parallel requests through', async () => {
      const now = Date.now()
      const who = person()
      const answers = await parallel(50, () => send(who, now))
      expect(admittedOf(answers)).toBe(1)
      for (const answer of answers) {
        if (answer.kind !== 'admitted') expect(told(answer, 'limited')).toMatchObject({ retryAt: now + 30 * SECOND })
      }
    })

    it('count again for a decoy: a resend without a message takes its place, and leaves nothing to send', async () => {
      const now = Date.now()
      const decoy = { ...challenge(now, person()), macs: {} }
      const row = codeRow(now, decoy)
      const sends = (slot: string) =>
        decoy.persons.map((one) => ({ series: `send:${decoy.opener}:${one}`, slot, rules: SEND_RULES }))
      const first = group(now, [], { challenge: { open: decoy }, sends: sends(row.slot) })
      expect(await admit(open(), first)).toMatchObject({ kind: 'admitted', claimed: [], waiting: [] })
      const again = (at: number) => {
        const resend = { id: decoy.id, channel: row.channel, codeExpiresAt: at + MINUTE, resendAt: at + 30 * SECOND }
        return admit(open(), group(at, [], { challenge: { resend }, sends: sends(unique('slot')) }))
      }
      expect(await again(now + 10 * SECOND)).toMatchObject({ kind: 'limited', name: 'codes-gap' })
      expect(await again(now + 31 * SECOND)).toMatchObject({ kind: 'admitted', claimed: [], waiting: [] })
      expect(await again(now + 62 * SECOND)).toMatchObject({ kind: 'admitted' })
      expect(await again(now + 93 * SECOND)).toMatchObject({ kind: 'limited', name: 'codes' })
      expect((await open().challenges.view(decoy.id, now))?.deliveries).toEqual([])
    })

    it('lets exactly three of a request every 30 seconds through in an hour', async () => {
      const now = Date.now()
      const who = person()
      const answers: Admitted[] = []
      for (let at = now; at < now + HOUR; at += 30 * SECOND) answers.push(await send(who, at))
      expect(answers).toHaveLength(120)
      expect(answers.slice(0, 4).map((answer) => answer.kind)).toEqual(['admitted', 'admitted', 'admitted', 'limited'])
      expect(admittedOf(answers)).toBe(3)
      expect(told(answers[119]!, 'limited')).toMatchObject({ name: 'codes', retryAt: now + HOUR })
      told(await send(who, now + HOUR), 'admitted')
    })

    it('refuses one within 30 seconds and says when it may pass', async () => {
      const now = Date.now()
      const who = person()
      told(await send(who, now), 'admitted')
      const refused = told(await send(who, now + 30 * SECOND - 1), 'limited')
      expect(refused).toMatchObject({ name: 'codes-gap', retryAt: now + 30 * SECOND })
      told(await send(who, now + 30 * SECOND), 'admitted')
    })

    it('lets ten through in a day', async () => {
      const now = Date.now()
      const who = person()
      const answers: Admitted[] = []
      for (let at = now; at < now + DAY; at += 20 * MINUTE) answers.push(await send(who, at))
      expect(admittedOf(answers)).toBe(10)
      expect(told(answers[10]!, 'limited')).toMatchObject({ name: 'codes-day', retryAt: now + DAY })
      told(await send(who, now + DAY), 'admitted')
    })

    it('keeps openers and persons apart', async () => {
      const now = Date.now()
      const who = person()
      told(await send(who, now), 'admitted')
      told(await send({ ...who, opener: unique('opener') }, now), 'admitted')
      told(await send({ ...who, persons: [unique('person')] }, now), 'admitted')
      told(await send(who, now), 'limited')
    })

    it('counts a challenge for every one of its persons', async () => {
      const now = Date.now()
      const opener = unique('opener')
      const persons = [unique('person'), unique('person')]
      told(await send({ opener, persons }, now), 'admitted')
      for (const one of persons) told(await send({ opener, persons: [one] }, now), 'limited')
    })

    it('takes no place of a free person when another person of the challenge has none', async () => {
      const now = Date.now()
      const opener = unique('opener')
      const [busy, free] = [unique('person'), unique('person')]
      told(await send({ opener, persons: [busy] }, now), 'admitted')
      told(await send({ opener, persons: [free, busy] }, now), 'limited')
      told(await send({ opener, persons: [free] }, now), 'admitted')
    })
  })

  describe('a place', () => {
    const rowOf = async (now: number, series: string): Promise<Claimed> => {
      const row = codeRow(now, challenge(now), { challengeId: null, slotSeries: [series] })
      const sends = [place(series, SEND_RULES, row.slot)]
      const answer = await admit(open(), group(now, [row], { sends, claim: newLease(now) }))
      return told(answer, 'admitted').claimed[0]!
    }

    it.each<[Status, number]>([
      ['cancelled', 99],
      ['expired', 99],
      ['failed', 99],
      ['sent', 98],
      ['unknown', 98],
    ])('of a send that ends %s leaves %i of 100 to the next', async (status, expected) => {
      const now = Date.now()
      const series = unique('series')
      const row = await rowOf(now, series)
      const outcome = status === 'sent' ? 'accepted' : status === 'unknown' ? 'unknown' : 'rejected'
      await open().outbox.settle(settlement(row, outcome, ends(status), now))
      expect(await left(open(), series, now)).toBe(expected)
    })

    it('comes back when the row is cancelled by hand', async () => {
      const now = Date.now()
      const series = unique('series')
      const row = codeRow(now, challenge(now), { challengeId: null, slotSeries: [series] })
      await admit(open(), group(now, [row], { sends: [place(series, SEND_RULES, row.slot)] }))
      expect(await open().outbox.cancel(row.id, now)).toEqual({ kind: 'cancelled' })
      expect(await left(open(), series, now)).toBe(99)
    })

    it('comes back when the row is found expired', async () => {
      const now = Date.now()
      const series = unique('series')
      const row = codeRow(now, challenge(now), { challengeId: null, slotSeries: [series] })
      await admit(open(), group(now, [row], { sends: [place(series, SEND_RULES, row.slot)] }))
      await open().outbox.claim({ ids: [row.id] }, 1, newLease(now), now + HOUR)
      expect(await left(open(), series, now)).toBe(99)
    })

    it('comes back in every series that holds it', async () => {
      const now = Date.now()
      const all = [unique('series'), unique('series')]
      const row = codeRow(now, challenge(now), { challengeId: null, slotSeries: all })
      await admit(open(), group(now, [row], { sends: all.map((series) => place(series, SEND_RULES, row.slot)) }))
      await open().outbox.cancel(row.id, now)
      expect(await Promise.all(all.map((series) => left(open(), series, now)))).toEqual([99, 99])
    })

    it('is kept while the send is only put off', async () => {
      const now = Date.now()
      const series = unique('series')
      const row = await rowOf(now, series)
      await open().outbox.settle(settlement(row, 'unavailable', later(row.providers, now + 2 * SECOND), now))
      expect(await left(open(), series, now)).toBe(98)
    })

    describe('shared by two rows', () => {
      const two = async (now: number, series: string): Promise<[string, string]> => {
        const first = codeRow(now, challenge(now), { challengeId: null, slotSeries: [series] })
        const second = { ...first, ...{ id: codeRow(now, challenge(now)).id }, channel: 'sms' as const }
        const sends = [place(series, SEND_RULES, first.slot)]
        told(await admit(open(), group(now, [first, second], { sends })), 'admitted')
        return [first.id, second.id]
      }

      it('comes back only when both have ended untaken', async () => {
        const now = Date.now()
        const series = unique('series')
        const [first, second] = await two(now, series)
        await open().outbox.cancel(first, now)
        expect(await left(open(), series, now)).toBe(98)
        await open().outbox.cancel(second, now)
        expect(await left(open(), series, now)).toBe(98)
      })

      it('stays when one of them was taken, whichever ended first', async () => {
        const now = Date.now()
        for (const takenFirst of [true, false]) {
          const series = unique('series')
          const [first, second] = await two(now, series)
          const take = async () => {
            const row = await claimRow(open(), first, now)
            await open().outbox.settle(settlement(row, 'accepted', ends('sent'), now))
          }
          if (takenFirst) await take()
          await open().outbox.cancel(second, now)
          if (!takenFirst) await take()
          expect(await left(open(), series, now)).toBe(98)
        }
      })
    })

    it('of a message without limits is nobody’s concern', async () => {
      const now = Date.now()
      const row = await queued(open(), now)
      expect(await open().outbox.cancel(row.id, now)).toEqual({ kind: 'cancelled' })
    })
  })
}
