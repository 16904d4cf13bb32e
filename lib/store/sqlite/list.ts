// A page of records, newest first; ids sort by time.

import { firstId } from '../../names/ids.ts'
import type { Attempt } from '../../ports/message.ts'
import type { ListFilter, MessageRecord } from '../../ports/record.ts'
import { LIST_WALK_MAX } from '../../rules/numbers.ts'
import { PRIORITIES } from '../../rules/status.ts'
import { linkedTo } from './links.ts'
import type { MessageRow } from './rows.ts'
import { DEAD, record } from './rows.ts'

function passes(row: MessageRow, f: ListFilter): boolean {
  const attempts = JSON.parse(row.attempts) as Attempt[]
  return (
    (f.status === undefined || row.status === f.status) &&
    (f.template === undefined || row.template === f.template) &&
    (f.priority === undefined || PRIORITIES[row.priority] === f.priority) &&
    (f.channel === undefined || row.channel === f.channel) &&
    (f.owner === undefined || row.owner === f.owner) &&
    (f.provider === undefined || attempts.some(({ provider }) => provider === f.provider)) &&
    (f.code === undefined || attempts.some(({ code }) => code === f.code))
  )
}

export function list(sql: SqlStorage, f: ListFilter): { messages: MessageRecord[]; cursor: string | null } {
  const where = ['id < ?']
  // Ids sort by time; `~` sorts after every id.
  const values: (string | number)[] = [f.cursor ?? '~']
  if (f.recipient !== undefined) {
    where.push('recipient = ?')
    values.push(f.recipient)
  }
  for (const [kind, what] of [
    ['reference', f.reference],
    ['person', f.person],
  ] as const) {
    if (what === undefined) continue
    const { query, name } = linkedTo(kind, what)
    where.push(`id IN (${query})`)
    values.push(name)
  }
  if (f.dead) where.push(DEAD)
  if (f.until !== undefined) {
    where.push('id < ?')
    values.push(firstId('msg', f.until))
  }
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
    if (passes(row, f)) messages.push(record(row))
    if (messages.length === f.limit) break
  }
  const more = last !== null && (messages.length === f.limit || walked.length === LIST_WALK_MAX)
  return { messages, cursor: more && last ? last.id : null }
}
