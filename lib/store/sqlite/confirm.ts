// The effect of an approved challenge is done.
import type { AuditEntry } from '../../ports/audit.ts'
import { endSessions, settled } from './effect.ts'
import { addAudit } from './rows.ts'
import { work } from './work.ts'

export const confirm = (sql: SqlStorage, id: string, now: number, audit?: AuditEntry | null): void =>
  work(sql, (rows) => {
    const challenge = rows.challenge(id)
    if (challenge?.status !== 'approved' || settled(challenge)) return
    challenge.confirmed_at = now
    endSessions(sql, challenge, now)
    if (audit) addAudit(sql, audit, id)
  })
