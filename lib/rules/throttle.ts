// How long the next try has to wait after so many wrong ones.
import type { ThrottleRule } from './windows.ts'

/** 0 for the free ones, then the first wait, doubled with every further one up to the longest. */
export const waitMs = (
  { free, baseMs, maxMs }: Pick<ThrottleRule, 'free' | 'baseMs' | 'maxMs'>,
  wrong: number,
): number => (wrong < free ? 0 : Math.min(maxMs, baseMs * 2 ** (wrong - free)))
