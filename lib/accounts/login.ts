// Log-in: a wrong name and a wrong password cost and say the same.

import { type Caller, callerTakes, limitRefusal } from '../delivery/caller.ts'
import { errorFields } from '../log.ts'
import { parseEmail } from '../names/address.ts'
import { newId } from '../names/ids.ts'
import { trimmed } from '../names/typed.ts'
import { normalUsername } from '../names/username.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Login, User } from '../ports/users.ts'
import { IP_RULES, LOGIN_RULE } from '../rules/numbers.ts'
import type { Usage } from '../rules/windows.ts'
import {
  type Accounts,
  auditEntry,
  type From,
  newSession,
  noteLater,
  type Tokens,
  tokensOf,
  userAudit,
} from './accounts.ts'
import { evenly } from './even-answer.ts'

/** More than any login has. */
const TYPED_MAX = 256

export interface LoggedIn {
  user: User
  tokens: Tokens
  usage: Usage[]
}

/** `login` is a user name or an e-mail address, as typed. */
export const login = (
  accounts: Accounts,
  typed: { login: string; password: string },
  from: From,
): Promise<Result<LoggedIn>> => evenly(accounts, () => attempt(accounts, typed, from), isWrong)

const isWrong = (answer: Result<LoggedIn>) => !answer.ok && answer.refusal.code === 'invalid_credentials'

async function attempt(
  accounts: Accounts,
  typed: { login: string; password: string },
  from: From,
): Promise<Result<LoggedIn>> {
  const { core, users } = accounts
  const called = trimmed(typed.login)
  const key = keyOf(called)
  const name = key ? Object.values(key).join() : called.slice(0, TYPED_MAX).toLowerCase()
  const guess = await takeGuess(accounts, name, from.caller)
  if (!guess.ok) return guess
  const { series, usage } = guess.value
  const provenAt = core.now()
  const user = key ? await users.byLogin(key) : null
  if (!user || !(await isPassword(accounts, user, typed.password))) {
    if (!user) await accounts.passwords.verifyDecoy(typed.password)
    noteLater(accounts, auditEntry(core, 'login_failed', name, from.origin))
    return refuse({ code: 'invalid_credentials' }, usage)
  }
  const session = newSession(accounts, user.id, from.origin, provenAt)
  const audit = await userAudit(core, 'login', user, from.origin)
  const opened = await core.store.sessions.open(session, [series], core.now(), audit)
  // A reset came in between: what was proved is the old password.
  if (opened.kind === 'over') return refuse({ code: 'invalid_credentials' }, usage)
  return ok({ user, tokens: await tokensOf(accounts, session, 0), usage })
}

/** null for what nobody can be called. Names of older systems may be outside the alphabet of new ones. */
function keyOf(typed: string): Login | null {
  if (typed.includes('@')) {
    const email = parseEmail(typed)
    return email && { email: email.normal }
  }
  return typed.length > TYPED_MAX ? null : { username: normalUsername(typed) }
}

/**
 * Counts one guess at a password before it is judged. `name` says whose, as far as it was typed: an unknown one is
 * counted like a known one.
 */
export async function takeGuess(
  { core }: Accounts,
  name: string,
  caller: Caller,
): Promise<Result<{ series: string; usage: Usage[] }>> {
  const now = core.now()
  const token = newId('req', now, core.random)
  const series = `login:${await core.keys.hash('address', `${name} ${caller.ip ?? caller.keyName ?? ''}`)}`
  const takes = await callerTakes(core, caller, token, IP_RULES.logins)
  const taken = await core.store.limits.throttle({ series, rule: LOGIN_RULE, token, takes, now })
  return taken.kind === 'limited' ? refuse(limitRefusal(taken, now), taken.usage) : ok({ series, usage: taken.usage })
}

/** Checks the password; one that was hashed the old way is hashed anew, beside the answer. */
async function isPassword(accounts: Accounts, user: User, password: string): Promise<boolean> {
  const check = await accounts.passwords.verify(password, user.passwordHash)
  if (check.matches && check.needsRehash) accounts.background(rehash(accounts, user, password))
  return check.matches
}

async function rehash({ core, users, passwords }: Accounts, user: User, password: string): Promise<void> {
  try {
    const hash = await passwords.hash(password)
    await users.setPassword({ userId: user.id, hash, by: { oldHash: user.passwordHash }, now: core.now() })
  } catch (error) {
    // The old hash goes on to work; the next log-in tries again.
    core.log('warn', 'rehash_failed', { user_id: user.id, ...errorFields(error) })
  }
}
