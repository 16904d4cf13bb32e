// The sessions of the Store port over Redis.

import type { Sessions, SessionView, Turned } from '../../ports/sessions.ts'
import { SESSIONS_MAX } from '../../rules/numbers.ts'
import type { Client } from './client.ts'
import { AUDIT, key } from './keys.ts'
import { auditText, bearerKeys } from './requests.ts'
import { type List, list } from './rows.ts'

/** `step` runs a script that answers JSON. */
export function redisSessions(client: Client, step: <T>(...args: Parameters<Client['run']>) => Promise<T>): Sessions {
  return {
    async open(session, clears, now, audit) {
      const own = [key('session', session.id), key('sessions', session.userId), key('epoch', session.userId)]
      const series = clears.map((one) => key('throttle', one))
      const request = { session, clears, now, audit: audit ? auditText(audit, session.id) : null }
      return step('openSession', [...own, ...series, ...(audit ? AUDIT : [])], request)
    },
    async turn(turn) {
      return step<Turned>('turn', [key('session', turn.id), key('answer', turn.token)], turn, turn.token)
    },
    async revoke(id, by, now) {
      return step<'revoked' | 'missing'>('revoke', [key('session', id)], { id, by, now })
    },
    async revokeAll(userId, now, except) {
      const keys = [key('epoch', userId), ...(except ? [key('session', except)] : [])]
      await client.run('revokeAll', keys, { userId, now, except: except || null })
    },
    async live(bearer, now) {
      return (await client.run('live', bearerKeys(bearer), { bearer, now })) === 1
    },
    async endedSince(userId, at) {
      return (await client.run('endedSince', [key('epoch', userId)], { userId, at })) === 1
    },
    async list(userId, now) {
      const keys = [key('sessions', userId), key('epoch', userId)]
      return list(await step<List<SessionView>>('listSessions', keys, { userId, max: SESSIONS_MAX, now }))
    },
  }
}
