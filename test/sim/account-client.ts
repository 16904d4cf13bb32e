// A client of the account routes: one request, or the same one again until it is answered.
import type { Accounts, From, SignedIn } from '../../lib/accounts/accounts.ts'
import { type Result, refuse } from '../../lib/outcome/result.ts'
import { passwordsFor, tokensFor, usersFor } from './account-ports.ts'
import type { Asked, Route, Told, Yes } from './asked.ts'
import type { Isolate } from './net.ts'
import { SECOND } from './plan.ts'
import type { Rng } from './prng.ts'
import type { World } from './world.ts'

export interface Client {
  world: World
  rng: Rng
  ip: string
}

/** What of a request the checkers compare with what comes of it. */
type Typed = Partial<Pick<Asked, 'username' | 'email' | 'password' | 'newPassword'>>

export type Ask<T> = (accounts: Accounts, from: From) => Promise<Result<T>>

/** null when there was no answer, or only that the service cannot work at the moment. */
export async function askOnce<R extends Route>(
  { world, ip }: Client,
  route: R,
  typed: Typed,
  use: Ask<Yes[R]>,
): Promise<Result<Yes[R]> | null> {
  const asked: Asked = {
    ...{ username: '', email: '', password: '', newPassword: '', ...typed },
    ...{ route, since: world.past.order, created: null, checked: null, refused: null, effect: false, set: null },
  }
  const from: From = { caller: { keyName: null, ip }, origin: { agent: 'Firefox', ip: null } }
  const answer = await world.net.invoke(route, (isolate) => use(accountsFor(world, isolate, asked), from))
  const said = answer.kind === 'answer' ? (answer.value.ok ? 'ok' : answer.value.refusal.code) : answer.kind
  world.kernel.note(`${route} ${asked.username}${asked.email} is told ${said}`)
  for (const checker of world.checkers) checker.told?.({ route, asked, answer } as unknown as Told)
  return answer.kind === 'answer' ? answer.value : null
}

/** Asks the same until it is answered; a patient person goes on until everything is healed. */
export async function askAgain<R extends Route>(
  client: Client,
  tries: number,
  route: R,
  typed: Typed,
  use: Ask<Yes[R]>,
): Promise<Result<Yes[R]> | null> {
  const { world, rng } = client
  for (let n = 0; n < tries; n++) {
    if (n > 0) await world.kernel.sleep(rng.int(1, 4) * SECOND * Math.min(30, 2 ** n))
    const answer = await askOnce(client, route, typed, use)
    if (answer) return answer
  }
  return null
}

/** More tries than any outage lasts. */
export const PATIENT = 400

/** On the session of this access token, as functions/http/callers.ts reads it. */
export const signedIn =
  <T>(access: string, use: (accounts: Accounts, from: SignedIn) => Promise<Result<T>>): Ask<T> =>
  async (accounts, from) => {
    const claims = await accounts.tokens.verify(access)
    if (!claims) return refuse({ code: 'unauthorized' })
    const { sessionId, userId, issuedAt } = claims
    return use(accounts, { ...from, bearer: { sessionId, userId, issuedAt } })
  }

function accountsFor(world: World, isolate: Isolate, asked: Asked): Accounts {
  const core = world.coreFor(isolate, asked)
  const sleep = (ms: number) => new Promise<void>((resolve) => world.kernel.after(ms, () => isolate.alive && resolve()))
  return {
    core,
    users: usersFor(world, isolate, asked),
    passwords: passwordsFor(world, core.random, sleep),
    tokens: tokensFor(world.keys, core.now),
    policy: {
      passwordMin: 10,
      registration: world.plan.accounts?.registration ?? 'open',
      operators: [],
      timeZone: 'America/Mexico_City',
      senderDomains: [],
    },
    sleep,
    background: (work) => void work.catch((error) => world.wrong(error, `behind ${asked.route}`)),
  }
}
