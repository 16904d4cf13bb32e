// A signed-in person asks for the code of their own address again.

import type { ChallengeSends } from '../codes/open.ts'
import { resendTo } from '../codes/resend.ts'
import { atField, targetsOf } from '../delivery/targets.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Channel } from '../rules/status.ts'
import type { Accounts, SignedIn } from './accounts.ts'
import { type FirstMail, firstMail } from './first-mail.ts'
import { openOwnCode } from './own-code.ts'

export interface Resent {
  sends: ChallengeSends
  mail: FirstMail
}

/** The same code while its challenge lives, a new one after that. `channel` null = the one it went by. */
export async function resendOwn(accounts: Accounts, channel: Channel | null, from: SignedIn): Promise<Result<Resent>> {
  const { core } = accounts
  const startedAt = core.now()
  const open = await core.store.challenges.newest(from.bearer.userId, 'verify', core.now())
  const again = open ? await resendTo(core, open, { channel, caller: from.caller, bearer: from.bearer }) : null
  // One that is nearly over, or was never for this channel, makes room for a new one.
  const isStuck =
    !again || (!again.ok && ['challenge_over', 'invalid_request', 'not_found'].includes(again.refusal.code))
  const sent = isStuck ? await openOwn(accounts, channel, from) : again
  return sent.ok ? ok({ sends: sent.value, mail: await firstMail(accounts, sent.value, startedAt) }) : sent
}

async function openOwn(
  accounts: Accounts,
  channel: Channel | null,
  { caller, bearer }: SignedIn,
): Promise<Result<ChallengeSends>> {
  const { core, users } = accounts
  const user = await users.byId(bearer.userId)
  if (!user) return refuse({ code: 'unauthorized' })
  const targets = targetsOf(core, { email: user.email, phone: user.phone ?? undefined }, [channel ?? 'email'])
  if (!targets.ok) return atField(targets, 'channel')
  const [target] = targets.value
  if (target?.channel === 'email' ? user.emailVerified : user.phoneVerified) return refuse({ code: 'already_verified' })
  return openOwnCode(core, user, targets.value, caller, { bearer })
}
