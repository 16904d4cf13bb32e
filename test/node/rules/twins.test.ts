// Rules that a script has to compute are computed a second time in Lua: both, side by side, over the same cases.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { afterFailure, breakerState, closesBy, freeAt } from '../../../lib/rules/breaker.ts'
import { fairShare } from '../../../lib/rules/fair-share.ts'
import { bucketOf, edgeMs, hourOf } from '../../../lib/rules/histogram.ts'
import { lockMs } from '../../../lib/rules/lock.ts'
import { BREAKER, COUNTED_PER_MS, LEFT_TO_WORKERS_MS, LOGIN_RULE, SESSION } from '../../../lib/rules/numbers.ts'
import { sessionEnd, turnOf } from '../../../lib/rules/session.ts'
import {
  endWord,
  hasArrived,
  hasEnded,
  isDead,
  maybeTaken,
  mayFollow,
  rankOf,
  recallOf,
  STATUSES,
  type Status,
  wasNeverTaken,
  wasTaken,
} from '../../../lib/rules/status.ts'
import { waitMs } from '../../../lib/rules/throttle.ts'
import { untakenOf } from '../../../lib/rules/untaken.ts'
import { compose } from '../../../lib/store/redis/compose.ts'
import { HEAD, PARTS } from '../../../lib/store/redis/scripts.ts'
import { redisMissing, startUpstash, type Upstash } from '../../fakes/upstash.ts'

/** Calls a rule once for each of the lists of arguments; what is nil comes back as null. */
const { call } = compose(HEAD, PARTS, {
  call: `-- needs: rules, breaker, sessions
local rules = {
  lock_ms = lock_ms, wait_ms = wait_ms, fair_share = fair_share, bucket_of = bucket_of, hour_of = hour_of, rank_of = rank_of,
  untaken_of = untaken_of,
  flags = function(status)
    return { is_dead(status), has_arrived(status), was_taken(status), maybe_taken(status), was_never_taken(status) }
  end,
  end_word = end_word, recall_of = recall_of,
  follows = function(from, to) return pcall(must_follow, from, to) end,
  ends = function(from, to) return pcall(must_end, from, to) end,
  breaker_state = function(found, now) return breaker_state(found.openUntil, now) end,
  free_at = free_at, closes_by = closes_by,
  session_end = session_end, turn_of = turn_of,
  after_failure = function(found, ...) return after_failure(found.failures and found or nil, ...) end,
}
local answers = {}
for at, arguments in ipairs(request.calls) do
  local answer = rules[request.rule](unpack(arguments, 1, #arguments))
  if answer == nil then answer = NULL end
  answers[at] = { answer }
end
return cjson.encode(answers)
`,
})

const range = (end: number) => Array.from({ length: end }, (_, n) => n)
const NOW = 2e12
/** Instants so long before now (after it where negative) and a ms beside that: both sides of every bound. */
const before = (...ms: number[]) =>
  fc.tuple(fc.constantFrom(0, ...ms), fc.nat(2)).map(([one, by]) => NOW - one + by - 1)
const perhaps = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null, freq: 2 })
/** The same cases in every run. */
const cases = <T>(one: fc.Arbitrary<T>): T[] => fc.sample(one, { numRuns: 1_000, seed: 1 })

const suite = redisMissing === null ? 'rules in Lua' : `rules in Lua (skipped: ${redisMissing})`
describe.skipIf(redisMissing !== null)(suite, () => {
  let upstash: Upstash
  beforeAll(async () => {
    upstash = await startUpstash()
  })
  afterAll(() => upstash?.close())

  async function inLua(rule: string, calls: unknown[][]): Promise<unknown[]> {
    const answer = await upstash.redis('EVAL', call, 0, JSON.stringify({ rule, calls }), 'twins')
    if (typeof answer !== 'string') throw new Error(String(answer))
    return (JSON.parse(answer) as [unknown][]).map(([value]) => value)
  }
  async function agree<A extends unknown[]>(rule: string, calls: A[], own: (...args: A) => unknown): Promise<void> {
    expect(await inLua(rule, calls)).toEqual(calls.map((args) => own(...args)))
  }

  it('locks for as long', () => {
    const [hour, day, locks] = [range(8), range(13), range(9)]
    const calls = hour.flatMap((h) => day.flatMap((d) => locks.map((l): Parameters<typeof lockMs> => [h, d, l])))
    return agree('lock_ms', calls, lockMs)
  })

  it('makes a try wait for as long', () =>
    agree(
      'wait_ms',
      range(40).map((wrong): Parameters<typeof waitMs> => [LOGIN_RULE, wrong]),
      waitMs,
    ))

  it('takes the same rows', async () => {
    const named = (name: string) => fc.nat(20).map((count) => range(count).map((n) => `${name}${n}`))
    const calls = cases(fc.tuple(fc.tuple(named('h'), named('m'), named('l')), fc.integer({ min: 1, max: 40 })))
    const taken = await inLua('fair_share', calls)
    // cjson writes an empty table as {}.
    const lists = taken.map((one) => (Array.isArray(one) ? one : []))
    expect(lists).toEqual(calls.map(([due, max]) => fairShare(due, max)))
  })

  it('counts in the same bucket and hour', async () => {
    await agree('hour_of', cases(fc.tuple(before(COUNTED_PER_MS, 24 * COUNTED_PER_MS))), hourOf)
    const around = range(39).flatMap((bucket) => [edgeMs(bucket) - 1, edgeMs(bucket), edgeMs(bucket) + 1])
    return agree(
      'bucket_of',
      [...around, 0, 1e9].map((ms): [number] => [ms]),
      bucketOf,
    )
  })

  it('has the same states', async () => {
    const pairs = STATUSES.flatMap((from) => STATUSES.map((to): [Status, Status] => [from, to]))
    const each = STATUSES.map((status): [Status] => [status])
    await agree('follows', pairs, (from, to) => from === to || mayFollow(from, to))
    await agree('ends', pairs, (from, to) => hasEnded(to) && (from === to || mayFollow(from, to)))
    await agree('flags', each, (status) =>
      [isDead, hasArrived, wasTaken, maybeTaken, wasNeverTaken].map((one) => one(status)),
    )
    await agree('rank_of', each, rankOf)
    const doubts = STATUSES.flatMap((status) => [false, true].map((doubt): [Status, boolean] => [status, doubt]))
    await agree('end_word', doubts, endWord)
    await agree('recall_of', doubts, recallOf)
  })

  const breaker = fc.record({
    failures: fc.integer({ min: 1, max: BREAKER.failuresMax + 1 }),
    failedAt: before(BREAKER.forgetMs),
    openedAt: perhaps(before(BREAKER.openMs)),
    openUntil: perhaps(before(-BREAKER.openMs, -BREAKER.heldMs, BREAKER.openMs)),
    alertedAt: perhaps(before(BREAKER.alertEveryMs)),
    probeUntil: perhaps(before(-BREAKER.openMs, BREAKER.openMs)),
  })

  it('opens a breaker for as long, and alerts as often', async () => {
    const calls = cases(fc.tuple(perhaps(breaker), fc.constantFrom('bad', 'held'), fc.boolean()))
    const after = await inLua(
      'after_failure',
      calls.map(([found, note, isProbe]) => [found ?? {}, note, isProbe, NOW]),
    )
    const told = after.map((one) => ({ openUntil: null, ...(one as object) }))
    expect(told).toEqual(calls.map(([found, note, isProbe]) => afterFailure(found, note, isProbe, NOW)))
  })

  it('leaves rows to the workers that are busy', async () => {
    const rows = fc.record({ n: fc.nat(9), oldest: perhaps(before(LEFT_TO_WORKERS_MS)) })
    await agree(
      'untaken_of',
      cases(fc.tuple(fc.tuple(rows, rows, rows), fc.nat(8), fc.constant(NOW))),
      (due, working, now) => untakenOf(due, working, now),
    )
  })

  it('lets a breaker be tried, and closed, at the same instants', async () => {
    await agree('breaker_state', cases(fc.tuple(breaker, fc.constant(NOW))), (one, now) =>
      breakerState(one.openUntil, now),
    )
    await agree('free_at', cases(fc.tuple(breaker, fc.boolean())), freeAt)
    await agree('closes_by', cases(fc.tuple(breaker, fc.boolean(), before(BREAKER.openMs))), closesBy)
  })

  it('ends a family, and takes a token that comes back, alike', async () => {
    const family = fc.record({
      n: fc.nat(3),
      turnedAt: before(SESSION.graceMs, SESSION.idleMs),
      endsAt: before(-SESSION.idleMs, -SESSION.lifeMs),
    })
    await agree('session_end', cases(fc.tuple(family)), sessionEnd)
    await agree('turn_of', cases(fc.tuple(family, fc.nat(4), fc.constant(NOW))), turnOf)
  })
})

describe('the fair share', () => {
  it('never gives more than there are places, nor twice the same', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), fc.nat(30), fc.integer({ min: 3, max: 60 }), (high, medium, low, max) => {
        const named = (name: string, count: number) => range(count).map((n) => `${name}${n}`)
        const taken = fairShare([named('h', high), named('m', medium), named('l', low)], max)
        expect(new Set(taken).size).toBe(taken.length)
        expect(taken.length).toBe(Math.min(max, high + medium + low))
        if (low > 0) expect(taken).toContain('l0')
        if (medium > 0) expect(taken).toContain('m0')
      }),
    )
  })
})
