// A challenge and its deliveries, by its id or as the newest of a user.
import type { Audience, ChallengeView, Effect } from '../../ports/challenges.ts'
import { type ChallengeStatus, challengeStatus } from '../../rules/challenge.ts'
import type { Channel, Status } from '../../rules/status.ts'
import { challengeOf } from './effect.ts'

export function view(sql: SqlStorage, id: string, now: number): ChallengeView | null {
  const row = challengeOf(sql, id)
  if (!row) return null
  const newest = new Map<string, { channel: Channel; messageId: string; status: Status }>()
  for (const message of sql
    .exec<{ id: string; channel: string; status: string }>(
      'SELECT id, channel, status FROM messages WHERE challenge_id = ? ORDER BY id',
      id,
    )
    .toArray()) {
    newest.set(message.channel, {
      channel: message.channel as Channel,
      messageId: message.id,
      status: message.status as Status,
    })
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
