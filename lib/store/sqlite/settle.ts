// Ending an attempt: outcome, breaker, statistics, the next intent and a renewed lease, in one step.
import type { Attempt } from '../../ports/message.ts'
import type { Alert, Later, Settled, Settlement } from '../../ports/outbox.ts'
import type { Waiting } from '../../ports/row.ts'
import { endWord, mustEnd, wasTaken } from '../../rules/status.ts'
import { notBefore, releaseBehind } from './behind.ts'
import { endProbe, note, pick } from './breaker.ts'
import { finish, hold, notNeeded, queue, releaseAfter } from './change.ts'
import { countSent } from './figures.ts'
import type { MessageRow } from './rows.ts'
import { statusOf } from './rows.ts'
import { type Work, work } from './work.ts'

export const settle = (sql: SqlStorage, s: Settlement): Settled => work(sql, (rows) => settleOne(rows, s))

function settleOne(rows: Work, s: Settlement): Settled {
  const row = rows.message(s.id)
  if (!row) return { kind: 'lost' }
  if (row.last_token === s.token && row.last_attempt === s.attempt && row.last_answer) {
    return JSON.parse(row.last_answer) as Settled
  }
  if (row.lease_token !== s.token || row.attempt !== s.attempt) return { kind: 'lost' }
  // Under lease a row is sending, unless a report has told its end; and an end must be one that may follow.
  if (!wasTaken(statusOf(row))) {
    if (statusOf(row) !== 'sending') throw new Error(`status: ${statusOf(row)} under lease`)
    if (s.next.kind === 'end') mustEnd('sending', s.next.status, s.record !== null)
  }
  let alert: Alert | null = null
  if (s.record) {
    row.attempts = JSON.stringify([...(JSON.parse(row.attempts) as Attempt[]), s.record])
    row.attempt++
    alert = note(rows.sql, s.record, s.breaker, s.id, s.token, s.now)
  } else if (row.intent !== null) {
    endProbe(rows.sql, row.intent, s.id, s.token)
  }
  row.ambiguous = Math.max(row.doubted, s.ambiguous ? 1 : 0)
  row.lost = 0
  const answer = proceed(rows, row, s, alert)
  if (s.record && s.breaker === 'good' && answer.kind !== 'lost') {
    answer.released.push(...releaseBehind(rows, s.record.provider, s.now))
  }
  Object.assign(row, { last_token: s.token, last_attempt: s.attempt, last_answer: JSON.stringify(answer) })
  return answer
}

function proceed(rows: Work, row: MessageRow, s: Settlement, alert: Alert | null): Settled {
  const provider = s.record?.provider ?? null
  const isAmbiguous = row.ambiguous === 1
  if (statusOf(row) !== 'sending') {
    // A report has already told the end of this row: the attempt is on record, the status stays.
    Object.assign(row, { lease_token: null, lease_until: null, intent: null })
    return { kind: 'ended', status: statusOf(row), alert, released: [] }
  }
  const ended = (status: Settled & { kind: 'ended' }): Settled => {
    finish(rows, row, status.status, provider, s.now)
    return status
  }
  if (s.next.kind === 'end') {
    const released = s.next.release ? releaseAfter(rows, row.id, s.now) : []
    if (s.next.status === 'sent') countSent(rows.sql, row, provider ?? '', s.now)
    // A copy of an earlier life may be out.
    return ended({ kind: 'ended', status: endWord(s.next.status, isAmbiguous), alert, released })
  }
  if (notNeeded(rows, row)) {
    return ended({ kind: 'ended', status: endWord('cancelled', isAmbiguous), alert, released: [] })
  }
  if (row.start_by !== null && s.now > row.start_by) {
    const released = releaseAfter(rows, row.id, s.now)
    return ended({ kind: 'ended', status: endWord('expired', isAmbiguous), alert, released })
  }
  if (s.next.kind === 'later') return put(rows, row, s.next, s.now, alert)
  const lease = { token: s.token, until: s.now + s.next.leaseMs }
  const picked = pick(rows.sql, s.next.candidates, row, lease, s.now)
  if (!('provider' in picked)) return put(rows, row, s.next.otherwise, s.now, alert)
  row.plan = s.next.plan
  hold(row, picked.provider, lease)
  return { kind: 'again', intent: picked.provider, plan: s.next.plan, leaseUntil: lease.until, alert, released: [] }
}

function put(rows: Work, row: MessageRow, later: Later, now: number, alert: Alert | null): Settled {
  const released: Waiting[] = later.release ? releaseAfter(rows, row.id, now) : []
  row.plan = later.plan
  const at = notBefore(rows.sql, row, later.candidates, later.dueAt)
  const { generation, dueAt } = queue(row, at, now, later.candidates)
  return { kind: 'queued', generation, dueAt, alert, released }
}
