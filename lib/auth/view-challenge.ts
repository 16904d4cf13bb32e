// A challenge as its opener may see it; account challenges do not exist here.
import type { Core } from '../delivery/core.ts'
import { isId } from '../ids.ts'
import type { Audience, ChallengeView } from '../ports/challenges.ts'
import { ok, type Result, refuse } from '../result.ts'

export async function viewChallenge(core: Core, id: string, audience: Audience): Promise<Result<ChallengeView>> {
  const view = isId('ch', id) ? await core.store.challenges.view(id, core.now()) : null
  return view && view.audience === audience ? ok(view) : refuse({ code: 'not_found' })
}
