// Who is calling: API keys, access tokens, and where they come from.
import type { Accounts } from '../../lib/accounts/accounts.ts'
import { hex, utf8 } from '../../lib/bytes.ts'
import type { ApiKey } from '../../lib/config.ts'
import { ipPrefix } from '../../lib/net/ip.ts'
import { agentFamily, truncatedIp } from '../../lib/net/origin.ts'
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import type { Deps } from '../../lib/wire.ts'
import type { Identity, Who } from './route.ts'

/** Who may do without any token, or with one that is not good any more. */
const OPEN = new Set<Who>(['public', 'holder', 'guest'])

/** Authenticates `Authorization: Bearer …`: an API key, an access token, or a token of Supabase Auth. */
export async function identify(request: Request, who: Who, deps: Deps, accounts: Accounts): Promise<Result<Identity>> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1] ?? null
  const isUsers = who === 'user' || who === 'person'
  if (!isUsers && token?.startsWith('posta_')) return byKey(request, who, token, deps.config.POSTA_API_KEYS)
  const ip = request.headers.get('CF-Connecting-IP') ?? ''
  const anyone: Identity = {
    caller: { keyName: null, ip: ipPrefix(ip) ?? 'none' },
    origin: originOf(request, ip),
    key: null,
    bearer: null,
    supabase: null,
  }
  // A frontend may send its user's token everywhere, also a stale one: routes for anyone do not judge it.
  if (who === 'public' || who === 'holder') return ok(anyone)
  const claims = token && who !== 'service' && who !== 'admin' ? await accounts.tokens.verify(token) : null
  if (claims) {
    const { sessionId, userId, issuedAt } = claims
    return ok({ ...anyone, bearer: { sessionId, userId, issuedAt } })
  }
  const supabase = token && who === 'person' ? ((await deps.supabase?.verify(token)) ?? null) : null
  return supabase || OPEN.has(who) ? ok({ ...anyone, supabase }) : refuse({ code: 'unauthorized' })
}

async function byKey(request: Request, who: Who, token: string, keys: ApiKey[]): Promise<Result<Identity>> {
  const key = await findKey(token, keys)
  if (!key) return refuse({ code: 'unauthorized' })
  if (!OPEN.has(who) && !key.scopes.includes(who === 'admin' ? 'admin' : 'send')) return refuse({ code: 'forbidden' })
  const named = request.headers.get('Posta-Client-IP')
  const ip = named === null ? null : ipPrefix(named)
  if (named !== null && ip === null) {
    return refuse({ code: 'invalid_request', errors: [{ path: 'Posta-Client-IP', message: 'must be an IP address' }] })
  }
  const caller = { keyName: key.name, ip }
  return ok({ caller, origin: originOf(request, named ?? ''), key, bearer: null, supabase: null })
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
