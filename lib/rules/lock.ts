// How long a person's codes of one opener are locked after wrong guesses.
import { CHALLENGE, WRONG_RULES } from './numbers.ts'

/**
 * Ms of the lock, or null when the guess leads to none: five wrong in an hour lock for 15 minutes, then twice as long with
 * each of the `locks` of the last day; ten in a day lock for the day.
 */
export function lockMs(wrongInHour: number, wrongInDay: number, locks: number): number | null {
  if (wrongInDay >= WRONG_RULES.day.max) return CHALLENGE.lockMaxMs
  if (wrongInHour < WRONG_RULES.lock.max) return null
  return Math.min(CHALLENGE.lockMaxMs, CHALLENGE.lockBaseMs * 2 ** locks)
}
