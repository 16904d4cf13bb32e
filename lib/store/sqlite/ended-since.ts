// Whether all of a person's sessions were ended since an instant, or at it.
import { epochOf } from './sessions.ts'

export const endedSince = (sql: SqlStorage, userId: string, at: number): boolean => at <= epochOf(sql, userId)
