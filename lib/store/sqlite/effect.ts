// What an approval leads to: until its effect is confirmed, a challenge is not over.
import { bumpEpoch } from './sessions.ts'

export interface ChallengeRow extends Record<string, SqlStorageValue> {
  id: string
  purpose: string
  audience: string
  opener: string
  persons: string
  subject: string | null
  effect: string | null
  confirmed_at: number | null
  sealed: string
  macs: string
  status: string
  failures: number
  code_expires_at: number
  ends_at: number
  resend_at: number
  created_at: number
  /** JSON: ids of its messages, in order. */
  sends: string
  /** JSON: what the last calls were told, by their tokens. */
  answers: string
}

/** Approved, and nothing left to be done for it. */
export const settled = (challenge: ChallengeRow): boolean =>
  challenge.status === 'approved' && (challenge.effect === null || challenge.confirmed_at !== null)

export function endSessions(sql: SqlStorage, { effect, subject }: ChallengeRow, now: number): void {
  if (effect === 'reset' && subject !== null) bumpEpoch(sql, subject, now)
}
