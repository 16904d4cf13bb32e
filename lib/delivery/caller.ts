// Who asks, and what they may spend: the windows of a key and of an IP, and the no they lead to.

import type { Core } from '../core.ts'
import type { Refusal } from '../outcome/refusal.ts'
import type { Take } from '../ports/limits.ts'
import { KEY_RULE, RECIPIENT_RULE, SEND_RULES, USERNAME_RULE } from '../rules/numbers.ts'
import type { Rule, Usage } from '../rules/windows.ts'

/** Who asks, as far as limits are concerned. */
export interface Caller {
  /** Name of a valid API key; it is exempt from limits per IP and has its own. */
  keyName: string | null
  /** The person's IP, /64 for IPv6: the caller's own, or what a key names in Posta-Client-IP; null = none to limit. */
  ip: string | null
}

/** For what only keys and users may do: no window of an IP is asked. */
export const KEY_ONLY = null

/** The caller's own windows: a key's requests, and those of the IP it comes from or names. */
export async function callerTakes(core: Core, caller: Caller, slot: string, ipRule: Rule | null): Promise<Take[]> {
  if (!core.policy.limits) return []
  const takes: Take[] = []
  if (caller.keyName !== null) takes.push({ series: `key:${caller.keyName}`, slot, rules: [KEY_RULE] })
  if (caller.ip !== null && ipRule !== null)
    takes.push({ series: await ipSeries(core, caller.ip, ipRule), slot, rules: [ipRule] })
  return takes
}

/** IPs are kept as keyed hashes, like addresses. */
export const ipSeries = async (core: Core, ip: string, rule: Rule): Promise<string> =>
  `ip:${rule.name}:${await core.keys.hash('address', ip)}`

const SENDS = new Set([RECIPIENT_RULE, ...SEND_RULES].map((rule) => rule.name))

export function limitRefusal(limited: { name: string; retryAt: number }, now: number): Refusal {
  // Held by a sign-up that waits for its code.
  if (limited.name === USERNAME_RULE.name) return { code: 'username_taken' }
  const retryAfterMs = Math.max(1, limited.retryAt - now)
  const code = SENDS.has(limited.name) ? 'too_many_sends' : 'too_many_requests'
  return { code, limit: limited.name, retryAfterMs }
}

/** Without the windows of the person: how much a stranger's mail has used up is nobody's to know. */
export const callerUsage = (usage: Usage[]): Usage[] => usage.filter((one) => !SENDS.has(one.name))
