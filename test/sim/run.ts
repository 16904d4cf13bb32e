// Runs one seed from its first event to the last row's end.
import { sweep } from '../../lib/delivery/sweep.ts'
import { ARM_HORIZON_MS, SWEEP_EVERY_MS } from '../../lib/rules/numbers.ts'
import { worldOf } from './build.ts'
import { checkersFor } from './checkers.ts'
import { type Person, promisedOf } from './client.ts'
import { type Database, openDatabase } from './database.ts'
import { type AccountPlan, MINUTE, SECOND } from './plan.ts'
import { rngOf } from './prng.ts'
import { somebody } from './somebody.ts'
import { accountStory, imported, strangerStory } from './story-account.ts'
import { codeStory } from './story-code.ts'
import { receiptStory } from './story-receipt.ts'
import type { Bug, Violation, World } from './world.ts'

export interface Ran {
  seed: number
  hash: string
  violation: Violation | null
  /** The last 40 steps of what the violation is about. */
  last: string[]
  events: number
  copies: number
  trace: readonly string[]
}

const STEPS_SHOWN = 40
/** Nothing the seed started may still be open this long after everything was healed. */
const LONGEST_MS = 6 * 24 * 60 * MINUTE

// The list of common passwords is loaded when first needed, which no event of a seed may wait for.
await import('../../lib/passwords/common-passwords.ts')

let shared: Database | null = null

export async function runSeed(seed: number, bug: Bug | null = null): Promise<Ran> {
  shared ??= openDatabase()
  shared.clear()
  const world = worldOf(seed, shared, bug)
  world.checkers.push(...checkersFor(world))
  begin(world)
  await world.kernel.run()
  if (!world.violation) for (const checker of world.checkers) checker.ended?.()
  const { violation, kernel } = world
  return {
    seed,
    hash: kernel.hash(),
    violation,
    last: violation ? lastSteps(kernel.trace, violation.subject) : [],
    events: kernel.trace.length,
    copies: world.copies.length,
    trace: kernel.trace,
  }
}

function lastSteps(trace: readonly string[], subject: string): string[] {
  const about = subject === '' ? trace : trace.filter((line) => line.includes(subject))
  return (about.length > 0 ? about : trace).slice(-STEPS_SHOWN)
}

function begin(world: World): void {
  const { plan, kernel } = world
  const rng = rngOf(plan.seed, 'stories')
  const persons = Array.from({ length: plan.persons }, (_, n): Person => {
    const email = `${rng.chance(0.12) ? 'bad-' : ''}person-${n}@correo.example`
    return { email, phone: `+5255000000${n}`, ip: `203.0.113.${n}` }
  })
  for (const { email, phone, ip } of persons) for (const text of [email, phone, ip]) world.secrets.add(text)
  const promised = promisedOf(world)
  const greedy = persons[0]!
  const start = (n: number, story: (name: string) => Promise<void>) => {
    const run = () => void story(`story/${n}`).catch((error) => world.wrong(error, `story ${n}`))
    kernel.after(rng.int(0, plan.spanMs), run)
  }
  let count = 0
  const challenges = plan.challenges + (plan.greedy ? 5 : 0)
  for (let n = 0; n < challenges; n++) {
    const person = n >= plan.challenges ? greedy : rng.pick(persons)
    const opener = rng.weighed({ owner: 3, service: 3, anonymous: 2 })
    start(count++, (name) => codeStory(world, rngOf(plan.seed, name), promised, person, opener))
  }
  for (let n = 0; n < plan.receipts; n++) {
    const person = rng.pick(persons)
    start(count++, (name) => receiptStory(world, rngOf(plan.seed, name), promised, person))
  }
  if (plan.accounts) beginAccounts(world, plan.accounts, start)
  for (const jump of plan.jumps) kernel.after(jump.at, () => kernel.jump(jump.byMs))
  kernel.after(plan.healAt, () => {
    kernel.note('everything is healed')
    for (const checker of world.checkers) checker.healed?.()
  })
  if (world.bug?.sweeper !== false) kernel.after(SWEEP_EVERY_MS, () => tick(world, rngOf(plan.seed, 'cron')))
}

type Start = (n: number, story: (name: string) => Promise<void>) => void

const NAMES = ['lucrecia', 'teodoro', 'ximena', 'baltasar']

function beginAccounts(world: World, plan: AccountPlan, start: Start): void {
  const { seed } = world.plan
  const make = (n: number) => somebody(world, rngOf(seed, `account/${n}`), NAMES[n] ?? '', n)
  const people = Array.from({ length: plan.people + plan.imported }, (_, n) => make(n))
  for (const one of people.slice(plan.people)) imported(one)
  const [first] = people
  for (const [n, one] of people.entries()) {
    const neighbour = people[(n + 1) % people.length]
    start(1_000 + n, () => accountStory(one, neighbour ?? one, one.rng.int(2, plan.turns)))
  }
  for (let n = 0; n < plan.strangers && first; n++) {
    const own = make(NAMES.length - 1 - n)
    start(2_000 + n, () => strangerStory(own, first))
  }
}

/** The cron of every minute. Minutes in which a sweep would find nothing are passed over, to save time. */
function tick(world: World, rng: ReturnType<typeof rngOf>): void {
  const { kernel, plan, db } = world
  const due = db.row<{ at: number | null }>(
    `SELECT min(at) AS at FROM (SELECT min(wake_at) AS at FROM messages WHERE wake_at IS NOT NULL UNION ALL
       SELECT min(wake_at) - ${ARM_HORIZON_MS} FROM messages WHERE wake_at IS NOT NULL AND armed = 0 AND status = 'queued')`,
  )
  const wakeAt = due?.at ?? Number.POSITIVE_INFINITY
  const lost = kernel.base() < plan.healAt && rng.chance(plan.sweepsLost)
  const wanted = wakeAt <= kernel.wall() + SECOND || rng.chance(0.05)
  if (wanted && !lost) void world.invoke('sweep', sweep)
  const next = Math.min(kernel.nextAt() ?? Number.POSITIVE_INFINITY, kernel.base() + wakeAt - kernel.wall())
  if (next === Number.POSITIVE_INFINITY || kernel.base() > plan.healAt + LONGEST_MS) return
  const atMs = Math.max(kernel.base() + SWEEP_EVERY_MS, Math.ceil(next / SWEEP_EVERY_MS) * SWEEP_EVERY_MS)
  kernel.after(atMs - kernel.base(), () => tick(world, rng))
}
