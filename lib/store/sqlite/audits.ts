// The newest audit entries, newest first.
import type { AuditEntry } from '../../ports/audit.ts'

export function audits(sql: SqlStorage, limit: number): AuditEntry[] {
  return sql
    .exec<{
      at: number
      kind: string
      person: string | null
      opener: string | null
      agent: string | null
      ip: string | null
    }>('SELECT at, kind, person, opener, agent, ip FROM audit ORDER BY seq DESC LIMIT ?', limit)
    .toArray()
}
