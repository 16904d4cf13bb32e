// Every key of the store, in one table. Values hold sealed payloads and keyed hashes only.
//
// | kind | pattern | type | fields or members | expiry |
// |--|--|--|--|--|
// | message | posta:message:<message> | JSON | the row by the names of `Row` in rows.ts, its attempts, its history; folded to a list once it has ended, see rows.lua | none while live; 90 d from its end |
// | payload | posta:payload:<message> | string | sealed address and render inputs | none while live; 24 h or (dead) 14 d from its end |
// | lease | posta:lease:<token> | string | ids of the rows that one claim took | the lease + 5 min |
// | answer | posta:answer:<call> | string | JSON told to this call, for its repeat | 5 min |
// | idempotency | posta:idempotency:<key> | JSON | fingerprint challengeId messageIds untilAt | 24 h, or as its admission says |
// | challenge | posta:challenge:<challenge> | JSON | NewChallenge; status failures confirmedAt; its rows; the last judgement | 24 h after `endsAt`, known from the start |
// | subject | posta:subject:<user> | zset | challenges about a user; score 0 | with the last of them |
// | hits | posta:hits:<series> | JSON | places of a rolling window, see limits.lua | the longest rule, from the last place |
// | ticks | posta:ticks:<series> | hash | start of a second → places of a window that is counted; sum oldest | the longest rule and 1 s, from the last second |
// | locks | posta:locks:<series> | zset | the call that led to the lock, scored by its end | 48 h |
// | throttle | posta:throttle:<series> | JSON | wrong at untilAt; the last try and its answer | forgotten after the last try and its wait; removed by a success |
// | session | posta:session:<session> | JSON | NewSession without provenAt; n turnedAt epoch createdAt endsAt revokedAt | 1 d after its end, known from each turn |
// | sessions | posta:sessions:<user> | zset | a person's families that were not revoked, scored by createdAt | 30 d from the last one |
// | epoch | posta:epoch:<user> | string | the instant at which all of a person's families were last ended | 31 d |
// | breaker | posta:breaker:<provider> | JSON | failures failedAt openedAt openUntil probe probeUntil prober waiting alertedAt code | removed by a success |
// | stats | posta:stats:<hour>, posta:stats:total | hash | counter → n; `until` of the totals is the last hour in them | 90 d; the totals none |
// | live | posta:live:<priority> | zset | queued and leased rows, scored by when they are due or their lease ends | trimmed by ends |
// | behind | posta:behind:<provider> | zset | rows behind its open breaker, scored by priority | trimmed by their release and end |
// | – | posta:unarmed | zset | queued rows whose wake the sweeper has to ask for, scored by dueAt | trimmed by ends |
// | messages | posta:messages:<hour> | zset | rows of that hour, by their ids; score 0, so in that order | 94 d |
// | recipient | posta:recipient:<hash>:<period> | zset | a recipient's rows of 30 days; score 0 | 124 d |
// | link | posta:link:<reference or person>:<hash> | zset | rows that its caller calls so, or that tell of somebody; score 0 | 94 d from the last one's due time |
// | dead | posta:dead:<hour> | zset | failed and unknown rows, in the order of their ids; trimmed by replays and reports | 90 d from the last one |
// | hours | posta:hours:<kind> | zset | the hours for which there is a key of this kind | none; trimmed by each new hour |
// | audit | posta:audit:<hour> | zset | JSON of an entry and of the name it is told apart by, or the name of one that is counted; scored by instant | 12 months |
// | failures | posta:failures:<hour> | hash | name → JSON of an entry that is counted | 12 months |
// | – | posta:schema | string | SCHEMA of the newest code that wrote here | none |
// | – | posta:swept | string | epoch ms of the sweeper's last turn | none |
// | – | posta:breakers | set | providers with a breaker | trimmed by successes |
// | – | posta:events | stream | at message type provider; entry ids are `<seq>-0`, seq being a clock that never goes back | newest 250,000, at most 30 d |
//
// A row that outlives its place under an hour, because it was scheduled far ahead, is listed under the hour of its end.
// Whatever only an index says is a hint: readers step over rows that are gone or say otherwise.

import { PRIORITIES } from '../../rules/status.ts'

export type Kind =
  | 'message'
  | 'payload'
  | 'lease'
  | 'answer'
  | 'idempotency'
  | 'challenge'
  | 'subject'
  | 'hits'
  | 'ticks'
  | 'throttle'
  | 'session'
  | 'sessions'
  | 'epoch'
  | 'link'
  | 'breaker'
  | 'live'
  | 'stats'

/**
 * Version of all the shapes above, kept in `posta:schema`. It goes up with a change that the code before could not work
 * with, so only between releases: an isolate asks once, and old ones go on while a new version is being rolled out.
 */
export const SCHEMA = 1

export const key = (kind: Kind, id: string): string => `posta:${kind}:${id}`

/** Keys without an id. Those of hours and periods are found by what a step reads: they are not the caller's to name. */
export const EVENTS = ['posta:events']
export const AUDIT = ['posta:hours:audit']
export const HOURS = ['posta:hours:messages', 'posta:hours:dead']
export const SWEPT = 'posta:swept'
export const INDEXES = { unarmed: 'posta:unarmed', breakers: 'posta:breakers' }
export const LIVE = PRIORITIES.map((priority) => key('live', priority))

/** What changing a message may touch besides its own keys and those named by its row. */
export const SHARED = [...LIVE, ...Object.values(INDEXES), ...HOURS, ...EVENTS, key('stats', 'total')]
