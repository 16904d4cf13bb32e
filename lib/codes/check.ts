// Judges a typed code, or the token of a mailed link, against a challenge.
import type { Core } from '../core.ts'
import { type Caller, callerTakes, ipSeries, limitRefusal } from '../delivery/caller.ts'
import { isId, newId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Origin } from '../ports/audit.ts'
import type { Approved, Audience, Check, Effect } from '../ports/challenges.ts'
import type { Take } from '../ports/limits.ts'
import type { Bearer } from '../ports/sessions.ts'
import { IP_RULES, WRONG_RULES } from '../rules/numbers.ts'
import type { Usage } from '../rules/windows.ts'
import { codeMacs, readLinkToken } from '../secrets/code.ts'

export interface CheckRequest {
  /** null = the one that the token names. */
  challengeId: string | null
  audience: Audience
  proof: { code: string } | { token: string }
  caller: Caller
  /** Account routes: what the caller is going to do, and where it comes from. */
  effect?: Effect
  bearer?: Bearer | null
  origin?: Origin
}

export interface CodeApproved extends Approved {
  challengeId: string
  usage: Usage[]
}

export async function checkCode(core: Core, request: CheckRequest): Promise<Result<CodeApproved>> {
  const { caller } = request
  if (request.challengeId !== null && !isId('ch', request.challengeId)) return refuse({ code: 'not_found' })
  const now = core.now()
  const read = await proofOf(core, request.challengeId, request.proof)
  if (!read) return refuse({ code: 'code_invalid', triesLeft: null })
  const { id, proof } = read
  const token = newId('req', now, core.random)
  const checked = await core.store.challenges.check({
    id,
    audience: request.audience,
    token,
    proof,
    effect: request.effect ?? null,
    bearer: request.bearer ?? null,
    origin: request.origin ?? null,
    takes: await callerTakes(core, caller, token, IP_RULES.checks),
    wrong: await wrongTake(core, caller, token),
    now,
  })
  const { usage } = checked
  switch (checked.kind) {
    case 'approved':
      return ok({ ...checked, challengeId: id })
    case 'wrong':
      return refuse({ code: 'code_invalid', triesLeft: checked.triesLeft }, usage)
    case 'over':
      return refuse({ code: 'challenge_over' }, usage)
    case 'locked':
      return refuse(
        { code: 'code_locked', limit: WRONG_RULES.lock.name, retryAfterMs: Math.max(1, checked.until - now) },
        usage,
      )
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
async function proofOf(
  core: Core,
  challengeId: string | null,
  proof: CheckRequest['proof'],
): Promise<{ id: string; proof: Check['proof'] } | null> {
  if ('code' in proof) {
    if (challengeId === null) return null
    return { id: challengeId, proof: { macs: await codeMacs(core.keys, challengeId, proof.code) } }
  }
  const link = await readLinkToken(core.keys, proof.token)
  if (!link || (challengeId !== null && link.challengeId !== challengeId)) return null
  return { id: link.challengeId, proof: { link: link.channel } }
}
