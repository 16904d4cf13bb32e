// What an examination by POST /v1/admin/doctor may cost, and how long it takes.
import { HOUR, SECOND } from './units.ts'

export const DOCTOR = {
  /** Each sends a mail by every provider: to whom they go never asked for them. */
  rule: { name: 'doctor', max: 3, perMs: HOUR },
  /** The answer waits so long for the calls, which take 8 s at most. */
  waitMs: 10 * SECOND,
  /** Its mails are worth nothing later: a call that was in doubt may be repeated once before. */
  mailLifeMs: 20 * SECOND,
  /** A report is looked for among so many of a provider's newest messages. */
  lookedAt: 100,
} as const
