// Properties of one store without faults: any sequence of sends, guesses and reports keeps the rules of policies.md.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewChallenge } from '../../../lib/ports/challenges.ts'
import type { Report } from '../../../lib/ports/outbox.ts'
import type { Claimed } from '../../../lib/ports/row.ts'
import { hasEnded, REPORT_TYPES, type ReportType } from '../../../lib/rules/status.ts'
import {
  challenge,
  codeRow,
  ends,
  group,
  guess,
  later,
  MINUTE,
  message,
  newLease,
  opening,
  resending,
  right,
  SECOND,
  sent,
  settlement,
  wrong,
} from '../../contract/store-kit.ts'
import { type Bench, benchOf } from '../../sim/bench.ts'

const START_AT = 1_767_600_000_000
const OPENERS = ['owner', 'service', 'anonymous']
const RUNS = 150

/** What happens next: somebody opens, sends again or guesses; a worker takes a row and it goes well or not. */
const move = fc.record({
  what: fc.constantFrom('open', 'resend', 'resend', 'right', 'wrong', 'wrong', 'wrong', 'link', 'work'),
  who: fc.nat({ max: 1 }),
  opener: fc.nat({ max: 2 }),
  which: fc.nat({ max: 5 }),
  outcome: fc.constantFrom('accepted', 'rejected', 'unavailable', 'unknown'),
  repeat: fc.boolean(),
  waitMs: fc.oneof(fc.nat({ max: 40 * SECOND }), fc.nat({ max: 20 * MINUTE }), fc.nat({ max: 300 * MINUTE })),
})

describe('challenges and sends', () => {
  it('keep every budget and judge every guess once, in any order of events', () => {
    const sequences = fc.array(move, { minLength: 5, maxLength: 60 })
    fc.assert(fc.property(sequences, playAll), { numRuns: RUNS })
  })
})

type Move = typeof move extends fc.Arbitrary<infer M> ? M : never

function playAll(moves: Move[]): void {
  const bench = benchOf()
  const open: NewChallenge[] = []
  let now = START_AT
  for (const one of moves) {
    now += one.waitMs
    play(bench, open, one, now)
  }
  bench.end()
}

function play(bench: Bench, open: NewChallenge[], one: Move, now: number): void {
  const known = open[one.which % Math.max(1, open.length)]
  if (one.what === 'open' || !known) {
    const c = challenge(now, { opener: OPENERS[one.opener] ?? '', persons: [`person-${one.who}`] })
    const admission = opening(now, c, codeRow(now, c))
    const [answer] = bench.run('admit', [admission])
    if (answer?.kind === 'admitted') open.push(c)
    // A repeat after a lost answer is told the same and takes nothing.
    if (one.repeat && answer?.kind === 'admitted') expect(bench.run('admit', [admission])[0]?.kind).toBe('admitted')
    return
  }
  if (one.what === 'resend') {
    bench.run('admit', [resending(now, known)])
    return
  }
  if (one.what === 'work') {
    work(bench, one, now)
    return
  }
  const proof = one.what === 'right' ? right(known) : one.what === 'link' ? { link: 'email' as const } : wrong()
  const check = guess(known, proof, now)
  const answer = bench.run('check', check)
  if (one.repeat) expect(bench.run('check', check)).toEqual(answer)
}

function work(bench: Bench, one: Move, now: number): void {
  const { claimed } = bench.run('claim', { due: true }, 3, newLease(now), now)
  for (const row of claimed) bench.run('settle', settlementOf(row, one.outcome, now))
}

function settlementOf(row: Claimed, outcome: Move['outcome'], now: number) {
  const ambiguous = row.ambiguous || row.lost || outcome === 'unknown'
  if (outcome === 'accepted') return settlement(row, outcome, sent, now, { ambiguous })
  if (outcome === 'rejected')
    return settlement(row, outcome, ends(ambiguous ? 'unknown' : 'failed', true), now, { ambiguous })
  return settlement(row, outcome, later(row.providers, now + 5 * SECOND), now, { ambiguous, breaker: 'none' })
}

/** What the row was when the first report came. */
const STAGES = ['queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled'] as const

describe('reports', () => {
  it('lead to the same end in any order and number, whatever the row was', () => {
    const events = fc.uniqueArray(fc.constantFrom(...REPORT_TYPES), { minLength: 1 })
    const told = events.chain((types) =>
      fc.tuple(
        fc.constant(types),
        fc.shuffledSubarray([...types, ...types], { minLength: types.length, maxLength: 2 * types.length }),
      ),
    )
    fc.assert(
      fc.property(told, fc.constantFrom(...STAGES), ([types, order], stage) => {
        // Every type at least once, in the order drawn, some twice.
        const heard = [...order, ...types.filter((type) => !order.includes(type))]
        expect(endOf(heard, stage)).toBe(endOf(types, stage))
      }),
      { numRuns: RUNS },
    )
  })
})

function endOf(types: ReportType[], stage: (typeof STAGES)[number]): string {
  const bench = benchOf()
  const now = START_AT
  const row = message(now, { id: 'msg_1', providers: ['alpha'] })
  bench.run('admit', [group(now, [row])])
  const [claimed] =
    stage === 'queued' || stage === 'cancelled'
      ? []
      : bench.run('claim', { ids: [row.id] }, 1, newLease(now), now).claimed
  if (stage === 'cancelled') bench.run('cancel', row.id, now)
  if (claimed && stage !== 'sending') {
    const outcome = stage === 'sent' ? 'accepted' : stage === 'failed' ? 'rejected' : 'unknown'
    bench.run('settle', settlement(claimed, outcome, stage === 'sent' ? sent : ends(stage), now))
  }
  const tell = (type: ReportType): Report => ({
    messageId: row.id,
    provider: 'alpha',
    type,
    at: now,
    eventId: `event-${type}`,
    now: now + SECOND,
  })
  for (const type of types) expect(bench.run('report', tell(type))).toBe(true)
  bench.end()
  const status = bench.run('find', [row.id])[0]?.status ?? 'queued'
  const delayedOnly = types.every((type) => type === 'delayed')
  if (!delayedOnly) expect(hasEnded(status)).toBe(true)
  return status
}
