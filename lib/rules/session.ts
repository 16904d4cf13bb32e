// A family of refresh tokens: when it ends, and what becomes of a token that comes back.
import { SESSION } from './numbers.ts'

/** What the rules need to know of a family. */
export interface Family {
  /** Number of the newest token. */
  n: number
  turnedAt: number
  endsAt: number
}

export const sessionEnd = ({ endsAt, turnedAt }: Omit<Family, 'n'>): number =>
  Math.min(endsAt, turnedAt + SESSION.idleMs)

/**
 * Token `n` of a live family is presented. `next`: it is the newest, and has a successor now. `same`: two tabs refresh at
 * once, the later one is told the successor there is. `reused`: it was stolen, or its thief was here. `over`: never given.
 */
export function turnOf({ n, turnedAt }: Omit<Family, 'endsAt'>, presented: number, now: number) {
  if (presented > n) return 'over'
  if (presented === n) return 'next'
  return presented === n - 1 && now - turnedAt < SESSION.graceMs ? 'same' : 'reused'
}
