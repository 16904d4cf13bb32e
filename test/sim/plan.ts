// What one seed is about: who takes part, how they behave, what fails and when. Everything follows from the seed.
import type { Channel } from '../../lib/rules/status.ts'
import { type Rng, rngOf } from './prng.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

/** What a provider's machine does with a call. `silent` = nothing comes back, ever; whether it took the mail is drawn. */
export type Behaviour =
  | 'ok'
  | 'refuse'
  | 'throttle'
  | 'misconfigured'
  | 'reject'
  | 'lost request'
  | 'lost answer'
  | 'silent'

export interface ProviderPlan {
  name: string
  channel: Channel
  keyed: boolean
  reports: boolean
  weights: Record<Behaviour, number>
  /** Typical latency, ms. */
  slowMs: number
}

/** Parties that can be out of reach for a while. */
export type Party = 'store' | 'users' | 'scheduler' | 'workers' | `provider:${string}`

export interface Window {
  party: Party
  from: number
  to: number
  /** For providers: what every call comes to meanwhile. */
  how: Behaviour
}

/** Chance of each fate, per call of a port. */
export interface Fates {
  'lost request': number
  'lost answer': number
  /** The caller gives up, and the request is carried out later all the same. */
  late: number
  'crash before': number
  'crash after': number
}

export interface Plan {
  seed: number
  /** Base ms at which stories may still begin. */
  spanMs: number
  /** Base ms at which all faults end. */
  healAt: number
  providers: ProviderPlan[]
  fates: Fates
  scheduler: { free: boolean; lateMs: number; doubled: number; lost: number }
  reports: { lost: number; doubled: number; lateMs: number }
  /** Minutes without a cron. */
  sweepsLost: number
  windows: Window[]
  jumps: { at: number; byMs: number }[]
  isolates: number
  /** Clocks of isolates differ from the wall by at most this. */
  skewMs: number
  persons: number
  challenges: number
  receipts: number
  /** A person whose budgets are meant to run out. */
  greedy: boolean
  /** null in a seed that is about messages and codes alone. */
  accounts: AccountPlan | null
}

export interface AccountPlan {
  registration: 'open' | 'verified'
  /** A Users adapter that gives up at the first lost answer, or one that asks again. */
  asksTwice: boolean
  people: number
  /** Come from an older system: their accounts are there, hashed the old way. */
  imported: number
  /** What each of them does, about. */
  turns: number
  strangers: number
}

/** Every third seed is about accounts. */
const ACCOUNTS_EVERY = 3

const CALM: Fates = { 'lost request': 0, 'lost answer': 0, late: 0, 'crash before': 0, 'crash after': 0 }

export function planOf(seed: number): Plan {
  const rng = rngOf(seed, 'plan')
  const mood = rng.weighed({ calm: 1, rough: 4, wild: 2 })
  const long = rng.chance(0.12)
  const spanMs = long ? rng.int(6, 26) * HOUR : rng.int(2, 40) * MINUTE
  const healAt = spanMs + (rng.chance(0.3) ? rng.int(0, 90) * MINUTE : rng.int(0, 10) * MINUTE)
  const bad = mood === 'calm' ? 0 : mood === 'rough' ? 0.02 : 0.06
  const rate = () => (rng.chance(0.7) ? bad * rng.next() : 0)
  const providers = providersOf(rng, mood === 'calm' ? 0.05 : 0.5)
  const plan: Plan = {
    seed,
    spanMs,
    healAt,
    providers,
    fates:
      mood === 'calm'
        ? CALM
        : {
            'lost request': rate(),
            'lost answer': rate(),
            late: rate() / 2,
            'crash before': rate(),
            'crash after': rate(),
          },
    scheduler: {
      free: rng.chance(0.5),
      lateMs: rng.chance(0.5) ? rng.int(1, 20) * SECOND : 50,
      doubled: rng.chance(0.5) ? 0.2 : 0,
      lost: mood === 'calm' ? 0 : rng.pick([0, 0.1, 0.5]),
    },
    reports: {
      lost: rng.pick([0, 0.2, 0.6]),
      doubled: rng.pick([0, 0.3]),
      lateMs: rng.pick([5 * SECOND, 3 * MINUTE, 3 * HOUR]),
    },
    sweepsLost: rng.pick([0, 0, 0.3]),
    windows: [],
    jumps: [],
    isolates: rng.int(1, 4),
    skewMs: rng.pick([0, 300, 900]),
    persons: rng.int(1, 4),
    challenges: rng.int(1, long ? 7 : 5),
    receipts: rng.int(0, 7),
    greedy: rng.chance(long ? 0.5 : 0.2),
    accounts: null,
  }
  if (mood !== 'calm') {
    const parties: Party[] = ['store', 'scheduler', 'workers']
    for (const provider of providers) parties.push(`provider:${provider.name}`, `provider:${provider.name}`)
    for (let n = rng.int(0, 4); n > 0; n--) plan.windows.push(windowOf(rng, rng.pick(parties), healAt))
    if (rng.chance(0.25)) {
      const byMs = rng.pick([3 * SECOND, 40 * SECOND, 10 * MINUTE, 2 * HOUR])
      plan.jumps.push({ at: rng.int(0, healAt), byMs })
    }
  }
  return seed % ACCOUNTS_EVERY === 0 ? withAccounts(plan, rngOf(seed, 'plan/accounts')) : plan
}

/** People with accounts take the place of most other traffic. */
function withAccounts(plan: Plan, rng: Rng): Plan {
  const isCalm = plan.fates === CALM
  const windows = [...plan.windows]
  for (let n = isCalm ? 0 : rng.int(0, 3); n > 0; n--) {
    windows.push(windowOf(rng, rng.pick(['users', 'users', 'store']), plan.healAt))
  }
  // A request of an account makes few calls: what can happen between two of them has to happen often enough.
  const more = () => (rng.chance(0.4) ? 0.07 * rng.next() : 0)
  const fates = { ...plan.fates }
  if (!isCalm) for (const fate of Object.keys(fates) as (keyof Fates)[]) fates[fate] += more()
  return {
    ...plan,
    fates,
    windows,
    challenges: rng.int(0, 1),
    receipts: rng.int(0, 1),
    greedy: false,
    accounts: {
      registration: rng.weighed({ open: 3, verified: 1 }),
      asksTwice: rng.chance(0.5),
      people: rng.int(1, 2),
      imported: rng.chance(0.2) ? 1 : 0,
      turns: rng.int(3, 8),
      strangers: rng.chance(0.4) ? 1 : 0,
    },
  }
}

function windowOf(rng: Rng, party: Party, healAt: number): Window {
  const from = rng.int(0, healAt)
  const how = rng.weighed<Behaviour>({
    ok: 0,
    refuse: 4,
    throttle: 1,
    misconfigured: 1,
    reject: 0,
    'lost request': 2,
    'lost answer': 2,
    silent: 1,
  })
  return { party, from, to: Math.min(healAt, from + rng.int(5, rng.chance(0.2) ? 3_600 : 300) * SECOND), how }
}

function providersOf(rng: Rng, trouble: number): ProviderPlan[] {
  const keyedOnly = rng.chance(0.3)
  const make = (name: string, channel: Channel): ProviderPlan => {
    const much = (most: number) => (rng.chance(trouble) ? most * rng.next() : 0)
    return {
      name,
      channel,
      keyed: keyedOnly || rng.chance(0.5),
      reports: rng.chance(0.6),
      weights: {
        ok: 1,
        refuse: much(1),
        throttle: much(0.3),
        misconfigured: much(0.1),
        reject: 0,
        'lost request': much(0.4),
        'lost answer': much(0.4),
        silent: much(0.2),
      },
      slowMs: rng.pick([30, 200, 1_500]),
    }
  }
  const mail = ['alpha', 'beta', 'gamma'].slice(0, rng.int(1, 3)).map((name) => make(name, 'email'))
  return rng.chance(0.4) ? [...mail, ...['delta', 'epsilon'].slice(0, rng.int(1, 2)).map((n) => make(n, 'sms'))] : mail
}
