// Codes in two homes: a challenge is judged where it lives, and what its approval ends, it ends in both.

import type { Challenges, Check, Checked } from '../../ports/challenges.ts'
import type { Store } from '../../ports/store.ts'
import { bearerIn, type Homes } from './homes.ts'

export function homesChallenges(homes: Homes): Challenges {
  const { current, old } = homes
  const other = (store: Store): Store => (store === current ? old : current)

  /** A reset ends all sessions of its person: the step did so in its own store only. */
  async function endOthers(store: Store, subject: string | null, now: number): Promise<void> {
    if (subject === null || (store === current && (await homes.held()).sessions === 0)) return
    await other(store).sessions.revokeAll(subject, now)
  }

  return {
    async check(check) {
      const store = await homes.of(check.id)
      const bearer = await bearerIn(homes, store, check.bearer, check.now)
      if (bearer === 'revoked') return { kind: 'revoked', usage: [] }
      const locked = store === current ? await lockedBefore(homes, check) : null
      if (locked) return locked
      const checked = await store.challenges.check({ ...check, bearer })
      if (checked.kind === 'approved' && check.effect === 'reset') await endOthers(store, checked.subject, check.now)
      return checked
    },
    view: async (id, now) => (await homes.of(id)).challenges.view(id, now),
    async newest(subject, effect, now) {
      const found = await current.challenges.newest(subject, effect, now)
      if (found || (await homes.held()).challenges === 0) return found
      return old.challenges.newest(subject, effect, now)
    },
    async confirm(id, now, audit) {
      const store = await homes.of(id)
      // Before it is over: a repeat after a failure in between does both again.
      if (store === old || (await homes.held()).sessions > 0) {
        const view = await store.challenges.view(id, now)
        if (view?.effect === 'reset') await endOthers(store, view.subject, now)
      }
      await store.challenges.confirm(id, now, audit)
    },
  }
}

/** A lock that somebody earned before the move is not lifted by it. A link ignores locks. */
async function lockedBefore({ current, old, held }: Homes, check: Check): Promise<Checked | null> {
  if ('link' in check.proof || (await held()).locks === 0) return null
  const view = await current.challenges.view(check.id, check.now)
  if (!view || view.audience !== check.audience || view.effect !== (check.effect ?? null)) return null
  const until = await old.lockedUntil(view.opener, view.persons, check.now)
  return until > check.now ? { kind: 'locked', until, usage: [] } : null
}
