// `npm run sim -- --seeds N --from S [--bug NAME]`: runs N seeds of the simulation; exit code 1 when one is violated.
import { parseArgs } from 'node:util'
import { BUGS } from '../test/sim/bugs.ts'
import { type Ran, runSeed } from '../test/sim/run.ts'

const PROGRESS_MS = 2_000

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    bug: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
})
const seeds = Number(values.seeds)
const from = Number(values.from)
const bug = BUGS.find((one) => one.name === values.bug) ?? null
if (!Number.isInteger(seeds) || !Number.isInteger(from) || seeds < 1) fail('--seeds and --from are whole numbers')
if (values.bug !== undefined && !bug) fail(`--bug is one of: ${BUGS.map((one) => one.name).join(', ')}`)

const startedAt = performance.now()
let toldAt = startedAt
let events = 0
let copies = 0
let last: Ran | null = null
for (let seed = from; seed < from + seeds; seed++) {
  last = await runSeed(seed, bug)
  events += last.events
  copies += last.copies
  if (values.trace) console.log(last.trace.join('\n'))
  if (last.violation) break
  if (performance.now() - toldAt > PROGRESS_MS) {
    toldAt = performance.now()
    console.log(`seed ${seed}, ${rate(seed - from + 1)} seeds/s`)
  }
}

if (last?.violation) {
  const { seed, violation } = last
  console.log(`\nseed ${seed} violates: ${violation.invariant}`)
  console.log(`${violation.subject} ${violation.detail}\n\nits last steps (s since the start):`)
  console.log(last.last.join('\n'))
  process.exitCode = 1
}
const ran = last ? last.seed - from + 1 : 0
console.log(`\n${ran} seeds, ${events} steps, ${copies} messages taken by providers, ${rate(ran)} seeds/s`)
console.log(`trace hash of seed ${last?.seed}: ${last?.hash}`)

function rate(count: number): number {
  return Math.round((count / (performance.now() - startedAt)) * 1_000)
}

function fail(why: string): never {
  console.error(why)
  process.exit(1)
}
