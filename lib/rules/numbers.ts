// Every number of the service that is a policy and not a setting. Durations are ms.
import type { Channel, MessageClass, Priority } from './status.ts'
import { DAY, HOUR, MINUTE, SECOND } from './units.ts'

export const CHALLENGE = {
  /** Resends extend the code, never the challenge beyond this. */
  lifeMs: 60 * MINUTE,
  guessesMax: 5,
  resendGapMs: 30 * SECOND,
  /** A challenge with less life than this is not sent again. */
  resendLeftMs: 30 * SECOND,
  /** How long a later channel waits for the earlier one. */
  stageAfterMs: 30 * SECOND,
  /** Codes of an opener are locked for 15, 30, 60 … minutes. */
  lockBaseMs: 15 * MINUTE,
  lockMaxMs: DAY,
  /** An e-mail's code lives longer than one that a phone shows at once. */
  codeLifeMs: (channel: Channel) => (channel === 'email' ? 10 : 5) * MINUTE,
} as const

/** Rules over the sends of one person and opener. */
export const SEND_RULES = [
  { name: 'codes', max: 3, perMs: HOUR },
  { name: 'codes-gap', max: 1, perMs: CHALLENGE.resendGapMs },
  { name: 'codes-day', max: 10, perMs: DAY },
]

/** Wrong guesses of one person and opener: at `max` in `perMs` the codes lock. */
export const WRONG_RULES = {
  lock: { name: 'wrong', max: 5, perMs: HOUR },
  day: { name: 'wrong-day', max: 10, perMs: DAY },
}

export const IP_RULES = {
  sends: { name: 'sends', max: 10, perMs: HOUR },
  checks: { name: 'checks', max: 60, perMs: HOUR },
  wrongChecks: { name: 'wrong-checks', max: 20, perMs: HOUR },
  registrations: { name: 'registrations', max: 20, perMs: HOUR },
  logins: { name: 'logins', max: 30, perMs: 10 * MINUTE },
}

/** Wrong passwords for one typed login from one IP: five are free, then 1 s, 2 s, 4 s … */
export const LOGIN_RULE = { name: 'login', free: 5, baseMs: SECOND, maxMs: 15 * MINUTE, forgetMs: 15 * MINUTE }

/** A sign-up that waits for its code holds its user name for as long as the challenge may live. */
export const USERNAME_RULE = { name: 'username', max: 1, perMs: CHALLENGE.lifeMs }

/** Tries at another user name, by a signed-in user: taken or not, it also says what is free. */
export const USERNAME_CHANGES_RULE = { name: 'username-changes', max: 10, perMs: DAY }

/**
 * Answers that must not tell whether an account exists leave at a whole multiple of this after they came in: what the
 * store, the hash or the mail took is not to be seen in it. Longer than most hashes taken over from older systems,
 * shorter than the first wait for guessing.
 */
export const EVEN_ANSWER_MS = SECOND / 2

/** Welcome and operator's notice go out once per person for this long. */
export const NOTIFIED_MS = 400 * DAY

/** A window of more places than this is counted per second; of fewer, every place is known. */
export const COUNTED_FROM = 100

export const KEY_RULE = { name: 'key', max: 6_000, perMs: MINUTE }

/** Messages to one recipient, whoever asks. */
export const RECIPIENT_RULE = { name: 'recipient', max: 30, perMs: HOUR }

export const SESSION = {
  /** From the login, however often it is turned. */
  lifeMs: 30 * DAY,
  /** From the last turn. */
  idleMs: 7 * DAY,
  /** Two tabs that refresh at once are told the same successor. */
  graceMs: 10 * SECOND,
  /** An ended family is remembered longer than any access token lives. */
  keptMs: DAY,
}
/** The newest of a person's families are listed. */
export const SESSIONS_MAX = 100

export const LEASE_MS = 30 * SECOND

/** A last try before a row's own end needs so much time. */
export const LAST_TRY_MS = SECOND

/** How long one provider call may take. */
export const sendTimeoutMs = (messageClass: MessageClass) => (messageClass === 'security' ? 3 : 8) * SECOND

/** What must be left of a lease beyond the call's own timeout. */
export const LEASE_MARGIN_MS = 2 * SECOND

/** How soon a settlement that the store missed is asked again: each time twice as late, until the lease ends. */
export const SETTLE_AGAIN_MS = { first: SECOND / 10, longest: 2 * SECOND }
/** A row whose channel has no provider configured at all is looked at again after this. */
export const NOT_CONFIGURED_WAIT_MS = MINUTE
/** QStash is to call again after this while nothing is sent. */
export const HELD_RETRY_MS = MINUTE

/** How long an answer may wait for the first attempt. */
export const FIRST_ATTEMPT_WAIT_MS = 3 * SECOND
/** … and how long the whole answer of an account route, with the hash and the stores before it. */
export const ACCOUNT_ANSWER_MS = 3_500

/** Messages one worker starts at once: the platform's simultaneous connections. */
export const CLAIM_MAX = 6
/** Rows one claim looks at, to find those that may start. */
export const CLAIM_WALK_MAX = 100
/** From so many places of a claim on, one in `part`, and at least one, goes to each lower priority. */
export const FAIR_SHARE = { fromPlaces: 3, part: 10 }
export const SWEEP_MAX = 100
/** Rows of one reference that are cancelled in one step, the newest. */
export const CANCELLED_BY_MAX = 100
/** Calls out of one invocation: Workers Free allows 50. What is left is done in a fresh one. */
export const SUBREQUESTS_MAX = 45
/** What is due within this was to leave at once, as people tell it. */
export const AT_ONCE_MS = MINUTE
/** Work that is asked for by a route: so long, and so many are counted of what is left. */
export const QUEUE_WORK = { forMs: 20 * SECOND, batchMax: 100, batchShown: 10, countedMax: 1_000 }
/** Dead letters of one call: at most, unless it is said, of one step, and pages that are counted beyond. */
export const REPLAY = { max: 1_000, shown: 100, stepMax: 100, countedPages: 5 }
/** What wakes the sweeper; wrangler.toml says it as a cron line. */
export const SWEEP_EVERY_MS = MINUTE
/** Rows of lower priority are left to the workers that are busy with others, unless they have been due for so long. */
export const LEFT_TO_WORKERS_MS = MINUTE
/** Rows due within this are armed at the scheduler by the sweeper. */
export const ARM_HORIZON_MS = 10 * MINUTE

/** Waits before round 2, 3, …; the last one repeats until the row gives up. ±20 % jitter is added. */
export const BACKOFF: Record<MessageClass, number[]> = {
  security: [2 * SECOND, 5 * SECOND, 15 * SECOND, 45 * SECOND],
  transactional: [10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR],
  promotional: [10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR],
}
export const JITTER = 0.2
/** How long after it is due a row of each priority is still tried. */
export const GIVE_UP_MS: Record<Priority, number> = { high: DAY, medium: DAY, low: 3 * DAY }

export const UNKNOWN = {
  /** Same key, same bytes, after the first and the second unknown in a row; after the third the next provider takes over. */
  keyedWaitsMs: [10 * SECOND, MINUTE] as const,
  /** Vendors keep a key 24 h: stop an hour before. */
  keyedForMs: 23 * HOUR,
  /** How long an unkeyed provider's report is waited for. */
  reportWaitMs: 120 * SECOND,
}

export const BREAKER = {
  failuresMax: 5,
  /** Failures further apart than this are not "in a row". */
  forgetMs: 5 * MINUTE,
  openMs: MINUTE,
  heldMs: 10 * MINUTE,
  alertEveryMs: HOUR,
  /** Open or held: while codes wait that no other provider can take, it is tried again so soon after its last failure. */
  urgentMs: 15 * SECOND,
  /** The row that is to probe must be woken so soon after it may, or another one takes its part. */
  proberLateMs: 15 * SECOND,
  /** Each success after it was open lets so many of the rows that waited go. */
  releasedAtOnce: 2,
}

export const RETENTION = {
  payloadMs: DAY,
  deadPayloadMs: 14 * DAY,
  recordMs: 90 * DAY,
  eventMs: 30 * DAY,
  auditMs: 365 * DAY,
  idempotencyMs: DAY,
  /** Long enough for a command re-sent after a lost answer. */
  answerMs: 5 * MINUTE,
  statsMs: 90 * DAY,
}

/** What one sweep removes of what has outlived its retention. */
export const PURGE = {
  /** Of each kind: at one sweep a minute, several times what an object can write. */
  rowsMax: 5_000,
  /** A row that ends later than this after it was made is found by an index, the others by their ids. */
  lateMs: 5 * MINUTE,
  /** Windows looked at in one go. */
  windowsMax: 200,
}
/** So many calls of one challenge can be told again what they were told. */
export const ANSWERS_MAX = 16

export const BODY_BYTES_MAX = 256 * 1024
/** So much of a body that is too large is read before it is refused. */
export const BODY_DISCARDED_MAX = 4 * 1024 * 1024

export const JSON_DEPTH_MAX = 32
export const IDEMPOTENCY_KEY_MAX = 255
/** Of a list: at most, and unless it is said. */
export const LIST_MAX = 100
export const LIST_SHOWN = 50
/** One list query walks at most this many rows for filters without an index. */
export const LIST_WALK_MAX = 500
/** The feed is for consumers that keep up; older events stay with their messages. At most RETENTION.eventMs old. */
export const FEED_MAX = 250_000
/** So many entries of one millisecond keep the order in which they came. */
export const PLACES_PER_MS = 1_000
/** Failures of more people than this in one hour are counted together, by kind alone. */
export const AUDIT_COUNTED_MAX = 1_000
/** A counted entry remembers who added to it last, so that a repeat adds nothing. */
export const AUDIT_NAMES_MAX = 20
/** A record keeps so many events, and names of reports it has seen. */
export const HISTORY_MAX = 200
/** A repair looks at so many keys at once, and reads so many rows in one step. */
export const REPAIR = { keysMax: 1_000, rowsMax: 100 }
/** Indexes list a row for its record's retention and so long before that, while it lives; then it is listed anew. */
export const LISTED_LIVE_MS = 4 * DAY
/** A recipient's messages are indexed by such periods. */
export const RECIPIENT_PERIOD_MS = 30 * DAY
/** Figures are counted per hour, and what grows with time is kept by the hour. */
export const COUNTED_PER_MS = HOUR
/** Rates and times of delivery are those of the last hours. */
export const FIGURES_HOURS = 24
/** The newest challenge of a user is looked for among so many. */
export const NEWEST_WALK_MAX = 100
/** What a challenge has done to an account is remembered so long, for a repeat of it. */
export const EFFECT_KEPT_MS = 7 * DAY
/** Each new effect removes so many of those that are older. */
export const EFFECTS_PURGED_MAX = 10

/** How long one request to each of them may take. */
export const TIMEOUTS = { redisMs: SECOND, supabaseMs: 3 * SECOND, qstashMs: 3 * SECOND, alertMs: 5 * SECOND }
/** No vendor has more to say; what is longer is cut. */
export const ANSWER_BYTES_MAX = 64 * 1024
/** No vendor's word keeps us waiting longer: a clock of theirs that is wrong must not stop us for a day. */
export const RETRY_AFTER_MAX_MS = HOUR
/** What our own `Retry-After` says when an adapter failed and knows no better. */
export const RETRY_AFTER_MS = 2 * SECOND

/** Waits before each try at telling the operator. */
export const ALERT_WAITS_MS = [0, SECOND, 4 * SECOND]

/** QStash's own retries, for when we cannot answer: after 10, 20 and 40 s; by then the sweeper has been. */
export const QSTASH = { retries: 3, retryDelayMs: 10 * SECOND }

/** The object's alarm as the clock of the rows. */
export const ALARM = {
  /** Wakes taken in one ring. */
  ringsMax: 10 * CLAIM_MAX,
  /** A second ring after the lease the first one led to: the worker it woke may have died with everything in it. */
  againMs: LEASE_MS + SECOND,
  /** What falls due together leaves in turns, or thousands of calls would start in one isolate at once. */
  turnMs: 250,
  /** Workers started in one turn for another store's rows. */
  drainsAtOnce: 10,
}

/** How far another clock may be from ours, by whose it is; `own` are two machines of ours. */
export const CLOCK_SKEW_MS = { own: 5 * SECOND, supabase: 5 * SECOND, qstash: 30 * SECOND }

/** Supabase's public keys. */
export const SUPABASE_KEYS = {
  /** Supabase's own edge keeps the set this long; it is also how long a revoked key may live on here. */
  liveMs: 10 * MINUTE,
  /** Without an answer, keys already known are used this long; then it is 503. */
  staleMs: HOUR,
  /** Between two questions for the same unknown kid, which anybody can make up, … */
  askGapMs: 30 * SECOND,
  /** … and after one that failed. */
  failedGapMs: 2 * SECOND,
}

export const PASSWORD = {
  charactersMax: 128,
  /** What a password needs besides the person's own words … */
  besidesMin: 6,
  /** … which are those of at least so many characters. */
  ownWordMin: 3,
  /** Some three seconds of hashing: who came later is better off elsewhere. */
  waitingMax: 32,
  /** A request that is cut off runs no `finally`: its place is free again after this. */
  waitingForgottenMs: 10 * SECOND,
  /** 2¹² rounds take some 350 ms, 2¹⁴ some 1.4 s, once: the hash is then replaced. More would be a way to burn our time. */
  bcryptCostMax: 14,
}

/** OWASP's second choice of equals: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
export const ARGON2 = { memoryKib: 19_456, passes: 2, parallelism: 1 }
/** What the instance's memory holds, and twice the work of today: no row may cost more, whoever wrote it. */
export const ARGON2_MAX = { memoryKib: 65_536, work: 2 * ARGON2.memoryKib * ARGON2.passes }

/** An older system's people keep longer names, up to `importedMax`. */
export const USERNAME = { charactersMin: 3, charactersMax: 32, importedMax: 64 }
export const REFERRAL_MAX = 64
