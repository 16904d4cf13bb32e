// A page of records, newest first; ids sort by time.

import { firstId } from '../../names/ids.ts'
import type { ListFilter, MessageRecord } from '../../ports/record.ts'
import { LIST_WALK_MAX } from '../../rules/numbers.ts'
import { PRIORITIES } from '../../rules/status.ts'
import type { MessageRow } from './rows.ts'
import { DEAD, record } from './rows.ts'

export function list(sql: SqlStorage, f: ListFilter): { messages: MessageRecord[]; cursor: string | null } {
  const where = ['id < ?']
  // Ids sort by time; `~` sorts after every id.
  const values: (string | number)[] = [f.cursor ?? '~']
  if (f.recipient !== undefined) {
    where.push('recipient = ?')
    values.push(f.recipient)
  }
  if (f.dead) where.push(DEAD)
  if (f.since !== undefined) {
    // By the id's own time, so that the walk ends there.
    where.push('id >= ?')
    values.push(firstId('msg', f.since))
  }
  const walked = sql
    .exec<MessageRow>(
      `SELECT * FROM messages WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ?`,
      ...values,
      LIST_WALK_MAX,
    )
    .toArray()
  const messages: MessageRecord[] = []
  let last: MessageRow | null = null
  for (const row of walked) {
    last = row
    if (
      (f.status === undefined || row.status === f.status) &&
      (f.template === undefined || row.template === f.template) &&
      (f.priority === undefined || PRIORITIES[row.priority] === f.priority) &&
      (f.channel === undefined || row.channel === f.channel)
    ) {
      messages.push(record(row))
    }
    if (messages.length === f.limit) break
  }
  const more = last !== null && (messages.length === f.limit || walked.length === LIST_WALK_MAX)
  return { messages, cursor: more && last ? last.id : null }
}
