// Choices from a seed: the same words under the same seed are always answered the same, whatever happened in between.
import { createHash } from 'node:crypto'

export interface Chance {
  /** A number in [0, 1) that follows from the words alone. */
  of(...words: (string | number)[]): number
  /** The same, spread over [from, to). */
  between(from: number, to: number, ...words: (string | number)[]): number
}

export function chance(seed: number): Chance {
  const of: Chance['of'] = (...words) =>
    createHash('sha256')
      .update(`${seed}\0${words.join('\0')}`)
      .digest()
      .readUIntBE(0, 6) /
    2 ** 48
  return { of, between: (from, to, ...words) => from + (to - from) * of(...words) }
}
