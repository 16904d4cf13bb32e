// Judges a typed code, or the token of a mailed link, against a challenge.
import type { Core } from '../delivery/core.ts'
import { isId, newId } from '../ids.ts'
import { IP_RULES } from '../policies.ts'
import type { Audience, Check } from '../ports/challenges.ts'
import type { Take, Usage } from '../ports/limits.ts'
import type { Channel } from '../ports/message.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type Caller, callerTakes, ipSeries } from './code-send.ts'
import { codeMacs, readLinkToken } from './codes.ts'
import { limitRefusal } from './limit-refusal.ts'

export interface CheckRequest {
  challengeId: string
  audience: Audience
  proof: { code: string } | { token: string }
  caller: Caller
}

export async function checkCode(
  core: Core,
  request: CheckRequest,
): Promise<Result<{ channel: Channel; usage: Usage[] }>> {
  const { challengeId: id, caller } = request
  if (!isId('ch', id)) return refuse({ code: 'not_found' })
  const now = core.now()
  const proof = await proofOf(core, id, request.proof)
  if (!proof) return refuse({ code: 'code_invalid', triesLeft: null })
  const token = newId('req', now, core.random)
  const checked = await core.store.challenges.check({
    id,
    audience: request.audience,
    token,
    proof,
    takes: await callerTakes(core, caller, token, IP_RULES.checks),
    wrong: await wrongTake(core, caller, token),
    now,
  })
  const { usage } = checked
  switch (checked.kind) {
    case 'approved':
      return ok({ channel: checked.channel, usage })
    case 'wrong':
      return refuse({ code: 'code_invalid', triesLeft: checked.triesLeft }, usage)
    case 'over':
      return refuse({ code: 'challenge_over' }, usage)
    case 'locked':
      return refuse({ code: 'code_locked', retryAfterMs: Math.max(1, checked.until - now) }, usage)
    case 'limited':
      return refuse(limitRefusal(checked, now), usage)
    case 'revoked':
      return refuse({ code: 'unauthorized' }, usage)
    case 'missing':
      return refuse({ code: 'not_found' }, usage)
  }
}

async function wrongTake(core: Core, caller: Caller, slot: string): Promise<Take | null> {
  if (!core.policy.limits || caller.ip === null) return null
  const rule = IP_RULES.wrongChecks
  return { series: await ipSeries(core, caller.ip, rule), slot, rules: [rule] }
}

/** null for a link token that is not genuine or belongs to another challenge: nothing to count, 128 bits are not guessed. */
async function proofOf(core: Core, id: string, proof: CheckRequest['proof']): Promise<Check['proof'] | null> {
  if ('code' in proof) return { macs: await codeMacs(core.keys, id, proof.code) }
  const link = await readLinkToken(core.keys, proof.token)
  return link?.challengeId === id ? { link: link.channel } : null
}
