// Sends an open challenge's code again: the same code, a longer life, the person's budget.

import type { Core } from '../core.ts'
import { accept } from '../delivery/accept.ts'
import { type Caller, callerTakes, limitRefusal } from '../delivery/caller.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Audience, ChallengeView } from '../ports/challenges.ts'
import type { Bearer } from '../ports/sessions.ts'
import { CHALLENGE, IP_RULES } from '../rules/numbers.ts'
import type { Channel } from '../rules/status.ts'
import type { ChallengeSends } from './open.ts'
import { type ChallengeSecret, codeLifeMs, codeRows } from './send.ts'
import { viewChallenge } from './view.ts'

export interface ResendRequest {
  challengeId: string
  audience: Audience
  /** null = the channel it was first sent by. */
  channel: Channel | null
  caller: Caller
  bearer?: Bearer
}

export async function resendCode(core: Core, request: ResendRequest): Promise<Result<ChallengeSends>> {
  const found = await viewChallenge(core, request.challengeId, request.audience)
  return found.ok ? resendTo(core, found.value, request) : found
}

/** The same for a challenge that was just looked at. */
export async function resendTo(
  core: Core,
  view: ChallengeView,
  request: Pick<ResendRequest, 'channel' | 'caller' | 'bearer'>,
): Promise<Result<ChallengeSends>> {
  const opened = await core.keys.open(view.id, view.sealed)
  if (opened === null) return refuse({ code: 'challenge_over' })
  const secret = JSON.parse(opened) as ChallengeSecret
  const target = request.channel ? secret.targets.find((one) => one.channel === request.channel) : secret.targets[0]
  if (!target) {
    return refuse({
      code: 'invalid_request',
      errors: [{ path: 'channel', code: 'not_in_challenge' }],
    })
  }
  const now = core.now()
  // What could neither arrive nor be typed in time is not sent.
  if (view.endsAt - now < CHALLENGE.resendLeftMs) return refuse({ code: 'challenge_over' })
  const { messages: rows, sends } = await codeRows(core, { ...view, secret }, [target], false, now)
  // A decoy has nothing to send again; its budgets are those of any other.
  const messages = secret.holds.kind === 'decoy' ? [] : rows
  const codeExpiresAt = Math.min(now + codeLifeMs(core, target.channel), view.endsAt)
  const resendAt = now + CHALLENGE.resendGapMs
  const { admitted, first } = await accept(core, {
    idempotency: null,
    takes: await callerTakes(core, request.caller, rows[0]?.id ?? '', IP_RULES.sends),
    sends,
    challenge: { resend: { id: view.id, channel: target.channel, codeExpiresAt, resendAt } },
    messages,
    bearer: request.bearer ?? null,
    now,
  })
  if (admitted.kind === 'limited') return refuse(limitRefusal(admitted, now), admitted.usage)
  if (admitted.kind === 'over') return refuse({ code: 'challenge_over' })
  if (admitted.kind === 'revoked') return refuse({ code: 'unauthorized' })
  if (admitted.kind === 'missing') return refuse({ code: 'not_found' })
  if (admitted.kind !== 'admitted' && admitted.kind !== 'hastened') throw new Error(`resendCode: ${admitted.kind}`)
  const messageId = admitted.kind === 'hastened' ? admitted.id : (messages[0]?.id ?? '')
  const status = admitted.claimed.length > 0 ? 'sending' : 'queued'
  const others = view.deliveries.filter((delivery) => delivery.channel !== target.channel)
  return ok({
    challengeId: view.id,
    expiresAt: Math.max(codeExpiresAt, view.codeExpiresAt),
    resendAt,
    deliveries: [{ channel: target.channel, messageId, status }, ...others],
    usage: admitted.usage,
    repeated: false,
    first,
  })
}
