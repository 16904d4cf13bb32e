// The Store port over the SQLite object: every method is one call to it.
import type { Store } from '../../ports/store.ts'
import { callerOf } from '../../steps/steps.ts'
import type { StepRunner } from './steps.ts'

/** `steps` gives a fresh stub per call: after a broken one only a new one works. */
export function sqliteStore(steps: () => StepRunner): Store {
  const call = callerOf(steps, 'store')
  return {
    home: 'object',
    outbox: {
      admit: (groups) => call('admit', groups),
      claim: (what, max, lease, now) => call('claim', what, max, lease, now),
      settle: (settlement) => call('settle', settlement),
      due: (horizonMs, max, now) => call('due', horizonMs, max, now),
      cancel: (id, now) => call('cancel', id, now),
      cancelBy: (reference, now) => call('cancelBy', reference, now),
      reschedule: (id, dueAt, now) => call('reschedule', id, dueAt, now),
      replay: (id, force, giveUpAt, now) => call('replay', id, force, giveUpAt, now),
      replayAll: (rows, force, now) => call('replayAll', rows, force, now),
      report: (report) => call('report', report),
      find: async (id) => (await call('find', [id]))[0] ?? null,
      findAll: (ids) => call('find', ids),
      list: (filter) => call('list', filter),
      scheduled: (now, limit, cursor) => call('scheduled', now, limit, cursor),
      stats: (now) => call('stats', now),
      breakers: (now) => call('breakers', now),
      closeBreaker: (provider, now) => call('closeBreaker', provider, now),
      series: (hours, now) => call('series', hours, now),
    },
    challenges: {
      check: (check) => call('check', check),
      view: (id, now) => call('view', id, now),
      newest: (subject, effect, now) => call('newest', subject, effect, now),
      confirm: (id, now, audit) => call('confirm', id, now, audit),
    },
    limits: {
      take: (takes, now, bearer) => call('take', takes, now, bearer ?? null),
      throttle: (throttle) => call('throttle', throttle),
      forget: (series) => call('forget', series),
    },
    sessions: {
      open: (session, clears, now, audit) => call('openSession', session, clears, now, audit),
      turn: (turn) => call('turn', turn),
      revoke: (id, by, now) => call('revoke', id, by, now),
      revokeAll: (userId, now, except) => call('revokeAll', userId, now, except),
      list: (userId, now) => call('listSessions', userId, now),
      live: (bearer, now) => call('live', bearer, now),
      endedSince: (userId, at) => call('endedSince', userId, at),
    },
    audit: {
      append: (entry) => call('audit', entry),
      list: (limit) => call('audits', limit),
    },
    events: { after: (seq, limit) => call('events', seq, limit) },
    ping: () => call('ping'),
  }
}
