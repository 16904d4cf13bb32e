// What a home that is being left still holds, asked no more often than it must be.
import { MOVING } from '../rules/moving.ts'

export interface Remaining<T> {
  /** As it was told within the last minute. */
  last(): Promise<T>
  /** As it is told now. */
  ask(): Promise<T>
}

/**
 * `isNothing`: whoever was told that is never asked again. A failure is not kept.
 *
 *     const { last } = remainingOf(() => old.count(), (count) => count === 0, Date.now)
 */
export function remainingOf<T>(
  tell: () => Promise<T>,
  isNothing: (told: T) => boolean,
  now: () => number,
): Remaining<T> {
  let last: { at: number; told: Promise<T> } | undefined
  let isOver = false
  async function ask(): Promise<T> {
    if (isOver && last) return last.told
    const asked = { at: now(), told: tell() }
    last = asked
    asked.told.catch(() => {
      if (last === asked) last = undefined
    })
    const told = await asked.told
    if (isNothing(told)) [isOver, last] = [true, asked]
    return told
  }
  return {
    ask,
    last: async () => (last && (isOver || now() - last.at < MOVING.askedEveryMs) ? last.told : ask()),
  }
}
