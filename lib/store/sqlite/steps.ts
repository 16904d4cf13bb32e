// The store's steps by name: what crosses from the Worker to the object.
import type { AuditEntry } from '../../ports/audit.ts'
import { admit } from './admit.ts'
import { challengeView, check, confirm, newest } from './challenge.ts'
import { addAudit } from './change.ts'
import { claim } from './claim.ts'
import { take } from './limits.ts'
import { auditList, due, eventsAfter, find, list, stats } from './look.ts'
import { cancel, replay, report, reschedule } from './operate.ts'
import { listSessions, openSession, revoke, revokeAll, turn } from './session.ts'
import { settle } from './settle.ts'
import { clear, throttle } from './throttle.ts'

export const steps = {
  admit,
  claim,
  settle,
  due,
  cancel,
  reschedule,
  replay,
  report,
  find,
  list,
  stats,
  check,
  view: challengeView,
  newest,
  confirm,
  take,
  throttle,
  forget: (sql: SqlStorage, series: string): void => clear(sql, [series]),
  openSession,
  turn,
  revoke,
  revokeAll,
  listSessions,
  eventsAfter,
  auditList,
  audit: (sql: SqlStorage, entry: AuditEntry): void => addAudit(sql, entry),
  ping: (sql: SqlStorage): void => void sql.exec('SELECT 1').one(),
}

export type StepName = keyof typeof steps

type Rest<F> = F extends (sql: SqlStorage, ...rest: infer R) => unknown ? R : never
export type StepArgs<N extends StepName> = Rest<(typeof steps)[N]>
export type StepAnswer<N extends StepName> = ReturnType<(typeof steps)[N]>

/** Runs one step; the object wraps it in a transaction. */
export function runStep<N extends StepName>(sql: SqlStorage, name: N, args: StepArgs<N>): StepAnswer<N> {
  const step = steps[name] as unknown as (sql: SqlStorage, ...rest: StepArgs<N>) => StepAnswer<N>
  return step(sql, ...args)
}
