// The steps as scripts: the policy's numbers, the shared fragments a step is composed of, and the step itself.
import { ALPHABET, TIME_CHARACTERS } from '../../names/ids.ts'
import { COUNTED_KINDS } from '../../rules/audit.ts'
import { BUCKETS, edgeMs } from '../../rules/histogram.ts'
import {
  ARM_HORIZON_MS,
  AUDIT_COUNTED_MAX,
  AUDIT_NAMES_MAX,
  BREAKER,
  CANCELLED_BY_MAX,
  CHALLENGE,
  CLAIM_MAX,
  CLAIM_WALK_MAX,
  COUNTED_FROM,
  COUNTED_PER_MS,
  FAIR_SHARE,
  FEED_MAX,
  HISTORY_MAX,
  LEASE_MS,
  LEFT_TO_WORKERS_MS,
  LISTED_LIVE_MS,
  PLACES_PER_MS,
  RECIPIENT_PERIOD_MS,
  RETENTION,
  SESSION,
  WRONG_RULES,
} from '../../rules/numbers.ts'
import { PRIORITIES, STATES } from '../../rules/status.ts'
import { SECOND } from '../../rules/units.ts'
import { compose } from './compose.ts'
import admit from './lua/admit.lua'
import answers from './lua/answers.lua'
import audit from './lua/audit.lua'
import audits from './lua/audits.lua'
import base from './lua/base.lua'
import behind from './lua/behind.lua'
import breaker from './lua/breaker.lua'
import breakers from './lua/breakers.lua'
import cancel from './lua/cancel.lua'
import cancelBy from './lua/cancel-by.lua'
import cancelling from './lua/cancelling.lua'
import challenges from './lua/challenges.lua'
import change from './lua/change.lua'
import check from './lua/check.lua'
import claim from './lua/claim.lua'
import closeBreaker from './lua/close-breaker.lua'
import confirm from './lua/confirm.lua'
import due from './lua/due.lua'
import effect from './lua/effect.lua'
import endedSince from './lua/ended-since.lua'
import events from './lua/events.lua'
import figures from './lua/figures.lua'
import find from './lua/find.lua'
import forget from './lua/forget.lua'
import hours from './lua/hours.lua'
import lease from './lua/lease.lua'
import limits from './lua/limits.lua'
import list from './lua/list.lua'
import listSessions from './lua/list-sessions.lua'
import live from './lua/live.lua'
import openSession from './lua/open-session.lua'
import refusal from './lua/refusal.lua'
import repair from './lua/repair.lua'
import replay from './lua/replay.lua'
import replayAll from './lua/replay-all.lua'
import replaying from './lua/replaying.lua'
import report from './lua/report.lua'
import reschedule from './lua/reschedule.lua'
import revoke from './lua/revoke.lua'
import revokeAll from './lua/revoke-all.lua'
import rows from './lua/rows.lua'
import rules from './lua/rules.lua'
import scheduled from './lua/scheduled.lua'
import series from './lua/series.lua'
import sessions from './lua/sessions.lua'
import settle from './lua/settle.lua'
import start from './lua/start.lua'
import stats from './lua/stats.lua'
import take from './lua/take.lua'
import throttle from './lua/throttle.lua'
import trail from './lua/trail.lua'
import turn from './lua/turn.lua'
import view from './lua/view.lua'

const POLICY = {
  ...RETENTION,
  states: STATES,
  priorities: PRIORITIES,
  eventsMax: FEED_MAX,
  countedKinds: COUNTED_KINDS,
  auditCountedMax: AUDIT_COUNTED_MAX,
  auditNamesMax: AUDIT_NAMES_MAX,
  placesPerMs: PLACES_PER_MS,
  historyMax: HISTORY_MAX,
  countedFrom: COUNTED_FROM,
  secondMs: SECOND,
  listedMs: RETENTION.recordMs + LISTED_LIVE_MS,
  recipientPeriodMs: RECIPIENT_PERIOD_MS,
  idAlphabet: ALPHABET,
  idTimeCharacters: TIME_CHARACTERS,
  countedPerMs: COUNTED_PER_MS,
  armHorizonMs: ARM_HORIZON_MS,
  fairShare: FAIR_SHARE,
  cancelledByMax: CANCELLED_BY_MAX,
  claimMax: CLAIM_MAX,
  claimWalkMax: CLAIM_WALK_MAX,
  leaseMs: LEASE_MS,
  leftToWorkersMs: LEFT_TO_WORKERS_MS,
  breaker: BREAKER,
  session: SESSION,
  wrong: WRONG_RULES,
  guessesMax: CHALLENGE.guessesMax,
  lockBaseMs: CHALLENGE.lockBaseMs,
  lockMaxMs: CHALLENGE.lockMaxMs,
  /** The last bucket has no edge. */
  bucketEdges: Array.from({ length: BUCKETS - 1 }, (_, bucket) => edgeMs(bucket)),
}

/** Plain data as a literal of Lua, which costs a script less than decoding it. */
function literal(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `{${value.map(literal).join(',')}}`
  const fields = Object.entries(value).filter(([, inner]) => typeof inner !== 'function')
  return `{${fields.map(([name, inner]) => `[${JSON.stringify(name)}]=${literal(inner)}`).join(',')}}`
}

const policy = `local POLICY = ${literal(POLICY)}\n`
/** What every script starts with. */
export const HEAD = policy + base

/** What steps are composed of; each first line says what it needs of the others. */
export const PARTS = {
  answers,
  behind,
  breaker,
  cancelling,
  challenges,
  change,
  effect,
  figures,
  hours,
  lease,
  limits,
  refusal,
  replaying,
  rows,
  rules,
  sessions,
  start,
  trail,
}

const STEPS = {
  admit,
  claim,
  settle,
  due,
  cancel,
  cancelBy,
  reschedule,
  repair,
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
  confirm,
  take,
  throttle,
  forget,
  openSession,
  turn,
  revoke,
  revokeAll,
  listSessions,
  live,
  endedSince,
  audit,
  audits,
  events,
}

export type ScriptName = keyof typeof STEPS

export const SCRIPTS = compose(HEAD, PARTS, STEPS)
