// A minute of chaos on each wiring: kills, lost answers and dead providers at once, and then the counts at the providers.
import { beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, runChaos } from '../chaos/run.ts'
import type { WiringName } from '../chaos/stack.ts'
import { reportOf } from '../chaos/table.ts'
import { redisMissing } from '../fakes/upstash.ts'

const PLAN = { messages: 300, perSecond: 40, seed: 1, killEveryMs: 1_500, cronMs: 3_000, patienceMs: 120_000 }

const WIRINGS: { wiring: WiringName; missing: string | null }[] = [
  { wiring: 'embedded', missing: null },
  { wiring: 'distributed', missing: redisMissing },
]

// Both at once: most of the minute is waiting for the leases of the dead.
const running = new Map<WiringName, Promise<Outcome>>()
beforeAll(() => {
  for (const { wiring, missing } of WIRINGS) {
    if (missing !== null) continue
    const run = runChaos({ wiring, ...PLAN })
    run.catch(() => {})
    running.set(wiring, run)
  }
})

for (const { wiring, missing } of WIRINGS) {
  describe.skipIf(missing !== null)(`chaos on ${wiring}${missing ? ` (${missing})` : ''}`, () => {
    it('loses nothing, doubles nothing at a keyed provider, and flags every doubt', async () => {
      const outcome = await running.get(wiring)
      if (!outcome) throw new Error('it did not start')
      expect(outcome.violations, reportOf([outcome])).toEqual([])
      expect(outcome).toMatchObject({ lost: 0, doubled: 0, flagged: outcome.doubtful })
      expect(outcome.load.accepted).toHaveLength(PLAN.messages)
    }, 200_000)

    it('was chaos: processes died, providers failed, answers were lost', async () => {
      const outcome = await running.get(wiring)
      expect(outcome?.kills).toMatchObject(wiring === 'embedded' ? {} : { 'redis-server': expect.any(Number) })
      expect(outcome?.kills.workerd).toBeGreaterThan(0)
      expect(outcome?.faults.lose_answer).toBeGreaterThan(0)
      expect(outcome?.load.retries).toBeGreaterThan(0)
      expect(outcome?.doubtful).toBeGreaterThan(0)
    })
  })
}
