// Who is an operator by their account: a user whose verified address is listed, as Users have it at this moment.

import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Bearer } from '../ports/sessions.ts'
import type { User } from '../ports/users.ts'
import type { Accounts } from './accounts.ts'
import { guard } from './sessions.ts'

/**
 * The user, if they are an operator now. Nothing a token says is believed but whose it is: an address that was changed, or
 * a session that was ended a moment ago, is nobody's any more.
 */
export async function adminOf({ core, users, policy }: Accounts, bearer: Bearer): Promise<Result<User>> {
  const [live, user] = await Promise.all([guard(core, bearer), users.byId(bearer.userId)])
  if (!live.ok) return live
  if (!user) return refuse({ code: 'unauthorized' })
  const isListed = policy.operators.some((one) => isSameAddress(one.deliver, user.email.deliver))
  return isListed && user.emailVerified ? ok(user) : refuse({ code: 'forbidden' })
}

/** Exactly the address: what limits fold, such as a tag, may be somebody else's mailbox. */
const isSameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
