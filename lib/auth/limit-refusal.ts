// A full window as a refusal: sends of a person are told apart from requests of a caller.
import { RECIPIENT_RULE, SEND_RULES } from '../policies.ts'
import type { Refusal } from '../refusal.ts'

const SENDS = new Set([RECIPIENT_RULE, ...SEND_RULES].map((rule) => rule.name))

export function limitRefusal(limited: { name: string; retryAt: number }, now: number): Refusal {
  const retryAfterMs = Math.max(1, limited.retryAt - now)
  return { code: SENDS.has(limited.name) ? 'too_many_sends' : 'too_many_requests', retryAfterMs }
}
