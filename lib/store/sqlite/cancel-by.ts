// Ending what its caller calls by one name.
import type { Cancelled } from '../../ports/outbox.ts'
import { CANCELLED_BY_MAX } from '../../rules/numbers.ts'
import { cancelOne } from './cancel.ts'
import { linkedTo } from './links.ts'
import { work } from './work.ts'

export const cancelBy = (sql: SqlStorage, reference: string, now: number): ({ id: string } & Cancelled)[] =>
  work(sql, (rows) => {
    const { query, name } = linkedTo('reference', reference)
    return sql
      .exec<{ id: string }>(`${query} ORDER BY id DESC LIMIT ?`, name, CANCELLED_BY_MAX)
      .toArray()
      .map(({ id }) => ({ id, ...cancelOne(rows, id, now) }))
  })
