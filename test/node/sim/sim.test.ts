// The simulation as CI runs it: every seed clean, and the same seed the same trace.
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keysFrom } from '../../../lib/secrets/keys.ts'
import { syncKeys } from '../../sim/keys.ts'
import { runSeed } from '../../sim/run.ts'

const SEEDS = 2_000

/** What must happen in some seed, or its invariants would hold of nothing. */
const HAPPENINGS = [
  /users\.create .*\(crash after\)/,
  /users\.setPassword .*set .*\((lost answer|crash after)\)/,
  /users\.setPassword .*→ spent/,
  /users\.markVerified .*→ stale/,
  /users\.changeAddress .*→ taken/,
  /store\.confirm .*request lost/,
  /store\.openSession .*→ over/,
  /store\.turn .*→ reused/,
  /store\.check .*→ revoked/,
  /register .*told username_taken/,
  /signUp .*told ok/,
  /reset .*told ok/,
  /changePassword .*told ok/,
  /logoutAll .*told ok/,
]

describe('simulation', () => {
  it(`keeps every invariant in ${SEEDS} seeds`, { timeout: 300_000 }, async () => {
    let missing = HAPPENINGS
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { violation, last, trace } = await runSeed(seed)
      if (violation) {
        const { invariant, subject, detail } = violation
        expect.fail(`seed ${seed}: ${invariant}\n${subject} ${detail}\n${last.join('\n')}`)
      }
      missing = missing.filter((happening) => !trace.some((line) => happening.test(line)))
    }
    expect(missing).toEqual([])
  })

  it('has the same trace for the same seed, whatever ran before', async () => {
    const seeds = [3, 16, 102_333]
    const first = []
    for (const seed of seeds) first.push((await runSeed(seed)).hash)
    const second = []
    for (const seed of seeds.toReversed()) second.unshift((await runSeed(seed)).hash)
    expect(second).toEqual(first)
    expect(new Set(first).size).toBe(seeds.length)
  })

  it('uses the same keys as the service', async () => {
    const secret = { kid: 'k1', bytes: new Uint8Array(randomBytes(32)) }
    const random = (count: number) => new Uint8Array(randomBytes(count))
    const real = keysFrom([secret], random)
    const ours = syncKeys(secret, random)
    expect(await ours.mac('code', ['ch_1', 'login'])).toEqual(await real.mac('code', ['ch_1', 'login']))
    expect(await ours.hash('address', 'a@b.example')).toBe(await real.hash('address', 'a@b.example'))
    expect(await ours.open('msg_1', await real.seal('msg_1', 'año'))).toBe('año')
    expect(await real.open('msg_1', await ours.seal('msg_1', 'año'))).toBe('año')
    expect(await ours.open('msg_2', await real.seal('msg_1', 'año'))).toBeNull()
  })
})
