// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): bound to caller, route and body.

import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import { IDEMPOTENCY_KEY_MAX } from '../../lib/rules/numbers.ts'
import type { Keys } from '../../lib/secrets/keys.ts'
import type { Context } from './route.ts'

/** Whose keys they are: an API key's own, or a user's. */
export const callerIn = ({ key, bearer }: Pick<Context, 'key' | 'bearer'>): string => key?.name ?? bearer?.userId ?? ''

/** Says that the answer tells of what an earlier request with the same key has done. */
export const replayed = (repeated: boolean): Record<string, string> =>
  repeated ? { 'Idempotency-Replayed': 'true' } : {}

/** null when the caller sent none. */
export async function idempotencyOf(
  context: Pick<Context, 'request' | 'key' | 'bearer' | 'deps'>,
  route: string,
  body: unknown,
): Promise<Result<{ key: string; fingerprint: string } | null>> {
  const { keys } = context.deps.core
  const given = context.request.headers.get('Idempotency-Key')
  if (given === null) return ok(null)
  if (given.length > IDEMPOTENCY_KEY_MAX || !/^[\x20-\x7e]+$/.test(given))
    return refuse({ code: 'invalid_idempotency_key' })
  return ok(await onceOf(keys, [callerIn(context), route, given], body))
}

/** Keyed hashes: neither the key nor the body can be guessed back from the store. `names`: caller, route and key. */
export async function onceOf(
  keys: Keys,
  names: string[],
  body: unknown,
): Promise<{ key: string; fingerprint: string }> {
  const [key, fingerprint] = await Promise.all([
    keys.hash('idempotency', names.join('\0')),
    keys.hash('idempotency', JSON.stringify(body)),
  ])
  return { key, fingerprint }
}
