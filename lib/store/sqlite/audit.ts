// One audit entry, for what has no step of its own to be written with.
import type { AuditEntry } from '../../ports/audit.ts'
import { addAudit } from './rows.ts'

export const audit = (sql: SqlStorage, entry: AuditEntry): void => addAudit(sql, entry)
