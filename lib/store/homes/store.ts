// The Store port over two stores while a deployment moves from one to the other.

import type { Store } from '../../ports/store.ts'
import { homesChallenges } from './challenges.ts'
import { bearerIn, type Homes, isEmpty } from './homes.ts'
import { homesOutbox } from './outbox.ts'
import { homesSessions } from './sessions.ts'

/**
 * New things are made in `current`; what `old` holds is delivered, checked, refreshed and read there until it has ended.
 * Limits and the feed of events are the current store's alone. An old one that was empty once costs nothing.
 *
 *     const store = homesStore(homesOf(redisStore({ url, token }), oldStore(steps, moving), Date.now))
 */
export function homesStore(homes: Homes): Store {
  const { current, old } = homes
  return {
    home: current.home,
    outbox: homesOutbox(homes),
    challenges: homesChallenges(homes),
    sessions: homesSessions(homes),
    limits: {
      ...current.limits,
      async take(takes, at, bearer) {
        const own = await bearerIn(homes, current, bearer, at)
        return own === 'revoked' ? { kind: 'revoked', usage: [] } : current.limits.take(takes, at, own)
      },
    },
    audit: {
      append: (entry) => current.audit.append(entry),
      async list(limit) {
        const own = await current.audit.list(limit)
        if (isEmpty(await homes.held())) return own
        const others = await old.audit.list(limit)
        return [...own, ...others].sort((a, b) => b.at - a.at).slice(0, limit)
      },
    },
    events: current.events,
    ping: () => current.ping(),
  }
}
