// `npm run chaos`: the built Worker on the real stack, killed at random while its providers fail; then the counts.
// npm run chaos -- --messages 10000 --wiring embedded|distributed|both --seed 1 --rate 50 --kill-every 4
// The same seed makes the same choices; what they meet is the machine's.
import { parseArgs } from 'node:util'
import { SWEEP_EVERY_MS } from '../lib/rules/numbers.ts'
import { runChaos, seconds } from '../test/chaos/run.ts'
import type { WiringName } from '../test/chaos/stack.ts'
import { reportOf } from '../test/chaos/table.ts'
import { redisMissing } from '../test/fakes/upstash.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    wiring: { type: 'string', default: 'both' },
    seed: { type: 'string', default: '1' },
    rate: { type: 'string', default: '50' },
    'kill-every': { type: 'string', default: '4' },
  },
})
const WIRINGS: WiringName[] = ['embedded', 'distributed']
const wanted = WIRINGS.filter((name) => values.wiring === 'both' || values.wiring === name)
const numbers = {
  messages: Number(values.messages),
  seed: Number(values.seed),
  perSecond: Number(values.rate),
  killEveryMs: Number(values['kill-every']) * 1_000,
}
if (wanted.length === 0 || !Object.values(numbers).every((number) => Number.isInteger(number) && number > 0)) {
  console.error(
    'posta: npm run chaos -- [--messages 10000] [--wiring embedded|distributed|both] [--seed 1] [--rate 50]',
  )
  process.exit(1)
}
if (wanted.includes('distributed') && redisMissing) {
  console.error(`posta: ${redisMissing}. Install redis-server 7 or later, or run --wiring embedded.`)
  process.exit(1)
}

// Whatever was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

const outcomes = []
for (const wiring of wanted) {
  const startedAt = Date.now()
  const plan = { wiring, ...numbers, cronMs: SWEEP_EVERY_MS, patienceMs: 20 * 60_000 }
  const outcome = await runChaos(plan, (line) => console.log(line))
  outcomes.push(outcome)
  console.log(`${wiring}: ${outcome.violations.length} violations after ${seconds(Date.now() - startedAt)}`)
}
console.log(reportOf(outcomes))
process.exit(outcomes.every((outcome) => outcome.violations.length === 0) ? 0 : 1)
