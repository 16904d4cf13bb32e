// A challenge and its deliveries, by its id or as the newest of a user.
import type { Audience, ChallengeView, Effect } from '../../ports/challenges.ts'
import { type ChallengeStatus, challengeStatus } from '../../rules/challenge.ts'
import type { Channel, Status } from '../../rules/status.ts'
import type { ChallengeRow } from './effect.ts'

export function view(sql: SqlStorage, id: string, now: number): ChallengeView | null {
  const [row] = sql.exec<ChallengeRow>('SELECT * FROM challenges WHERE id = ?', id).toArray()
  if (!row) return null
  const newest = new Map<string, { channel: Channel; messageId: string; status: Status }>()
  for (const messageId of JSON.parse(row.sends) as string[]) {
    const [message] = sql
      .exec<{ channel: Channel; status: Status }>('SELECT channel, status FROM messages WHERE id = ?', messageId)
      .toArray()
    if (message) newest.set(message.channel, { ...message, messageId })
  }
  return {
    id,
    purpose: row.purpose,
    audience: row.audience as Audience,
    opener: row.opener,
    persons: JSON.parse(row.persons) as string[],
    subject: row.subject,
    effect: row.effect as Effect | null,
    sealed: row.sealed,
    status: challengeStatus(row.status as ChallengeStatus, { codeExpiresAt: row.code_expires_at }, now),
    codeExpiresAt: row.code_expires_at,
    endsAt: row.ends_at,
    resendAt: row.resend_at,
    createdAt: row.created_at,
    deliveries: [...newest.values()],
  }
}

export function newest(sql: SqlStorage, subject: string, effect: Effect, now: number): ChallengeView | null {
  const [found] = sql
    .exec<{ id: string }>(
      `SELECT id FROM challenges WHERE subject = ? AND effect = ? AND code_expires_at > ?
         AND (status = 'pending' OR (status = 'approved' AND confirmed_at IS NULL)) ORDER BY id DESC LIMIT 1`,
      subject,
      effect,
      now,
    )
    .toArray()
  return found ? view(sql, found.id, now) : null
}
