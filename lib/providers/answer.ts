// What a vendor's HTTP answer means for the message. All mail vendors agree on most of it; a file says where it differs.
import { type Called, retryAfterMs } from '../net/call.ts'
import type { SendOutcome } from '../ports/message.ts'

export type Answered = Extract<Called, { kind: 'answered' }>

export interface Reading {
  /** The vendor's id of what it took; null when a 2xx does not say that it took anything. */
  taken(answer: Answered): { providerId: string | null } | null
  /** The vendor's own word for a refusal, or one of FAILURES where only a sentence tells; else `http_<status>`. */
  code?(answer: Answered): string | null
  /** What is unlike the others; null = judged by the status alone. */
  peculiar?(code: string, answer: Answered, waitMs: number | null): SendOutcome | null
  /** Ms until it may be asked again, after a 429. */
  waitMs?(answer: Answered, now: number): number | null
}

/** These say that the recipient or the content will never pass. */
const REJECTS = new Set([400, 413, 422, 451])
/** These say nothing about the message, our key or our quota. */
const TRANSIENT = new Set([408, 425])

/** `answer` null: the vendor's SDK failed before anything left. That, and a call that never left, is ours. */
export function outcomeOf(answer: Called | null, reading: Reading, now: number): SendOutcome {
  if (answer === null || answer.kind === 'unsent') return { kind: 'unavailable', code: 'not_sent' }
  if (answer.kind !== 'answered') {
    return { kind: 'unknown', code: answer.kind === 'timeout' ? 'timeout' : 'connection_lost' }
  }
  const { status } = answer
  if (status >= 200 && status < 300) {
    const taken = reading.taken(answer)
    return taken ? { kind: 'accepted', ...taken } : { kind: 'unknown', code: 'unreadable_answer' }
  }
  const code = reading.code?.(answer) ?? `http_${status}`
  const waitMs = reading.waitMs ? reading.waitMs(answer, now) : retryAfterMs(answer.headers, now)
  return reading.peculiar?.(code, answer, waitMs) ?? byStatus(status, code, waitMs)
}

/** HTTP 5xx of a mail vendor is definite: it took nothing. */
function byStatus(status: number, code: string, waitMs: number | null): SendOutcome {
  if (REJECTS.has(status)) return { kind: 'rejected', code }
  if (status === 429) return { kind: 'throttled', code, retryAfterMs: waitMs }
  if (status >= 500 || TRANSIENT.has(status)) return { kind: 'unavailable', code }
  return { kind: 'misconfigured', code }
}
