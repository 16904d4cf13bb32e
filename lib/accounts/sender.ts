// In whose name a person's mail leaves: their own where that domain is ours to send from, else ours, with answers to them.
import type { Core } from '../core.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Mailbox } from '../ports/provider.ts'
import type { Bearer } from '../ports/sessions.ts'
import type { User } from '../ports/users.ts'
import type { Accounts } from './accounts.ts'
import { me, userOf } from './me.ts'

export interface Sender {
  from: Mailbox
  replyTo: Mailbox | null
  /** The user; null = a backend writes. */
  owner: string | null
}

/** A backend writes as the deployment itself. */
export const serviceSender = ({ policy }: Core): Sender => ({ from: policy.from, replyTo: policy.replyTo, owner: null })

/**
 * Only a verified address is anybody's to write from. The session is asked by the step that admits the mail; `guarded`
 * asks it here, for what has no step of its own.
 */
export async function senderOf(accounts: Accounts, bearer: Bearer, { guarded = false } = {}): Promise<Result<Sender>> {
  const found = await (guarded ? me : userOf)(accounts, bearer)
  if (!found.ok) return found
  return found.value.emailVerified ? ok(senderAs(accounts, found.value)) : refuse({ code: 'email_not_verified' })
}

function senderAs({ core, policy }: Accounts, user: User): Sender {
  const name = user.username.typed
  const own = { address: user.email.deliver, name }
  const domain = own.address.slice(own.address.lastIndexOf('@') + 1).toLowerCase()
  if (policy.senderDomains.includes(domain)) return { from: own, replyTo: null, owner: user.id }
  const from = { address: core.policy.from.address, name: `${name} via ${core.policy.appName}` }
  return { from, replyTo: own, owner: user.id }
}
