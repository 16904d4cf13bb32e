// Why a message is where it is: its record, folded into what happened, one thing after the other, and what happens next.
import type { Attempt } from '../ports/message.ts'
import type { MessageRecord } from '../ports/record.ts'
import { AT_ONCE_MS } from '../rules/numbers.ts'
import { hasEnded, type OutcomeKind, type Status } from '../rules/status.ts'
import { LEASE_LOST } from './decide.ts'

/** One thing that happened; functions/messages/words says it in every language. */
export type Happened =
  | { kind: 'accepted'; at: number }
  | { kind: 'scheduled'; at: number; for: number }
  | { kind: 'attempt'; at: number; provider: string; how: How; code: string | null; durationMs: number; again: boolean }
  | { kind: 'fell_back'; at: number; provider: string }
  | { kind: 'reported'; at: number; provider: string; type: string }
  | { kind: 'ended'; at: number; status: Status; inDoubt: boolean }
  | { kind: 'replayed'; at: number }

/** What came of a call, as people tell it. */
export type How = Exclude<OutcomeKind, 'unknown'> | 'no_answer' | 'lost' | 'worker_died' | 'ours'

export type Next =
  | { kind: 'leaves'; at: number }
  | { kind: 'tried_again'; at: number }
  | { kind: 'under_way'; at: number }
  /** It stays in doubt until its provider says more. */
  | { kind: 'waits_for_report'; at: number }

export interface Explained {
  happened: Happened[]
  next: Next | null
}

/** A report's own words; the rest of a row's events are its states. */
const REPORTS = new Set(['delayed', 'delivered', 'bounced', 'complained'])

/** Pure: the same record is told the same. `ours`: codes of failures that are ours. */
export function explain(record: MessageRecord, ours: readonly string[]): Explained {
  const { createdAt, attempts, events, status } = record
  const begin: Happened[] = [{ kind: 'accepted', at: createdAt }]
  const first = attempts[0]?.at ?? record.dueAt
  if (first - createdAt > AT_ONCE_MS) begin.push({ kind: 'scheduled', at: createdAt, for: first })
  const tried = attempts.flatMap((one, at): Happened[] => {
    const before = attempts[at - 1]
    const asked = before && before.provider !== one.provider ? fallBack(one) : []
    return [...asked, attempted(one, before, ours)]
  })
  const replays = events
    .slice(1)
    .flatMap((one): Happened[] => (one.type === 'queued' ? [{ kind: 'replayed', at: one.at }] : []))
  const reports = events.flatMap((one): Happened[] =>
    REPORTS.has(one.type) && one.provider !== null
      ? [{ kind: 'reported', at: one.at, provider: one.provider, type: one.type }]
      : [],
  )
  const middle = [...tried, ...replays, ...reports].sort((a, b) => a.at - b.at)
  return { happened: [...begin, ...middle, ...ended(record, status)], next: nextOf(record) }
}

const fallBack = ({ at, provider }: Attempt): Happened[] => [{ kind: 'fell_back', at, provider }]

function attempted(one: Attempt, before: Attempt | undefined, ours: readonly string[]): Happened {
  const { at, provider, code, durationMs } = one
  const again = before?.provider === provider
  return { kind: 'attempt', at, provider, how: howOf(one, ours), code, durationMs, again }
}

function howOf({ outcome, code }: Attempt, ours: readonly string[]): How {
  if (code === LEASE_LOST) return 'worker_died'
  if (code !== null && ours.includes(code)) return 'ours'
  if (outcome !== 'unknown') return outcome
  return code === 'timeout' ? 'no_answer' : 'lost'
}

/** Taken messages end with the call or the report that says so. */
const TOLD = new Set<Status>(['sent', 'delivered', 'bounced', 'complained'])

const ended = ({ endedAt, ambiguous }: MessageRecord, status: Status): Happened[] =>
  endedAt === null || TOLD.has(status) ? [] : [{ kind: 'ended', at: endedAt, status, inDoubt: ambiguous }]

function nextOf({ status, dueAt, attempts, ambiguous }: MessageRecord): Next | null {
  if (hasEnded(status)) return status === 'unknown' ? { kind: 'waits_for_report', at: dueAt } : null
  if (status === 'sending') return { kind: 'under_way', at: dueAt }
  return { kind: attempts.length > 0 || ambiguous ? 'tried_again' : 'leaves', at: dueAt }
}
