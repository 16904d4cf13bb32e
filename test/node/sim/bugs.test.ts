// The simulation can fail: every planted bug is found, and soon.
import { expect, it } from 'vitest'
import { BUGS } from '../../sim/bugs.ts'
import { runSeed } from '../../sim/run.ts'

it.each(BUGS.map((bug) => [bug.name, bug] as const))('finds: %s', { timeout: 30_000 }, async (_name, bug) => {
  for (let seed = 1; seed <= bug.within; seed++) {
    const { violation } = await runSeed(seed, bug)
    if (!violation) continue
    expect(bug.breaks).toContain(violation.invariant)
    return
  }
  expect.fail(`not found within ${bug.within} seeds`)
})
