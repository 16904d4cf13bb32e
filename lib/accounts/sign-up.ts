// REGISTRATION=verified: nobody learns whose address it is, and there is no account before its address is proved.

import { type Mails, openChallenge } from '../codes/open.ts'
import { CODE_TEMPLATE } from '../codes/send.ts'
import { newId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Take } from '../ports/limits.ts'
import type { User } from '../ports/users.ts'
import { USERNAME_RULE } from '../rules/numbers.ts'
import type { Usage } from '../rules/windows.ts'
import { type Accounts, auditEntry, type From, pageOf } from './accounts.ts'
import { evenly } from './even-answer.ts'
import { noticeRow } from './notice.ts'
import { REGISTER_PURPOSE } from './own-code.ts'
import { newUser, takeRegistration } from './register.ts'
import { type RegistrationFields, readRegistration } from './registration.ts'

export interface SignedUp {
  challengeId: string
  usage: Usage[]
}

export const signUp = (accounts: Accounts, fields: RegistrationFields, from: From): Promise<Result<SignedUp>> =>
  evenly(accounts, () => begin(accounts, fields, from))

async function begin(accounts: Accounts, fields: RegistrationFields, from: From): Promise<Result<SignedUp>> {
  const { core, users } = accounts
  const read = await readRegistration(accounts, fields)
  if (!read.ok) return read
  const { email, targets } = read.value
  const taken = await takeRegistration(accounts, from)
  if (!taken.ok) return taken
  const { usage } = taken.value
  // Hashed whoever has the address: what it costs must not tell.
  const user = await newUser(accounts, read.value)
  const [sameName, owner] = await Promise.all([
    users.byLogin({ username: user.username.normal }),
    users.byLogin({ email: email.normal }),
  ])
  if (sameName) return refuse({ code: 'username_taken' }, usage)
  const opened = await openChallenge(core, {
    targets,
    addresses: [email.normal],
    purpose: REGISTER_PURPOSE,
    mode: 'first',
    locale: user.locale,
    audience: 'account',
    // Nobody is its owner yet: the budget of an owner is not for strangers to spend.
    opener: 'anonymous',
    caller: null,
    idempotency: null,
    account: {
      template: CODE_TEMPLATE,
      page: pageOf(core, 'verify'),
      effect: 'verify',
      subject: null,
      takes: [await usernameTake(accounts, user)],
      audit: await auditEntry(core, 'sign_up', email.normal, from.origin),
      mails: owner ? await toldInstead(accounts, owner) : { kind: 'code', leadsTo: { kind: 'sign-up', user } },
    },
  })
  if (!opened.ok) return refuse(opened.refusal, usage)
  accounts.background(opened.value.first)
  return ok({ challengeId: opened.value.challengeId, usage })
}

/** The same person signing up again finds their own place, not somebody else's. */
async function usernameTake({ core }: Accounts, user: User): Promise<Take> {
  const [name, slot] = await Promise.all([
    core.keys.hash('address', user.username.normal),
    core.keys.hash('address', `${user.username.normal} ${user.email.normal}`),
  ])
  return { series: `username:${name}`, slot, rules: [USERNAME_RULE] }
}

/** Nothing to prove: the owner of the address is told instead. */
async function toldInstead({ core }: Accounts, owner: User): Promise<Mails> {
  const notice = {
    id: newId('msg', core.now(), core.random, core.store.home),
    template: 'already-registered',
    to: owner.email,
    locale: owner.locale,
    data: { loginLink: pageOf(core, 'login'), resetLink: pageOf(core, 'recover') },
  }
  return { kind: 'notice', row: await noticeRow(core, notice) }
}
