// Properties of sessions: in any order of turns, log-ins and endings, a store without faults does what their model says.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { NewSession } from '../../../lib/ports/sessions.ts'
import { SESSION } from '../../../lib/rules/numbers.ts'
import {
  challenge,
  DAY,
  group,
  guess,
  MINUTE,
  opening,
  right,
  SECOND,
  session,
  turning,
} from '../../contract/store-kit.ts'
import { type Bench, benchOf } from '../../sim/bench.ts'

const START_AT = 1_767_600_000_000
const PEOPLE = ['usr_ana', 'usr_luis']

/** What happens next, to whom, with which of their families and how old a token of it. */
const move = fc.record({
  what: fc.constantFrom(
    'open',
    'open',
    'turn',
    'turn',
    'turn',
    'turn',
    'pass',
    'end',
    'end all',
    'end others',
    'reset',
  ),
  who: fc.nat({ max: 1 }),
  which: fc.constantFrom(0, 0, 0, 1, 2),
  behind: fc.constantFrom(0, 0, 0, 0, 1, 1, 2, -1),
  /** How long before now the credentials were read. */
  provenMs: fc.constantFrom(0, -1, 50, 3 * SECOND),
  forged: fc.constantFrom(false, false, false, false, true),
  repeat: fc.boolean(),
  waitMs: fc.oneof(
    // The edges are where it matters: the same ms, and the last one of the grace.
    { weight: 6, arbitrary: fc.constantFrom(0, 0, 0, 1, SESSION.graceMs - 1, SESSION.graceMs) },
    fc.nat({ max: 20 * MINUTE }),
    fc.constantFrom(DAY, SESSION.idleMs - 1, SESSION.idleMs),
  ),
})

type Move = typeof move extends fc.Arbitrary<infer M> ? M : never

it('of sessions hold in any order of events', () => {
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 60 }), (moves) => {
      const bench = benchOf()
      const opened: NewSession[] = []
      let now = START_AT
      for (const one of moves) {
        now += one.waitMs
        play(bench, opened, one, now)
        for (const userId of PEOPLE) expect(listed(bench, userId, now)).toEqual(live(bench, userId, now))
      }
      bench.end()
    }),
    { numRuns: 500 },
  )
})

function play(bench: Bench, opened: NewSession[], one: Move, now: number): void {
  const userId = PEOPLE[one.who] ?? ''
  const own = opened.filter((s) => s.userId === userId)
  const s = own[own.length - 1 - (one.which % Math.max(1, own.length))]
  if (one.what === 'open' || !s) {
    open(bench, opened, userId, one, now)
    return
  }
  if (one.what === 'turn') {
    const n = Math.max(0, (bench.past.families.get(s.id)?.n ?? 0) - one.behind)
    const turn = turning(s, n, now, one.forged ? { nonce: 'another' } : {})
    const answer = bench.run('turn', turn)
    if (one.forged) expect(answer).toEqual({ kind: 'over' })
    // The same call again, after a lost answer.
    if (one.repeat) expect(bench.run('turn', turn)).toEqual(answer)
  }
  if (one.what === 'pass') {
    const bearer = { sessionId: s.id, userId: one.forged ? (PEOPLE[1 - one.who] ?? '') : userId, issuedAt: now }
    const [answer] = bench.run('admit', [group(now, [], { bearer })])
    if (one.forged) expect(answer).toEqual({ kind: 'revoked' })
  }
  if (one.what === 'end') {
    const by = one.forged ? { nonce: 'another' } : one.repeat ? { userId } : { nonce: s.nonce }
    expect(bench.run('revoke', s.id, by, now)).toBe(one.forged ? 'missing' : 'revoked')
  }
  if (one.what === 'end all') bench.run('revokeAll', userId, now)
  if (one.what === 'end others') bench.run('revokeAll', userId, now, s.id)
  if (one.what === 'reset') resets(bench, userId, one, now)
}

function open(bench: Bench, opened: NewSession[], userId: string, one: Move, now: number): void {
  const s = session(now, { userId, provenAt: now - one.provenMs })
  const ended = bench.past.accountOf(userId).endings.length
  const kind = bench.run('openSession', s, [], now).kind
  if (ended === 0) expect(kind).toBe('opened')
  if (kind === 'over') return
  opened.push(s)
  if (one.repeat) expect(bench.run('openSession', s, [], now).kind).toBe('opened')
}

/** Approved now, and confirmed or not. */
function resets(bench: Bench, userId: string, one: Move, now: number): void {
  const c = challenge(now, { audience: 'account', subject: userId, effect: 'reset', persons: [] })
  bench.run('admit', [opening(now, c)])
  expect(bench.run('check', guess(c, right(c), now, { effect: 'reset' })).kind).toBe('approved')
  bench.past.resets.set(c.id, { userId, place: 0 })
  if (one.repeat) bench.run('confirm', c.id, now)
}

const listed = (bench: Bench, userId: string, now: number): string[] =>
  bench
    .run('listSessions', userId, now)
    .map((one) => one.id)
    .toSorted()

const live = ({ past }: Bench, userId: string, now: number): string[] =>
  [...past.families.values()]
    .filter((one) => one.userId === userId && one.over === null)
    .filter((one) => now < Math.min(one.openedAt + SESSION.lifeMs, one.turnedAt + SESSION.idleMs))
    .map((one) => one.id)
    .toSorted()
