// The newest audit entries, newest first.
import type { AuditRecord } from '../../ports/audit.ts'

export function audits(sql: SqlStorage, limit: number): AuditRecord[] {
  return sql
    .exec<{
      at: number
      kind: string
      person: string | null
      opener: string | null
      agent: string | null
      ip: string | null
      count: number
    }>(
      // `purge_at` is `at` and a constant, and has an index.
      'SELECT at, kind, person, opener, agent, ip, count FROM audit ORDER BY purge_at DESC, seq DESC LIMIT ?',
      limit,
    )
    .toArray()
}
