// What helps where a provider refuses us.
import type { Failure } from '../../lib/rules/failure.ts'

const CLOSE = 'then POST /v1/admin/providers/:name/close, or wait for the next try'

const HELP: Partial<Record<Failure, string>> = {
  key_refused: `Check its API key: it refuses ours; ${CLOSE}.`,
  sender_domain_not_verified: `Verify the domain of EMAIL_FROM at it; ${CLOSE}.`,
  sender_refused: `It refuses EMAIL_FROM: set one that it knows; ${CLOSE}.`,
  quota: `Its quota is spent: raise it, or wait until it is renewed; ${CLOSE}.`,
}

/** null = nothing but waiting, or looking at what the provider says of itself. */
export const helpFor = (failure: Failure | null): string | null => (failure && HELP[failure]) ?? null
