// A full window as a refusal: sends of a person are told apart from requests of a caller.

import type { Refusal } from '../outcome/refusal.ts'
import type { Usage } from '../ports/limits.ts'
import { RECIPIENT_RULE, SEND_RULES, USERNAME_RULE } from '../rules/numbers.ts'

const SENDS = new Set([RECIPIENT_RULE, ...SEND_RULES].map((rule) => rule.name))

export function limitRefusal(limited: { name: string; retryAt: number }, now: number): Refusal {
  // Held by a sign-up that waits for its code.
  if (limited.name === USERNAME_RULE.name) return { code: 'username_taken' }
  const retryAfterMs = Math.max(1, limited.retryAt - now)
  return { code: SENDS.has(limited.name) ? 'too_many_sends' : 'too_many_requests', retryAfterMs }
}

/** Without the windows of the person: how much a stranger's mail has used up is nobody's to know. */
export const callerUsage = (usage: Usage[]): Usage[] => usage.filter((one) => !SENDS.has(one.name))
