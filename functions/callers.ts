// Who is calling: API keys and IPs.
import type { Caller } from '../lib/auth/code-send.ts'
import { hex, utf8 } from '../lib/bytes.ts'
import type { ApiKey } from '../lib/config.ts'
import { ipPrefix } from '../lib/ip.ts'
import { ok, type Result, refuse } from '../lib/result.ts'
import type { Who } from './route.ts'

export interface Identity {
  key: ApiKey | null
  caller: Caller
}

/** Authenticates by `Authorization: Bearer posta_…`; a route for holders takes callers without a key as well. */
export async function identify(request: Request, who: Who, keys: ApiKey[]): Promise<Result<Identity>> {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1] ?? null
  const open = who === 'public' || who === 'holder'
  // A frontend may send its user's token everywhere; only what claims to be an API key is judged as one.
  if (open && !bearer?.startsWith('posta_')) {
    return ok({
      key: null,
      caller: { keyName: null, ip: ipPrefix(request.headers.get('CF-Connecting-IP') ?? '') ?? 'none' },
    })
  }
  const key = bearer ? await findKey(bearer, keys) : null
  if (!key) return refuse({ code: 'unauthorized' })
  if (!open && !key.scopes.includes(who === 'admin' ? 'admin' : 'send')) return refuse({ code: 'forbidden' })
  const named = request.headers.get('Posta-Client-IP')
  const ip = named === null ? null : ipPrefix(named)
  if (named !== null && ip === null) {
    return refuse({ code: 'invalid_request', errors: [{ path: 'Posta-Client-IP', message: 'must be an IP address' }] })
  }
  return ok({ key, caller: { keyName: key.name, ip } })
}

/** Every configured hash is compared, whatever matched before, and digests tell nothing by their timing. */
async function findKey(bearer: string, keys: ApiKey[]): Promise<ApiKey | null> {
  const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(bearer))))
  return keys.filter((key) => key.sha256 === digest)[0] ?? null
}
