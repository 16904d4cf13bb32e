// Ending what its caller calls by one name.
import type { Cancelled } from '../../ports/row.ts'
import { CANCELLED_BY_MAX } from '../../rules/numbers.ts'
import { cancelOne } from './cancel.ts'
import { linkedTo } from './links.ts'
import { type Work, work } from './work.ts'

export const cancelBy = (sql: SqlStorage, reference: string, now: number): ({ id: string } & Cancelled)[] =>
  work(sql, (rows) => cancelLinked(rows, reference, now))

/** The same within another step. */
export function cancelLinked(rows: Work, reference: string, now: number): ({ id: string } & Cancelled)[] {
  const { query, name } = linkedTo('reference', reference)
  return rows.sql
    .exec<{ id: string }>(`${query} ORDER BY id DESC LIMIT ?`, name, CANCELLED_BY_MAX)
    .toArray()
    .map(({ id }) => ({ id, ...cancelOne(rows, id, now) }))
}
