// A challenge as its opener may see it; account challenges do not exist here.
import type { Core } from '../core.ts'
import { isId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Audience, ChallengeView } from '../ports/challenges.ts'

export async function viewChallenge(core: Core, id: string, audience: Audience): Promise<Result<ChallengeView>> {
  const view = isId('ch', id) ? await core.store.challenges.view(id, core.now()) : null
  return view && view.audience === audience ? ok(view) : refuse({ code: 'not_found' })
}
