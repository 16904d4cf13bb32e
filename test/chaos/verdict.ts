// What is true after the run: every accepted message by its record, against what the providers hold.
import { hasEnded as isEnd, STATUSES, wasNeverTaken } from '../../lib/rules/status.ts'
import type { AcceptedMail } from '../fakes/mail-vendors.ts'
import type { Accepted } from './load.ts'

/** The record as GET /v1/messages/:id tells it. */
export interface Row {
  id: string
  status: string
  ambiguous: boolean
  attempts: { provider: string; outcome: string; code: string | null }[]
  events: { at: string; type: string }[]
}

export interface Verdict {
  statuses: Record<string, number>
  /** Sentences; none = all promises held. */
  violations: string[]
  lost: number
  doubled: number
  /** Rows with a copy whose answer nobody saw, or with copies at several providers. */
  doubtful: number
  flagged: number
  /** Copies beyond one per person, all of them at a further provider. */
  extraCopies: number
  lastEndedAt: number
}

export const KEYED = 'resend'
const NONE_TOOK_IT: string[] = STATUSES.filter(wasNeverTaken)

export const hasEnded = (row: Row): boolean => STATUSES.some((status) => status === row.status && isEnd(status))
const endedAt = (row: Row): number => Math.max(...row.events.map((event) => Date.parse(event.at)))

export function judge(accepted: Accepted[], rows: Map<string, Row>, mails: AcceptedMail[]): Verdict {
  const copies = Map.groupBy(mails, (mail) => mail.messageId ?? '')
  const known = new Set(accepted.map((one) => one.messageId))
  const verdict: Verdict = {
    statuses: {},
    violations: [],
    lost: 0,
    doubled: 0,
    doubtful: 0,
    flagged: 0,
    extraCopies: 0,
    lastEndedAt: 0,
  }
  const say = (id: string, what: string) => {
    const tried = rows.get(id)?.attempts.map((one) => `${one.provider} ${one.outcome} ${one.code ?? ''}`.trim())
    verdict.violations.push(`${id}: ${what}${tried ? ` (${tried.join(', ')})` : ''}`)
  }

  for (const { messageId: id } of accepted) {
    const row = rows.get(id)
    if (!row) {
      verdict.lost++
      say(id, 'was accepted and has no record')
      continue
    }
    verdict.statuses[row.status] = (verdict.statuses[row.status] ?? 0) + 1
    verdict.lastEndedAt = Math.max(verdict.lastEndedAt, endedAt(row))
    const taken = copies.get(id) ?? []
    verdict.extraCopies += Math.max(0, taken.length - 1)
    const isFlagged = row.ambiguous || row.status === 'unknown'
    if (!hasEnded(row)) {
      verdict.lost++
      say(id, `has not ended: ${row.status}`)
    }
    if (row.status === 'sent' && taken.length === 0) {
      verdict.lost++
      say(id, 'is sent, and no provider has it')
    }
    if (NONE_TOOK_IT.includes(row.status) && taken.length > 0) say(id, `is ${row.status}, and a provider has it`)
    const keyed = taken.filter((mail) => mail.vendor === KEYED)
    if (keyed.length > 1) {
      verdict.doubled++
      say(id, `${keyed.length} copies at ${KEYED}, which honours keys`)
    }
    const isDoubtful = taken.length > 1 || row.attempts.some(isOpenDoubt)
    if (isDoubtful) verdict.doubtful++
    if (isDoubtful && isFlagged) verdict.flagged++
    if (isDoubtful && !isFlagged) say(id, `${taken.length} copies, status ${row.status}, and no flag`)
  }
  for (const mail of mails) {
    if (!known.has(mail.messageId ?? '')) say(mail.messageId ?? mail.id, 'was sent, and nobody was told of it')
  }
  for (const [to, ids] of Map.groupBy(mails, (mail) => mail.to)) {
    const messages = new Set(ids.map((mail) => mail.messageId))
    if (messages.size > 1) say(to, `${messages.size} messages of one request`)
  }
  return verdict
}

/** Not settled by a later answer under the same key: a provider may hold a copy that nobody heard of. */
function isOpenDoubt(attempt: Row['attempts'][number], at: number, attempts: Row['attempts']): boolean {
  if (attempt.outcome !== 'unknown') return false
  const later = attempts.slice(at + 1).filter((one) => one.provider === attempt.provider)
  return !(attempt.provider === KEYED && later.some((one) => one.outcome === 'accepted'))
}
