// The steps as scripts: the policy's numbers, the shared fragments a step is composed of, and the step itself.
import { BUCKETS, edgeMs } from '../../rules/histogram.ts'
import { ARM_HORIZON_MS, BREAKER, CHALLENGE, RETENTION, SESSION, WRONG_RULES } from '../../rules/numbers.ts'
import admit from './lua/admit.lua'
import audit from './lua/audit.lua'
import audits from './lua/audits.lua'
import base from './lua/base.lua'
import breaker from './lua/breaker.lua'
import cancel from './lua/cancel.lua'
import change from './lua/change.lua'
import check from './lua/check.lua'
import claim from './lua/claim.lua'
import confirm from './lua/confirm.lua'
import due from './lua/due.lua'
import effect from './lua/effect.lua'
import events from './lua/events.lua'
import figures from './lua/figures.lua'
import find from './lua/find.lua'
import forget from './lua/forget.lua'
import lease from './lua/lease.lua'
import limits from './lua/limits.lua'
import list from './lua/list.lua'
import listSessions from './lua/list-sessions.lua'
import openSession from './lua/open-session.lua'
import refusal from './lua/refusal.lua'
import replay from './lua/replay.lua'
import report from './lua/report.lua'
import reschedule from './lua/reschedule.lua'
import revoke from './lua/revoke.lua'
import revokeAll from './lua/revoke-all.lua'
import rows from './lua/rows.lua'
import sessions from './lua/sessions.lua'
import settle from './lua/settle.lua'
import stats from './lua/stats.lua'
import take from './lua/take.lua'
import throttle from './lua/throttle.lua'
import turn from './lua/turn.lua'
import view from './lua/view.lua'

/** The feed is for consumers that keep up; older events stay with their messages. */
const EVENTS_MAX = 10_000

const POLICY = {
  ...RETENTION,
  eventsMax: EVENTS_MAX,
  armHorizonMs: ARM_HORIZON_MS,
  breaker: BREAKER,
  session: SESSION,
  wrong: WRONG_RULES,
  guessesMax: CHALLENGE.guessesMax,
  lockBaseMs: CHALLENGE.lockBaseMs,
  lockMaxMs: CHALLENGE.lockMaxMs,
  /** The last bucket has no edge. */
  bucketEdges: Array.from({ length: BUCKETS - 1 }, (_, bucket) => edgeMs(bucket)),
}

const policy = `local POLICY = cjson.decode([==[${JSON.stringify(POLICY)}]==])\n`
const compose = (...parts: string[]): string => policy + [base, ...parts].join('\n')

export const SCRIPTS = {
  admit: compose(rows, figures, limits, breaker, change, lease, sessions, admit),
  claim: compose(rows, figures, limits, breaker, change, lease, claim),
  settle: compose(rows, figures, limits, breaker, change, lease, settle),
  due: compose(rows, due),
  cancel: compose(rows, figures, limits, change, refusal, cancel),
  reschedule: compose(rows, figures, limits, change, refusal, reschedule),
  replay: compose(rows, figures, limits, change, replay),
  report: compose(rows, figures, limits, change, report),
  find: compose(rows, find),
  list: compose(rows, list),
  stats: compose(breaker, stats),
  check: compose(rows, figures, limits, change, sessions, effect, check),
  view: compose(rows, sessions, effect, view),
  confirm: compose(rows, sessions, effect, confirm),
  take: compose(limits, take),
  throttle: compose(limits, throttle),
  forget: compose(forget),
  openSession: compose(rows, sessions, openSession),
  turn: compose(sessions, turn),
  revoke: compose(sessions, revoke),
  revokeAll: compose(sessions, revokeAll),
  listSessions: compose(sessions, listSessions),
  audit: compose(rows, audit),
  audits: compose(audits),
  events: compose(events),
}

export type ScriptName = keyof typeof SCRIPTS
