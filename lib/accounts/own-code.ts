// The code that proves a person's own address: at sign-up, and whenever they ask for it again.

import { type AccountChallenge, type ChallengeSends, openChallenge } from '../codes/open.ts'
import { CODE_TEMPLATE } from '../codes/send.ts'
import type { Core } from '../core.ts'
import type { Caller } from '../delivery/caller.ts'
import type { Target } from '../delivery/targets.ts'
import type { Result } from '../outcome/result.ts'
import type { User } from '../ports/users.ts'
import { pageOf } from './accounts.ts'

/** What the mails of this purpose say they are for. */
export const REGISTER_PURPOSE = 'register'

/** `caller` null = charged for something else already. */
export function openOwnCode(
  core: Core,
  user: User,
  targets: Target[],
  caller: Caller | null,
  more: Pick<AccountChallenge, 'session' | 'bearer' | 'audit'>,
): Promise<Result<ChallengeSends>> {
  return openChallenge(core, {
    targets,
    // A phone that nothing is sent to is anybody's: its owner's budget is not touched.
    addresses: [...new Set([user.email.normal, ...targets.map((target) => target.normal)])],
    purpose: REGISTER_PURPOSE,
    mode: 'first',
    locale: user.locale,
    audience: 'account',
    opener: 'owner',
    caller,
    idempotency: null,
    account: {
      template: CODE_TEMPLATE,
      page: pageOf(core, 'verify'),
      mails: { kind: 'code', leadsTo: { kind: 'verify', userId: user.id } },
      effect: 'verify',
      subject: user.id,
      ...more,
    },
  })
}
