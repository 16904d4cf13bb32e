// Ending an attempt: outcome, breaker, statistics, the next intent and a renewed lease, in one step.
import type { Alert, Later, Settled, Settlement, Waiting } from '../../ports/outbox.ts'
import { endWord, mustEnd, wasTaken } from '../../rules/status.ts'
import { endProbe, note, pick } from './breaker.ts'
import { finish, hold, notNeeded, queue, releaseAfter } from './change.ts'
import { countSent } from './figures.ts'
import type { MessageRow } from './rows.ts'
import { message, statusOf } from './rows.ts'

export function settle(sql: SqlStorage, s: Settlement): Settled {
  const row = message(sql, s.id)
  if (!row) return { kind: 'lost' }
  if (row.last_token === s.token && row.last_attempt === s.attempt && row.last_answer) {
    return JSON.parse(row.last_answer) as Settled
  }
  if (row.lease_token !== s.token || row.attempt !== s.attempt) return { kind: 'lost' }
  // Under lease a row is sending, unless a report has told its end; and an end must be one that may follow.
  if (!wasTaken(statusOf(row))) {
    if (statusOf(row) !== 'sending') throw new Error(`status: ${statusOf(row)} under lease`)
    if (s.next.kind === 'end') mustEnd('sending', s.next.status)
  }
  let alert: Alert | null = null
  if (s.record) {
    sql.exec(
      `INSERT INTO attempts (message_id, n, provider, at, outcome, code, duration_ms, provider_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      s.id,
      s.attempt,
      s.record.provider,
      s.record.at,
      s.record.outcome,
      s.record.code,
      s.record.durationMs,
      s.record.providerId,
    )
    alert = note(sql, s.record, s.breaker, s.id, s.token, s.now)
  } else if (row.intent !== null) {
    endProbe(sql, row.intent, s.id, s.token)
  }
  sql.exec(
    'UPDATE messages SET attempt = attempt + ?, ambiguous = max(doubted, ?), lost = 0 WHERE id = ?',
    s.record ? 1 : 0,
    s.ambiguous ? 1 : 0,
    s.id,
  )
  const fresh = message(sql, s.id)
  if (!fresh) throw new Error('settle: the row vanished')
  const answer = proceed(sql, fresh, s, alert)
  sql.exec(
    'UPDATE messages SET last_token = ?, last_attempt = ?, last_answer = ? WHERE id = ?',
    s.token,
    s.attempt,
    JSON.stringify(answer),
    s.id,
  )
  return answer
}

function proceed(sql: SqlStorage, row: MessageRow, s: Settlement, alert: Alert | null): Settled {
  const provider = s.record?.provider ?? null
  const isAmbiguous = row.ambiguous === 1
  if (statusOf(row) !== 'sending') {
    // A report has already told the end of this row: the attempt is on record, the status stays.
    sql.exec('UPDATE messages SET lease_token = NULL, lease_until = NULL, intent = NULL WHERE id = ?', row.id)
    return { kind: 'ended', status: statusOf(row), alert, released: [] }
  }
  const ended = (status: Settled & { kind: 'ended' }): Settled => {
    finish(sql, row, status.status, provider, s.now)
    return status
  }
  if (s.next.kind === 'end') {
    const released = s.next.release ? releaseAfter(sql, row.id, s.now) : []
    if (s.next.status === 'sent') countSent(sql, row, provider ?? '', s.now)
    // A copy of an earlier life may be out.
    return ended({ kind: 'ended', status: endWord(s.next.status, isAmbiguous), alert, released })
  }
  if (notNeeded(sql, row)) {
    return ended({ kind: 'ended', status: endWord('cancelled', isAmbiguous), alert, released: [] })
  }
  if (row.start_by !== null && s.now > row.start_by) {
    const released = releaseAfter(sql, row.id, s.now)
    return ended({ kind: 'ended', status: endWord('expired', isAmbiguous), alert, released })
  }
  if (s.next.kind === 'later') return put(sql, row, s.next, s.now, alert)
  const lease = { token: s.token, until: s.now + s.next.leaseMs }
  const picked = pick(sql, s.next.candidates, row.id, lease, s.now)
  if (!('provider' in picked)) return put(sql, row, s.next.otherwise, s.now, alert)
  sql.exec('UPDATE messages SET plan = ? WHERE id = ?', s.next.plan, row.id)
  hold(sql, row.id, picked.provider, lease)
  return { kind: 'again', intent: picked.provider, plan: s.next.plan, leaseUntil: lease.until, alert, released: [] }
}

function put(sql: SqlStorage, row: MessageRow, later: Later, now: number, alert: Alert | null): Settled {
  const released: Waiting[] = later.release ? releaseAfter(sql, row.id, now) : []
  sql.exec('UPDATE messages SET plan = ? WHERE id = ?', later.plan, row.id)
  const { generation, dueAt } = queue(sql, row.id, later.dueAt, now, later.candidates)
  return { kind: 'queued', generation, dueAt, alert, released }
}
