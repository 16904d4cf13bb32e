// What a signed-in person sees and changes of their own account.

import { type ChallengeSends, openChallenge } from '../codes/open.ts'
import { CODE_TEMPLATE } from '../codes/send.ts'
import { limitRefusal } from '../delivery/caller.ts'
import { atField, targetsOf } from '../delivery/targets.ts'
import { parseEmail } from '../names/address.ts'
import { newId } from '../names/ids.ts'
import { parseUsername, usernameErrors } from '../names/username.ts'
import type { FieldError } from '../outcome/field-error.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Locale } from '../ports/renderer.ts'
import type { Bearer } from '../ports/sessions.ts'
import type { User } from '../ports/users.ts'
import { USERNAME_CHANGES_RULE } from '../rules/numbers.ts'
import { type Accounts, pageOf, type SignedIn } from './accounts.ts'
import { type FirstMail, firstMail } from './first-mail.ts'
import { provePassword } from './new-password.ts'
import { takenRefusal } from './register.ts'
import { guard } from './sessions.ts'

/** Whose session still stands: a token of one that was ended is nobody's, however long it says that it is good. */
export async function me(accounts: Accounts, bearer: Bearer): Promise<Result<User>> {
  const [live, found] = await Promise.all([guard(accounts.core, bearer), userOf(accounts, bearer)])
  return live.ok ? found : live
}

/** The same for what asks the session in a step of its own. */
export async function userOf({ users }: Accounts, bearer: Bearer): Promise<Result<User>> {
  const user = await users.byId(bearer.userId)
  return user ? ok(user) : refuse({ code: 'unauthorized' })
}

export interface Changes {
  /** null = none of ours: the default. */
  locale?: Locale | null | undefined
  username?: string | undefined
  email?: string | undefined
  /** E.164. */
  phone?: string | undefined
  currentPassword?: string | undefined
}

export interface Changed {
  user: User
  /** A new address is the account's once this challenge is approved; null when none was asked for. */
  pending: { sends: ChallengeSends; mail: FirstMail } | null
}

/** Locale and name at once; an address with the password, and by a code that proves it. */
export async function changeMe(accounts: Accounts, changes: Changes, from: SignedIn): Promise<Result<Changed>> {
  const startedAt = accounts.core.now()
  const errors = changeErrors(accounts, changes)
  if (errors.length > 0) return refuse({ code: 'invalid_request', errors })
  const found = await userOf(accounts, from.bearer)
  if (!found.ok) return found
  if (changes.email === undefined && changes.phone === undefined) {
    return changeProfile(accounts, found.value, changes, from)
  }
  const proved = await provePassword(accounts, found.value, [changes.currentPassword ?? ''], from)
  return proved.ok ? changeAddress(accounts, found.value, changes, from, startedAt) : proved
}

/** Everything wrong with what was typed. */
export function changeErrors(
  { core }: Accounts,
  changes: { readonly [name in keyof Changes]?: unknown },
): FieldError[] {
  const { username, email, phone, locale, currentPassword } = changes
  const errors: FieldError[] = []
  if (typeof username === 'string') errors.push(...usernameErrors(username, [core.policy.appName]))
  if (typeof email === 'string' && !parseEmail(email)) errors.push({ path: 'email', code: 'not_email' })
  const isAddress = email !== undefined || phone !== undefined
  if (isAddress && currentPassword === undefined) errors.push({ path: 'current_password', code: 'required' })
  if (email !== undefined && phone !== undefined) {
    errors.push({ path: 'phone', code: 'not_alone' })
  }
  if (isAddress && (username !== undefined || locale !== undefined)) {
    errors.push({ path: email === undefined ? 'phone' : 'email', code: 'not_alone' })
  }
  return errors
}

async function changeProfile(
  { core, users }: Accounts,
  user: User,
  { locale, username }: Changes,
  { bearer }: SignedIn,
): Promise<Result<Changed>> {
  const name = username === undefined ? null : parseUsername(username)
  const slot = newId('req', core.now(), core.random)
  const takes = name ? [{ series: `username-of:${user.id}`, slot, rules: [USERNAME_CHANGES_RULE] }] : []
  const now = core.now()
  const taken = await core.store.limits.take(takes, now, bearer)
  if (taken.kind === 'limited') return refuse(limitRefusal(taken, now), taken.usage)
  if (taken.kind === 'revoked') return refuse({ code: 'unauthorized' })
  const updated = await users.update({
    userId: user.id,
    ...(locale === undefined ? {} : { locale: locale ?? core.policy.locale }),
    ...(name === null ? {} : { username: name }),
  })
  if (updated.kind === 'taken') return refuse(takenRefusal(updated.fields))
  return updated.kind === 'updated' ? ok({ user: updated.user, pending: null }) : refuse({ code: 'unauthorized' })
}

async function changeAddress(
  accounts: Accounts,
  user: User,
  { email, phone }: Changes,
  { bearer, caller }: SignedIn,
  startedAt: number,
): Promise<Result<Changed>> {
  const { core } = accounts
  const address = email === undefined ? null : parseEmail(email)
  const to = address ? { email: address } : { phone: phone ?? '' }
  const targets = targetsOf(core, to, address ? ['email'] : null)
  if (!targets.ok) return atField(targets, address ? 'email' : 'phone')
  const opened = await openChallenge(core, {
    targets: targets.value,
    // The account's budget as well: it is no means to write to many addresses.
    addresses: [address?.normal ?? phone ?? '', user.id],
    purpose: address ? 'email-change' : 'phone-change',
    mode: 'first',
    locale: user.locale,
    audience: 'account',
    // Not yet theirs: whoever has the address keeps their own budget.
    opener: 'change',
    caller,
    idempotency: null,
    account: {
      template: CODE_TEMPLATE,
      page: pageOf(core, 'verify'),
      mails: {
        kind: 'code',
        leadsTo: {
          kind: 'change',
          userId: user.id,
          from: address ? user.email.deliver : user.phone,
          to,
          hash: user.passwordHash,
          askedAt: core.now(),
        },
      },
      effect: 'verify',
      subject: user.id,
      bearer,
    },
  })
  if (!opened.ok) return opened
  return ok({ user, pending: { sends: opened.value, mail: await firstMail(accounts, opened.value, startedAt) } })
}
