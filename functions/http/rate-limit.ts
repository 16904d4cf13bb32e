// RateLimit fields, draft-ietf-httpapi-ratelimit-headers-11.
import type { Usage } from '../../lib/rules/windows.ts'

/** e.g. `RateLimit-Policy: "codes";q=3;w=3600` and `RateLimit: "codes";r=2;t=1834`. */
export function rateLimitHeaders(usage: Usage[]): Record<string, string> {
  if (usage.length === 0) return {}
  const policy = usage.map((one) => `"${one.name}";q=${one.max};w=${Math.round(one.perMs / 1_000)}`)
  const state = usage.map((one) => `"${one.name}";r=${one.remaining};t=${Math.ceil(one.resetMs / 1_000)}`)
  return { 'RateLimit-Policy': policy.join(', '), RateLimit: state.join(', ') }
}
