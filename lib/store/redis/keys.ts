// Every key of the store, in one table. Values hold sealed payloads and keyed hashes only.
//
// | kind | pattern | type | fields or members | expiry |
// |--|--|--|--|--|
// | message | posta:message:<message> | hash | the row, by the names of `Row` in rows.ts | none while live; 90 d from its end |
// | payload | posta:payload:<message> | string | sealed address and render inputs | none while live; 24 h or (dead) 14 d from its end |
// | attempts | posta:attempts:<message> | list | JSON of each attempt, oldest first | as message |
// | history | posta:history:<message> | hash | seq → JSON of the event; `seen:<event id>` → seq | none while live; 30 d from its end |
// | after | posta:after:<message> | zset | rows that wait for this one as their earlier stage; score 0 | as message |
// | slot | posta:slot:<slot> | set | rows that share one place in the limits | 90 d from an end |
// | lease | posta:lease:<token> | set | rows under this lease | the lease + 5 min |
// | answer | posta:answer:<call> | string | JSON told to this call, for its repeat | 5 min |
// | hastened | posta:hastened:<message> | string | the queued row that was hastened instead of making this one | 5 min |
// | idempotency | posta:idempotency:<key> | hash | fingerprint challengeId messageIds untilAt | 24 h, or as its admission says |
// | challenge | posta:challenge:<challenge> | hash | NewChallenge; status failures confirmedAt | 24 h after `endsAt`, known from the start |
// | subject | posta:subject:<user> | zset | challenges about a user; score 0 | with the last of them |
// | sends | posta:sends:<challenge> | zset | its rows; score 0 | removed with the challenge; at most 90 d |
// | hits | posta:hits:<series> | zset | slot, scored by the instant it took its place | the longest rule, from the last hit |
// | locks | posta:locks:<series> | zset | instant of the lock, scored by its end | 48 h |
// | throttle | posta:throttle:<series> | hash | wrong at untilAt | forgotten after the last try and its wait; removed by a success |
// | session | posta:session:<session> | hash | NewSession without provenAt; n turnedAt epoch createdAt endsAt revokedAt | 1 d after its end, known from each turn |
// | sessions | posta:sessions:<user> | zset | a person's families that were not revoked, scored by createdAt | 30 d from the last one |
// | epoch | posta:epoch:<user> | string | the instant at which all of a person's families were last ended | 31 d |
// | breaker | posta:breaker:<provider> | hash | failures failedAt openedAt openUntil probe probeUntil alertedAt code | removed by a success |
// | stats | posta:stats:<hour>, posta:stats:total | hash | counter → n | 90 d; the totals none |
// | recipient | posta:recipient:<hash> | zset | a recipient's rows; score 0, so in the order of their ids | trimmed with the rows |
// | live | posta:live:<priority> | zset | queued and leased rows, scored by when they are due or their lease ends | trimmed by ends |
// | – | posta:unarmed | zset | queued rows whose wake the sweeper has to ask for, scored by dueAt | trimmed by ends |
// | – | posta:messages | zset | every row; score 0, so in the order of their ids, which is that of time | trimmed with the rows |
// | – | posta:dead | zset | failed and unknown rows; score 0 | trimmed by replays, reports and with the rows |
// | – | posta:ending | zset | `message <id> <recipient>`, `payload <id>`, `history <id>`, `challenge <id>`, scored by when it is removed | trimmed by `due` |
// | – | posta:breakers | set | providers with a breaker | trimmed by successes |
// | – | posta:events | stream | at message type provider; entry ids are `<seq>-0`, seq being a clock that never goes back | newest 250,000, at most 30 d |
// | audit | posta:audit:<hour> | zset | JSON of an entry and of the name it is told apart by, or the name of one that is counted; scored by instant | 12 months |
// | failures | posta:failures:<hour> | hash | name → JSON of an entry that is counted | 12 months |
// | hours | posta:hours:<kind> | zset | the hours for which there is a key of this kind | with the last of them |

import { PRIORITIES } from '../../rules/status.ts'

export type Kind =
  | 'message'
  | 'payload'
  | 'attempts'
  | 'history'
  | 'after'
  | 'slot'
  | 'lease'
  | 'answer'
  | 'hastened'
  | 'idempotency'
  | 'challenge'
  | 'subject'
  | 'sends'
  | 'hits'
  | 'throttle'
  | 'session'
  | 'sessions'
  | 'epoch'
  | 'recipient'
  | 'live'
  | 'stats'

export const key = (kind: Kind, id: string): string => `posta:${kind}:${id}`

/** Whose hours are named after the instants of entries. */
export const AUDIT = ['posta:hours:audit']
/** Keys without an id. */
export const EVENTS = ['posta:events']
export const INDEXES = {
  messages: 'posta:messages',
  dead: 'posta:dead',
  unarmed: 'posta:unarmed',
  ending: 'posta:ending',
  breakers: 'posta:breakers',
}
export const LIVE = PRIORITIES.map((priority) => key('live', priority))

/** What changing a message may touch besides its own keys and those named by its row. */
export const SHARED = [...LIVE, ...Object.values(INDEXES), ...EVENTS, key('stats', 'total')]
