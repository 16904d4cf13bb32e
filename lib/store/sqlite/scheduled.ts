// What is to leave later, soonest first.
import type { MessageRecord } from '../../ports/record.ts'
import { PRIORITIES } from '../../rules/status.ts'
import type { MessageRow } from './rows.ts'
import { record } from './rows.ts'

/** `cursor` is instant and id of the last one of the page before. */
export function scheduled(
  sql: SqlStorage,
  now: number,
  limit: number,
  cursor?: string,
): { messages: MessageRecord[]; cursor: string | null } {
  const [at = String(now), id = '~'] = cursor?.split(' ') ?? []
  const found = PRIORITIES.flatMap((_, priority) =>
    sql
      .exec<MessageRow>(
        `SELECT * FROM messages WHERE priority = ?1 AND wake_at >= ?2 AND (wake_at > ?2 OR id > ?3)
           AND status = 'queued' AND behind IS NULL ORDER BY wake_at, id LIMIT ?4`,
        priority,
        Number(at),
        id,
        limit + 1,
      )
      .toArray(),
  ).sort((a, b) => a.due_at - b.due_at || (a.id < b.id ? -1 : 1))
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return { messages: page.map(record), cursor: found.length > limit && last ? `${last.due_at} ${last.id}` : null }
}
