// What people may write through us to others.
import { DAY, HOUR, SECOND } from './units.ts'

export const USER_MAIL = {
  /** Of its HTML, and of its text. */
  bodyBytesMax: 100 * 1024,
  /** Elements within each other: what lies deeper is taken out of them. */
  nestingMax: 50,
  /** How long its sender waits for the first round. */
  waitMs: 10 * SECOND,
}

/** Mails of one person to others. */
export const USER_MAIL_RULES = [
  { name: 'user-mail', max: 5, perMs: HOUR },
  { name: 'user-mail-day', max: 20, perMs: DAY },
]
