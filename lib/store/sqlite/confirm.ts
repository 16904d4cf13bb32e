// The effect of an approved challenge is done.
import type { AuditEntry } from '../../ports/audit.ts'
import { challengeOf, endSessions, settled } from './effect.ts'
import { addAudit } from './rows.ts'

export function confirm(sql: SqlStorage, id: string, now: number, audit?: AuditEntry | null): void {
  const challenge = challengeOf(sql, id)
  if (challenge?.status !== 'approved' || settled(challenge)) return
  sql.exec('UPDATE challenges SET confirmed_at = ? WHERE id = ?', now, id)
  endSessions(sql, challenge, now)
  if (audit) addAudit(sql, audit, id)
}
