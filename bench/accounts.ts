// Accounts: callers side by side sign people up, then have the codes of their mails checked, then log the same people in.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Workerd } from '../test/chaos/workerd.ts'
import { type AccountBackend, type AccountSide, newcomer, type Person } from './account-sides.ts'
import { cpuUs, median } from './backend.ts'
import type { Backend } from './sides.ts'

/** Hashing holds the isolate's one thread: with more callers only the line before it grows. */
export const ACCOUNT_CALLERS = 4
export const ACCOUNT_SECONDS_MAX = 3

export const STEPS = ['signUp', 'verify', 'logIn'] as const
export type Step = (typeof STEPS)[number]

export interface Timed {
  calls: number
  perSecond: number
  p50Ms: number
  /** workerd's, per call. */
  cpuUs: number
}
export type AccountRound = Record<Step, Timed>

/** Requests to the store and to the users' backend. */
export interface Trips {
  store: number
  users: number
}

interface SignedUp {
  person: Person
  handle: string
  code: string
}

/** All callers take from one line of jobs until it ends. */
async function timed<T>(
  worker: Workerd,
  callers: number,
  jobs: Iterable<T>,
  call: (job: T) => Promise<void>,
): Promise<Timed> {
  const line = jobs[Symbol.iterator]()
  const took: number[] = []
  const cpuBefore = cpuUs(worker.pid)
  const startedAt = performance.now()
  async function caller(): Promise<void> {
    for (let next = line.next(); !next.done; next = line.next()) {
      const askedAt = performance.now()
      await call(next.value)
      took.push(performance.now() - askedAt)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const tookMs = performance.now() - startedAt
  // What goes on after the last answer belongs to the calls as well.
  await sleep(200)
  const cpu = cpuUs(worker.pid) - cpuBefore
  return {
    calls: took.length,
    perSecond: (took.length * 1_000) / tookMs,
    p50Ms: median(took),
    cpuUs: cpu / took.length,
  }
}

function* newcomers(ms: number): Generator<Person> {
  const end = performance.now() + ms
  while (performance.now() < end) yield newcomer()
}

async function signUp(side: AccountSide, worker: Workerd, { mailbox }: Backend, person: Person) {
  const mail = mailbox.code(person.email)
  return { person, handle: await side.signUp(worker.url, person), mail }
}

/** Sign-ups for so long; verification and log-in are of whoever was signed up, once each. */
async function accountRound(
  side: AccountSide,
  worker: Workerd,
  backend: Backend,
  ms: number,
  callers: number,
): Promise<AccountRound> {
  const made: { person: Person; handle: string; mail: Promise<string> }[] = []
  const signedUp = await timed(worker, callers, newcomers(ms), async (person) => {
    made.push(await signUp(side, worker, backend, person))
  })
  const people: SignedUp[] = []
  for (const { person, handle, mail } of made) people.push({ person, handle, code: await mail })
  const verified = await timed(worker, callers, people, ({ person, handle, code }) =>
    side.verify(worker.url, person, handle, code),
  )
  const loggedIn = await timed(worker, callers, people, ({ person }) => side.logIn(worker.url, person))
  return { signUp: signedUp, verify: verified, logIn: loggedIn }
}

/** Requests of each step, once everything is warm. */
export async function accountTrips(
  side: AccountSide,
  worker: Workerd,
  backend: AccountBackend,
): Promise<Record<Step, Trips>> {
  const { facade, users } = backend
  const counted = async (what: () => Promise<void>): Promise<Trips> => {
    await facade.requests()
    await users.requests()
    await what()
    await sleep(300)
    return { store: await facade.requests(), users: await users.requests() }
  }
  const one = async (): Promise<Record<Step, Trips>> => {
    const person = newcomer()
    let handle = ''
    let code = ''
    return {
      signUp: await counted(async () => {
        const made = await signUp(side, worker, backend, person)
        handle = made.handle
        code = await made.mail
      }),
      verify: await counted(() => side.verify(worker.url, person, handle, code)),
      logIn: await counted(() => side.logIn(worker.url, person)),
    }
  }
  // Redis learns each script with its first use, which costs a second request.
  await one()
  return one()
}

/** Rounds of A and B in turn, medians of each figure. */
export async function accountsSideBySide(
  sides: [AccountSide, Workerd][],
  backend: Backend,
  rounds: number,
  ms: number,
  callers: number,
): Promise<AccountRound[]> {
  const all = sides.map((): AccountRound[] => [])
  for (const [side, worker] of sides) await accountRound(side, worker, backend, ms / 3, callers)
  for (let n = 0; n < rounds; n++) {
    for (const [at, [side, worker]] of sides.entries())
      all[at]?.push(await accountRound(side, worker, backend, ms, callers))
  }
  return all.map((of) => {
    const middle = (step: Step): Timed => ({
      calls: of.reduce((sum, one) => sum + one[step].calls, 0),
      perSecond: median(of.map((one) => one[step].perSecond)),
      p50Ms: median(of.map((one) => one[step].p50Ms)),
      cpuUs: median(of.map((one) => one[step].cpuUs)),
    })
    return { signUp: middle('signUp'), verify: middle('verify'), logIn: middle('logIn') }
  })
}
