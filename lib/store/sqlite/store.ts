// The Store port over the SQLite object: every method is one call to it.
import { Fault } from '../../outcome/fault.ts'
import type { Store } from '../../ports/store.ts'
import type { StepAnswer, StepArgs, StepName } from './steps.ts'

/** The object as the Worker sees it. */
export interface StepRunner {
  run<N extends StepName>(name: N, args: StepArgs<N>): Promise<StepAnswer<N>>
}

/** `object` gives a fresh stub per call: after a broken one only a new one works. */
export function sqliteStore(object: () => StepRunner): Store {
  async function call<N extends StepName>(name: N, ...args: StepArgs<N>): Promise<StepAnswer<N>> {
    try {
      return await object().run(name, args)
    } catch {
      // The object restarted under the call. Every step may be repeated: callers name ids and tokens; a cancel or a
      // replay that had been done is told the state it made.
      try {
        return await object().run(name, args)
      } catch (cause) {
        throw new Fault('store', { cause })
      }
    }
  }
  return {
    outbox: {
      admit: (groups) => call('admit', groups),
      claim: (what, max, lease, now) => call('claim', what, max, lease, now),
      settle: (settlement) => call('settle', settlement),
      due: (horizonMs, max, now) => call('due', horizonMs, max, now),
      cancel: (id, now) => call('cancel', id, now),
      reschedule: (id, dueAt, now) => call('reschedule', id, dueAt, now),
      replay: (id, force, giveUpAt, now) => call('replay', id, force, giveUpAt, now),
      report: (report) => call('report', report),
      find: (id) => call('find', id),
      list: (filter) => call('list', filter),
      stats: (now) => call('stats', now),
    },
    challenges: {
      check: (check) => call('check', check),
      view: (id, now) => call('view', id, now),
      newest: (subject, effect, now) => call('newest', subject, effect, now),
      confirm: (id, now, audit) => call('confirm', id, now, audit),
    },
    limits: {
      take: (takes, now) => call('take', takes, now),
      throttle: (throttle) => call('throttle', throttle),
      forget: (series) => call('forget', series),
    },
    sessions: {
      open: (session, clears, now, audit) => call('openSession', session, clears, now, audit),
      turn: (turn) => call('turn', turn),
      revoke: (id, by, now) => call('revoke', id, by, now),
      revokeAll: (userId, now, except) => call('revokeAll', userId, now, except),
      list: (userId, now) => call('listSessions', userId, now),
    },
    audit: {
      append: (entry) => call('audit', entry),
      list: (limit) => call('auditList', limit),
    },
    events: { after: (seq, limit) => call('eventsAfter', seq, limit) },
    ping: () => call('ping'),
  }
}
