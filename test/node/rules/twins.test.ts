// Rules that a script has to compute are computed a second time in Lua: both, side by side, over the same cases.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fairShare } from '../../../lib/rules/fair-share.ts'
import { bucketOf, edgeMs } from '../../../lib/rules/histogram.ts'
import { lockMs } from '../../../lib/rules/lock.ts'
import { LOGIN_RULE } from '../../../lib/rules/numbers.ts'
import { hasArrived, isDead, mayFollow, rankOf, STATUSES, type Status, wasTaken } from '../../../lib/rules/status.ts'
import { waitMs } from '../../../lib/rules/throttle.ts'
import { compose } from '../../../lib/store/redis/compose.ts'
import { HEAD, PARTS } from '../../../lib/store/redis/scripts.ts'
import { redisMissing, startUpstash, type Upstash } from '../../fakes/upstash.ts'

/** Calls a rule once for each of the lists of arguments; what is nil comes back as null. */
const { call } = compose(HEAD, PARTS, {
  call: `-- needs: rules
local rules = {
  lock_ms = lock_ms, wait_ms = wait_ms, fair_share = fair_share, bucket_of = bucket_of, rank_of = rank_of,
  flags = function(status) return { is_dead(status), has_arrived(status), was_taken(status) } end,
  follows = function(from, to) return pcall(must_follow, from, to) end,
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
  const range = (end: number) => Array.from({ length: end }, (_, n) => n)

  it('locks for as long', async () => {
    const cases = range(8).flatMap((hour) =>
      range(13).flatMap((day) => range(9).map((locks) => [hour, day, locks] as const)),
    )
    expect(
      await inLua(
        'lock_ms',
        cases.map((one) => [...one]),
      ),
    ).toEqual(cases.map((one) => lockMs(...one)))
  })

  it('makes a try wait for as long', async () => {
    const wrong = range(40)
    expect(
      await inLua(
        'wait_ms',
        wrong.map((n) => [LOGIN_RULE, n]),
      ),
    ).toEqual(wrong.map((n) => waitMs(LOGIN_RULE, n)))
  })

  it('takes the same rows', async () => {
    const lists = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 40 }))
    const cases = fc.sample(lists, { numRuns: 300, seed: 1 }).map(([high, medium, low, max]) => {
      const named = (name: string, count: number) => range(count).map((n) => `${name}${n}`)
      return { due: [named('h', high), named('m', medium), named('l', low)], max }
    })
    const answers = await inLua(
      'fair_share',
      cases.map(({ due, max }) => [due, max]),
    )
    // cjson writes an empty table as {}.
    const lists2 = answers.map((one) => (Array.isArray(one) ? one : []))
    expect(lists2).toEqual(cases.map(({ due, max }) => fairShare(due, max)))
  })

  it('counts in the same bucket', async () => {
    const times = range(39)
      .flatMap((bucket) => [edgeMs(bucket) - 1, edgeMs(bucket), edgeMs(bucket) + 1])
      .concat(0, 1e9)
    expect(
      await inLua(
        'bucket_of',
        times.map((ms) => [ms]),
      ),
    ).toEqual(times.map(bucketOf))
  })

  it('has the same states', async () => {
    const pairs = STATUSES.flatMap((from) => STATUSES.map((to): [Status, Status] => [from, to]))
    const follows = pairs.map(([from, to]) => from === to || mayFollow(from, to))
    expect(await inLua('follows', pairs)).toEqual(follows)
    const flags = STATUSES.map((status) => [isDead(status), hasArrived(status), wasTaken(status)])
    expect(
      await inLua(
        'flags',
        STATUSES.map((status) => [status]),
      ),
    ).toEqual(flags)
    expect(
      await inLua(
        'rank_of',
        STATUSES.map((status) => [status]),
      ),
    ).toEqual(STATUSES.map(rankOf))
  })
})

describe('the fair share', () => {
  it('never gives more than there are places, nor twice the same', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), fc.nat(30), fc.integer({ min: 3, max: 60 }), (high, medium, low, max) => {
        const named = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}${n}`)
        const taken = fairShare([named('h', high), named('m', medium), named('l', low)], max)
        expect(new Set(taken).size).toBe(taken.length)
        expect(taken.length).toBe(Math.min(max, high + medium + low))
        if (low > 0) expect(taken).toContain('l0')
        if (medium > 0) expect(taken).toContain('m0')
      }),
    )
  })
})
