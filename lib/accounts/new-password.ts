// A new password: by a code or link that proves the address, or by the old one.
import { newId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import { passwordErrors } from '../passwords/rules.ts'
import type { Origin } from '../ports/audit.ts'
import type { User } from '../ports/users.ts'
import type { Usage } from '../rules/windows.ts'
import { type Accounts, type From, noteLater, pageOf, type SignedIn, userAudit } from './accounts.ts'
import { takeGuess } from './login.ts'
import { noticeIdOf, sendNotice } from './notice.ts'
import { guard } from './sessions.ts'
import { checkAccountCode } from './verify.ts'

export interface Reset {
  /** null with a link's token, which names its challenge. */
  challengeId: string | null
  proof: { code: string } | { token: string }
  newPassword: string
}

/**
 * The password is looked at before the code, so that a bad one costs no guess. Until its effect is confirmed the same
 * right code may come again; approval has ended every session by then.
 */
export async function reset(accounts: Accounts, request: Reset, from: From): Promise<Result<{ usage: Usage[] }>> {
  const { core, users, passwords } = accounts
  const { newPassword } = request
  const errors = await newPasswordErrors(accounts, newPassword, null)
  if (errors.length > 0) return refuse({ code: 'invalid_request', errors })
  const checked = await checkAccountCode(accounts, request.challengeId, request.proof, 'reset', from)
  if (!checked.ok) return checked
  const { approved, secret } = checked.value
  const { challengeId } = approved
  const leadsTo = secret.holds.kind === 'account' ? secret.holds.leadsTo : null
  const user = leadsTo?.kind === 'reset' ? await users.byId(leadsTo.userId) : null
  const email = secret.targets[0]?.deliver ?? ''
  if (!user) return refuse({ code: 'challenge_over' }, approved.usage)
  const own = await newPasswordErrors(accounts, newPassword, user)
  if (own.length > 0) return refuse({ code: 'invalid_request', errors: own }, approved.usage)
  const hash = await passwords.hash(newPassword)
  const set = await users.setPassword({ userId: user.id, hash, by: { challengeId, email }, now: core.now() })
  // Spent by this very password: the answer to it was lost on the way.
  const isRepeat = set.kind === 'spent' && (await passwords.verify(newPassword, set.user.passwordHash)).matches
  if (set.kind !== 'set' && !isRepeat) return refuse({ code: 'challenge_over' }, approved.usage)
  await tell(accounts, user, noticeIdOf(challengeId), from.origin)
  const audit = await userAudit(core, 'password_reset', user, from.origin)
  await core.store.challenges.confirm(challengeId, core.now(), audit)
  return ok({ usage: approved.usage })
}

export interface PasswordChange {
  currentPassword: string
  newPassword: string
}

/** Ends every other session; this one goes on. */
export async function changePassword(
  accounts: Accounts,
  { currentPassword, newPassword }: PasswordChange,
  from: SignedIn,
): Promise<Result<{ usage: Usage[] }>> {
  const { core, users, passwords } = accounts
  const user = await users.byId(from.bearer.userId)
  if (!user) return refuse({ code: 'unauthorized' })
  const errors = await newPasswordErrors(accounts, newPassword, user)
  if (errors.length > 0) return refuse({ code: 'invalid_request', errors })
  const proved = await provePassword(accounts, user, [currentPassword, newPassword], from)
  if (!proved.ok) return proved
  const { usage } = proved.value
  const endOthers = () => core.store.sessions.revokeAll(user.id, core.now(), from.bearer.sessionId)
  // Before it is set, so that no failure leaves them open; and after, for whoever proved the old one in between.
  await endOthers()
  // Set already: the answer was lost on the way, and what comes after setting may not have happened.
  if (proved.value.password !== newPassword) {
    const hash = await passwords.hash(newPassword)
    const set = await users.setPassword({ userId: user.id, hash, by: { oldHash: user.passwordHash }, now: core.now() })
    // Somebody else changed it since it was checked.
    if (set.kind !== 'set') return refuse({ code: 'invalid_credentials' }, usage)
    await endOthers()
  }
  await tell(accounts, user, newId('msg', core.now(), core.random, core.store.home), from.origin)
  noteLater(accounts, userAudit(core, 'password_changed', user, from.origin))
  return ok({ usage })
}

/**
 * The first of these that is the present password, on a live session; together they are one guess, counted as those of
 * a log-in are until one is right.
 */
export async function provePassword(
  accounts: Accounts,
  user: User,
  typed: string[],
  from: SignedIn,
): Promise<Result<{ password: string; usage: Usage[] }>> {
  const { core, passwords } = accounts
  const live = await guard(core, from.bearer)
  if (!live.ok) return live
  const guess = await takeGuess(accounts, user.id, from.caller)
  if (!guess.ok) return guess
  const { series, usage } = guess.value
  for (const password of typed) {
    if (!(await passwords.verify(password, user.passwordHash)).matches) continue
    await core.store.limits.forget(series)
    return ok({ password, usage })
  }
  return refuse({ code: 'invalid_credentials' }, usage)
}

/** `user` null = nobody may know yet whose it is. */
export function newPasswordErrors({ core, policy }: Accounts, password: string, user: User | null) {
  const own = user ? [user.username.typed, user.email.deliver] : []
  const ownWords = [core.policy.appName, ...own]
  return passwordErrors(password, { min: policy.passwordMin, ownWords, path: 'new_password' })
}

const tell = (accounts: Accounts, user: User, id: string, origin: Origin): Promise<void> =>
  sendNotice(accounts, {
    id,
    template: 'password-changed',
    to: user.email,
    locale: user.locale,
    data: {
      at: new Date(accounts.core.now()).toISOString(),
      timeZone: accounts.policy.timeZone,
      device: origin.agent,
      resetLink: pageOf(accounts.core, 'recover'),
    },
  })
