// Sessions in two homes: a family is turned and ended where it lives, a person's all are ended in both.

import type { Sessions } from '../../ports/sessions.ts'
import { type Homes, isEmpty } from './homes.ts'

export function homesSessions(homes: Homes): Sessions {
  const { current, old } = homes
  const at = async (id: string): Promise<Sessions> => (await homes.of(id)).sessions
  return {
    open: async (session, clears, now, audit) => (await at(session.id)).open(session, clears, now, audit),
    turn: async (turn) => (await at(turn.id)).turn(turn),
    revoke: async (id, by, now) => (await at(id)).revoke(id, by, now),
    async revokeAll(userId, now, except) {
      // The old one first: if the other fails, the repeat does both.
      if (!isEmpty(await homes.held())) await old.sessions.revokeAll(userId, now, except)
      await current.sessions.revokeAll(userId, now, except)
    },
    live: async (bearer, now) => (await at(bearer.sessionId)).live(bearer, now),
    async endedSince(userId, since) {
      if (await current.sessions.endedSince(userId, since)) return true
      return isEmpty(await homes.held()) ? false : old.sessions.endedSince(userId, since)
    },
    async list(userId, now) {
      const own = await current.sessions.list(userId, now)
      if ((await homes.held()).sessions === 0) return own
      const others = await old.sessions.list(userId, now)
      // Newest first, as each store tells its own.
      return [...own, ...others].sort((a, b) => b.createdAt - a.createdAt)
    },
  }
}
