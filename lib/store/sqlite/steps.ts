// The store's steps by name: what crosses from the Worker to the object.
import type { AnswerOf, ArgsOf, Runner } from '../../steps/steps.ts'
import { admit } from './admit.ts'
import { audit } from './audit.ts'
import { audits } from './audits.ts'
import { breakers } from './breaker.ts'
import { cancel } from './cancel.ts'
import { cancelBy } from './cancel-by.ts'
import { check } from './check.ts'
import { claim } from './claim.ts'
import { closeBreaker } from './close-breaker.ts'
import { confirm } from './confirm.ts'
import { due } from './due.ts'
import { endedSince } from './ended-since.ts'
import { events } from './events.ts'
import { find } from './find.ts'
import { forget } from './forget.ts'
import { list } from './list.ts'
import { listSessions } from './list-sessions.ts'
import { live } from './live.ts'
import { openSession } from './open-session.ts'
import { replay } from './replay.ts'
import { replayAll } from './replay-all.ts'
import { report } from './report.ts'
import { reschedule } from './reschedule.ts'
import { revoke } from './revoke.ts'
import { revokeAll } from './revoke-all.ts'
import { scheduled } from './scheduled.ts'
import { series } from './series.ts'
import { settle } from './settle.ts'
import { stats } from './stats.ts'
import { takePlaces } from './take.ts'
import { throttle } from './throttle.ts'
import { turn } from './turn.ts'
import { newest, view } from './view.ts'

export const steps = {
  admit,
  claim,
  settle,
  due,
  cancel,
  cancelBy,
  reschedule,
  replay,
  replayAll,
  report,
  find,
  list,
  scheduled,
  stats,
  breakers,
  closeBreaker,
  series,
  check,
  view,
  newest,
  confirm,
  take: takePlaces,
  throttle,
  forget,
  openSession,
  turn,
  revoke,
  revokeAll,
  live,
  endedSince,
  listSessions,
  events,
  audits,
  audit,
  ping: (sql: SqlStorage): void => void sql.exec('SELECT 1').one(),
}

export type StoreSteps = typeof steps
export type StepName = keyof StoreSteps

/** Steps after which another row may be the next to wake. */
export const WAKING: ReadonlySet<string> = new Set<StepName>([
  'admit',
  'claim',
  'settle',
  'due',
  'cancel',
  'cancelBy',
  'reschedule',
  'replay',
  'replayAll',
  'closeBreaker',
  'report',
  'check',
])

export type StepArgs<N extends StepName> = ArgsOf<StoreSteps, N>
export type StepAnswer<N extends StepName> = AnswerOf<StoreSteps, N>
export type StepRunner = Runner<StoreSteps>
