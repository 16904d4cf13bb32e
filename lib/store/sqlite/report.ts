// What a provider told later.

import type { Report } from '../../ports/outbox.ts'
import { rankOf, STATES, wasTaken } from '../../rules/status.ts'
import { endAs, lift } from './change.ts'
import { countSent } from './figures.ts'
import { addEvent, knows, statusOf } from './rows.ts'
import { work } from './work.ts'

export const report = (sql: SqlStorage, r: Report): boolean =>
  work(sql, (rows) => {
    const row = rows.message(r.messageId)
    if (!row) return false
    if (knows(row, r.eventId)) return true
    addEvent(sql, row, r.type, r.provider, r.now, r.eventId)
    const status = STATES.reported[r.type]
    if (status === undefined || rankOf(status) <= rankOf(statusOf(row))) return true
    const { lease_token, lease_until, intent } = row
    if (!wasTaken(statusOf(row))) countSent(sql, row, r.provider, r.now)
    if (row.ended_at !== null) lift(rows, row, status, r.now)
    else endAs(rows, row, status, r.now)
    // A worker still under way may put its attempt on record: it keeps its lease, not its say over the status.
    Object.assign(row, { lease_token, lease_until, intent })
    return true
  })
