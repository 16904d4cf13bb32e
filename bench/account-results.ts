// The accounts' figures as Markdown, and what they do and do not compare.
import { type AccountRound, STEPS, type Step, type Timed, type Trips } from './accounts.ts'
import { row } from './table.ts'

export interface AccountFigures {
  callers: number
  comparisons: AccountComparison[]
}

/** posta and Better Auth, in this order. */
interface AccountComparison {
  distanceMs: number
  trips: Record<Step, Trips>[]
  rounds: AccountRound[]
}

const NAMES: Record<Step, string> = {
  signUp: 'sign-up',
  verify: 'verification',
  logIn: 'log-in',
}

const HEAD = (callers: number) => [
  '## Accounts: posta with its users in Supabase, Better Auth with everything in the store',
  `${callers} callers sign people up, then have the codes of the mails checked, then log the same people in. posta’s users are in PostgreSQL`,
  '(PGlite behind a façade of Supabase’s REST), as far away as the store; Better Auth’s are rows in the Redis of the store, one request a',
  'call. **Passwords are hashed as each does by default, and that dominates sign-up and log-in:** posta argon2id (19 MiB, 2 passes) in',
  'WebAssembly, one at a time; Better Auth scrypt (N 16384, r 16, 32 MiB) by workerd’s own `node:crypto`. posta’s sign-up answers when the',
  'mail has left, Better Auth’s before.',
  '',
]

export function accountTables({ callers, comparisons }: AccountFigures): string[] {
  return [...HEAD(callers), ...comparisons.flatMap((one) => [...tableOf(one), ''])]
}

function tableOf({ distanceMs, trips: [ourTrips, theirTrips], rounds: [ours, theirs] }: AccountComparison): string[] {
  if (!ourTrips || !theirTrips || !ours || !theirs) return []
  return [
    `### Accounts, ${distanceMs} ms to the store and to Supabase`,
    row('', 'posta', 'Better Auth', 'posta to Better Auth'),
    row('--', '--', '--', '--'),
    ...STEPS.flatMap((step) => {
      const line = (what: string, of: (one: Timed) => number, tell: (figure: number) => string) => {
        const [a, b] = [of(ours[step]), of(theirs[step])]
        return row(`${NAMES[step]}: ${what}`, tell(a), tell(b), (a / b).toFixed(2))
      }
      const asked = ({ store, users }: Trips) => `${store} + ${users}`
      return [
        row(`${NAMES[step]}: requests to the store + to Supabase`, asked(ourTrips[step]), asked(theirTrips[step]), ''),
        line(
          'a second',
          (one) => one.perSecond,
          (figure) => figure.toFixed(1),
        ),
        line(
          'p50',
          (one) => one.p50Ms,
          (figure) => `${figure.toFixed(0)} ms`,
        ),
        line(
          'CPU a call',
          (one) => one.cpuUs / 1_000,
          (figure) => `${figure.toFixed(2)} ms`,
        ),
      ]
    }),
  ]
}
