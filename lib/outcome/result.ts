// An expected no is a value: Result carries either what was asked for or the refusal.
import type { Usage } from '../rules/windows.ts'
import type { Refusal } from './refusal.ts'

export type Result<T> = { ok: true; value: T } | { ok: false; refusal: Refusal; usage?: Usage[] }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

/** `usage`: where the caller's limits stand, told with the no as with a yes. */
export const refuse = (refusal: Refusal, usage: Usage[] = []): { ok: false; refusal: Refusal; usage: Usage[] } => ({
  ok: false,
  refusal,
  usage,
})
