// Opening a family.
import type { AuditEntry } from '../../ports/audit.ts'
import type { NewSession } from '../../ports/sessions.ts'
import { forget } from './forget.ts'
import { addAudit } from './rows.ts'
import { insertSession, sessionOf, stale } from './sessions.ts'

export function openSession(
  sql: SqlStorage,
  session: NewSession,
  clears: string[],
  now: number,
  audit?: AuditEntry | null,
): { kind: 'opened' } | { kind: 'over' } {
  if (sessionOf(sql, session.id)) return { kind: 'opened' }
  if (stale(sql, session)) return { kind: 'over' }
  insertSession(sql, session, now)
  for (const series of clears) forget(sql, series)
  if (audit) addAudit(sql, audit, session.id)
  return { kind: 'opened' }
}
