// Places in several windows, all or none, on a session that is live where one is named.
import type { Limited, Take } from '../../ports/limits.ts'
import type { Bearer } from '../../ports/sessions.ts'
import type { Usage } from '../../rules/windows.ts'
import { take } from './limits.ts'
import { revoked } from './sessions.ts'

export function takePlaces(
  sql: SqlStorage,
  takes: Take[],
  now: number,
  bearer: Bearer | null,
): { kind: 'taken'; usage: Usage[] } | Limited | { kind: 'revoked'; usage: [] } {
  return bearer && revoked(sql, bearer, now) ? { kind: 'revoked', usage: [] } : take(sql, takes, now)
}
