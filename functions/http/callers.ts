// Who is calling: API keys, access tokens, and where they come from.
import type { Accounts } from '../../lib/accounts/accounts.ts'
import { adminOf } from '../../lib/accounts/admin.ts'
import { hex, utf8 } from '../../lib/bytes.ts'
import type { ApiKey } from '../../lib/config.ts'
import { ipPrefix } from '../../lib/net/ip.ts'
import { agentFamily, truncatedIp } from '../../lib/net/origin.ts'
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import type { Bearer } from '../../lib/ports/sessions.ts'
import type { Deps } from '../../lib/wire.ts'
import type { Identity, Role } from './route.ts'

const includes = (who: readonly Role[], ...roles: Role[]) => roles.some((role) => who.includes(role))
/** Lets in who has no token, or one that is not good any more. */
const isOpen = (who: readonly Role[]) => includes(who, 'public', 'holder')
/** Whom nobody can be by an API key. */
const isPersonal = (who: readonly Role[]) => !isOpen(who) && !includes(who, 'service', 'admin')

/** Authenticates `Authorization: Bearer …`: an API key, an access token, or a token of Supabase Auth. */
export async function identify(
  request: Request,
  who: readonly Role[],
  deps: Deps,
  accounts: Accounts,
): Promise<Result<Identity>> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1] ?? null
  if (!isPersonal(who) && token?.startsWith('posta_')) return byKey(request, who, token, deps.config.POSTA_API_KEYS)
  const ip = request.headers.get('CF-Connecting-IP') ?? ''
  const anyone: Identity = {
    caller: { keyName: null, ip: ipPrefix(ip) ?? 'none' },
    origin: originOf(request, ip),
    key: null,
    bearer: null,
    supabase: null,
    tokenSent: request.headers.has('Authorization'),
  }
  // A frontend may send its user's token everywhere, also a stale one: routes for anyone do not judge it.
  if (token === null || !includes(who, 'user', 'owner', 'admin', 'supabase')) return nobody(who, anyone)
  const claims = includes(who, 'user', 'owner', 'admin') ? await accounts.tokens.verify(token) : null
  if (claims) {
    const { sessionId, userId, issuedAt } = claims
    return byUser(who, accounts, { ...anyone, bearer: { sessionId, userId, issuedAt } })
  }
  const supabase = includes(who, 'supabase') ? ((await deps.supabase?.verify(token)) ?? null) : null
  return supabase ? ok({ ...anyone, supabase }) : nobody(who, anyone)
}

const nobody = (who: readonly Role[], anyone: Identity): Result<Identity> =>
  isOpen(who) ? ok(anyone) : refuse({ code: 'unauthorized' })

/** Where users are let in as such, their token is enough; an admin's account is looked at with each call. */
async function byUser(
  who: readonly Role[],
  accounts: Accounts,
  identity: Identity & { bearer: Bearer },
): Promise<Result<Identity>> {
  if (includes(who, 'user', 'owner')) return ok(identity)
  const admin = await adminOf(accounts, identity.bearer)
  return admin.ok ? ok(identity) : admin
}

async function byKey(request: Request, who: readonly Role[], token: string, keys: ApiKey[]): Promise<Result<Identity>> {
  const key = await findKey(token, keys)
  if (!key) return refuse({ code: 'unauthorized' })
  const scope = who.includes('service') ? 'send' : 'admin'
  if (!isOpen(who) && !key.scopes.includes(scope)) return refuse({ code: 'forbidden' })
  const named = request.headers.get('Posta-Client-IP')
  const ip = named === null ? null : ipPrefix(named)
  if (named !== null && ip === null) {
    return refuse({ code: 'invalid_request', errors: [{ path: 'Posta-Client-IP', code: 'not_ip' }] })
  }
  const caller = { keyName: key.name, ip }
  return ok({ caller, origin: originOf(request, named ?? ''), key, bearer: null, supabase: null, tokenSent: true })
}

const originOf = (request: Request, ip: string) => ({
  agent: agentFamily(request.headers.get('User-Agent')),
  ip: truncatedIp(ip),
})

/** Every configured hash is compared, whatever matched before, and digests tell nothing by their timing. */
async function findKey(bearer: string, keys: ApiKey[]): Promise<ApiKey | null> {
  const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(bearer))))
  return keys.filter((key) => key.sha256 === digest)[0] ?? null
}
