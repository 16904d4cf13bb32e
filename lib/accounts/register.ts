// Sign-up: limits, account, then one step for code, session and mail. Whatever the mail does, the account is made.

import type { ChallengeSends } from '../codes/open.ts'
import { callerTakes, limitRefusal } from '../delivery/caller.ts'
import { errorFields } from '../log.ts'
import { newId } from '../names/ids.ts'
import { Fault } from '../outcome/fault.ts'
import type { Refusal } from '../outcome/refusal.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { NewSession } from '../ports/sessions.ts'
import type { User, UserField } from '../ports/users.ts'
import { IP_RULES } from '../rules/numbers.ts'
import type { Usage } from '../rules/windows.ts'
import { type Accounts, type From, newSession, type Tokens, tokensOf, userAudit } from './accounts.ts'
import { enoughMail, type FirstMail, firstMail, noMail } from './first-mail.ts'
import { openOwnCode } from './own-code.ts'
import { type Registration, type RegistrationFields, readRegistration } from './registration.ts'

export interface Registered {
  user: User
  tokens: Tokens
  mail: FirstMail
  challengeId: string | null
  usage: Usage[]
}

export async function register(
  accounts: Accounts,
  fields: RegistrationFields,
  from: From,
): Promise<Result<Registered>> {
  const { core } = accounts
  const provenAt = core.now()
  const read = await readRegistration(accounts, fields)
  if (!read.ok) return read
  const taken = await takeRegistration(accounts, from)
  if (!taken.ok) return taken
  const { usage } = taken.value
  const created = await accounts.users.create(await newUser(accounts, read.value))
  if (created.kind === 'taken') return refuse(takenRefusal(created.fields), usage)
  const { user } = created
  const session = newSession(accounts, user.id, from.origin, provenAt)
  const ledger = await writeDown(accounts, user, session, read.value, from)
  const tokens = await tokensOf(accounts, session, 0)
  return ok({
    user,
    tokens: ledger.session ? tokens : { ...tokens, refreshToken: null },
    mail: await mailOf(accounts, ledger, provenAt),
    challengeId: ledger.sends?.challengeId ?? null,
    usage,
  })
}

/** One place in the windows of sign-ups; also proves that the store answers, before anything is made. */
export async function takeRegistration({ core }: Accounts, from: From): Promise<Result<{ usage: Usage[] }>> {
  const now = core.now()
  const slot = newId('req', now, core.random)
  const taken = await core.store.limits.take(await callerTakes(core, from.caller, slot, IP_RULES.registrations), now)
  return taken.kind === 'limited' ? refuse(limitRefusal(taken, now), taken.usage) : ok({ usage: taken.usage })
}

/** The account as it is made; its password is hashed here. */
export async function newUser({ core, passwords }: Accounts, registration: Registration): Promise<User> {
  const passwordHash = await passwords.hash(registration.password)
  const now = core.now()
  return {
    id: newId('usr', now, core.random),
    username: registration.username,
    email: registration.email,
    emailVerified: false,
    phone: registration.phone,
    phoneVerified: false,
    locale: registration.locale,
    referralCode: registration.referralCode,
    passwordHash,
    createdAt: now,
  }
}

/** The first of the fields that somebody else has. */
export const takenRefusal = (fields: UserField[]): Refusal => ({
  code: fields[0] === 'email' ? 'email_taken' : 'username_taken',
})

interface Ledger {
  sends: ChallengeSends | null
  session: boolean
  /** When the address has had its mail for now: how long until it may have more. */
  waitMs?: number
}

function mailOf(accounts: Accounts, { sends, waitMs }: Ledger, startedAt: number): FirstMail | Promise<FirstMail> {
  if (sends) return firstMail(accounts, sends, startedAt)
  const now = accounts.core.now()
  return waitMs ? enoughMail(now + waitMs) : noMail(now)
}

/** The account exists by now: what fails here is told, and never undoes it. */
async function writeDown(
  accounts: Accounts,
  user: User,
  session: NewSession,
  registration: Registration,
  from: From,
): Promise<Ledger> {
  const { core } = accounts
  const audit = await userAudit(core, 'registered', user, from.origin)
  try {
    // A registration's own mail counts as a registration only.
    const opened = await openOwnCode(core, user, registration.targets, null, { session, audit })
    if (opened.ok) return { sends: opened.value, session: true }
    // This address has had its mail for now. The person may come in all the same.
    const alone = await core.store.sessions.open(session, [], core.now(), audit)
    const waitMs = 'retryAfterMs' in opened.refusal ? opened.refusal.retryAfterMs : 0
    return { sends: null, session: alone.kind === 'opened', waitMs }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    core.log('error', 'register_unwritten', { user_id: user.id, ...errorFields(error) })
    return { sends: null, session: false }
  }
}
