// Sessions: their tokens turned, their families ended and listed.

import type { Core } from '../core.ts'
import { isId, newId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Origin } from '../ports/audit.ts'
import type { Bearer, SessionView } from '../ports/sessions.ts'
import { isRefreshToken, parseRefreshToken, type RefreshToken } from '../secrets/refresh-token.ts'
import { type Accounts, auditEntry, noteLater, type SignedIn, type Tokens, tokensOf } from './accounts.ts'

/** The next tokens of a family. An old token that comes back ends it: one of two holders is not the person. */
export async function refresh(accounts: Accounts, text: string, origin: Origin): Promise<Result<Tokens>> {
  const { core } = accounts
  const token = await genuine(core, text)
  if (!token) return refuse({ code: 'invalid_refresh_token' })
  const turned = await turn(core, token)
  if (turned.kind === 'reused') noteLater(accounts, auditEntry(core, 'refresh_reused', turned.userId, origin))
  if (turned.kind !== 'turned') return refuse({ code: 'invalid_refresh_token' })
  const session = { id: token.sessionId, userId: turned.userId, nonce: token.nonce }
  return ok(await tokensOf(accounts, session, turned.n))
}

/** Ends the family of a refresh token; one that has ended already is what was wanted. */
export async function logout({ core }: Accounts, text: string): Promise<Result<null>> {
  const token = await genuine(core, text)
  if (!token) return refuse({ code: 'invalid_refresh_token' })
  await core.store.sessions.revoke(token.sessionId, { nonce: token.nonce }, core.now())
  return ok(null)
}

/** Ends the session an access token belongs to. */
export async function logoutHere({ core }: Accounts, { sessionId, userId }: Bearer): Promise<void> {
  await core.store.sessions.revoke(sessionId, { userId }, core.now())
}

/** Ends every session of the person. */
export async function logoutAll({ core }: Accounts, { bearer }: SignedIn): Promise<Result<null>> {
  const live = await guard(core, bearer)
  if (!live.ok) return live
  await core.store.sessions.revokeAll(bearer.userId, core.now())
  return ok(null)
}

/** The same, asked by the holder of a live refresh token. */
export async function logoutAllBy({ core }: Accounts, text: string): Promise<Result<null>> {
  const token = await genuine(core, text)
  const turned = token ? await turn(core, token) : null
  if (turned?.kind !== 'turned') return refuse({ code: 'invalid_refresh_token' })
  await core.store.sessions.revokeAll(turned.userId, core.now())
  return ok(null)
}

export async function listSessions({ core }: Accounts, { bearer }: SignedIn): Promise<Result<SessionView[]>> {
  const live = await guard(core, bearer)
  return live.ok ? ok(await core.store.sessions.list(bearer.userId, core.now())) : live
}

export async function endSession({ core }: Accounts, id: string, { bearer }: SignedIn): Promise<Result<null>> {
  if (!isId('ses', id)) return refuse({ code: 'not_found' })
  const live = await guard(core, bearer)
  if (!live.ok) return live
  const ended = await core.store.sessions.revoke(id, { userId: bearer.userId }, core.now())
  return ended === 'missing' ? refuse({ code: 'not_found' }) : ok(null)
}

/** Refuses an access token whose session has ended, for what has no step of its own to ask it in. */
export async function guard(core: Core, bearer: Bearer): Promise<Result<null>> {
  return (await core.store.sessions.live(bearer, core.now())) ? ok(null) : refuse({ code: 'unauthorized' })
}

async function genuine(core: Core, text: string): Promise<RefreshToken | null> {
  const token = parseRefreshToken(text)
  return token && (await isRefreshToken(core.keys, token)) ? token : null
}

/** The decision is the store's: see `turn` in lib/store/redis/lua and lib/store/sqlite. */
const turn = (core: Core, { sessionId, n, nonce }: RefreshToken) => {
  const now = core.now()
  return core.store.sessions.turn({ id: sessionId, n, nonce, token: newId('req', now, core.random), now })
}
