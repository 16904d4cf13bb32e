// Whether a bearer's session is live.
import type { Bearer } from '../../ports/sessions.ts'
import { revoked } from './sessions.ts'

export const live = (sql: SqlStorage, bearer: Bearer, now: number): boolean => !revoked(sql, bearer, now)
