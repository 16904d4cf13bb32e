// Which store an id lives in: its last character says so. Ids of messages, challenges and sessions carry one; accounts
// keep their ids when they are moved, so nothing is judged by those.

/**
 * One letter per store, of the ids' own alphabet. A further store (a shard, say) takes a free one; a letter that was ever
 * used is never given to another. `0` and `g` are not to be used: ids of releases without homes end in one of them.
 */
const LETTERS = {
  /** The embedded object's SQLite. */
  object: 's',
  /** Redis at Upstash. */
  redis: 'r',
} as const

export type Home = keyof typeof LETTERS

export const letterOf = (home: Home): string => LETTERS[home]

/**
 * null for an id that does not say: of an earlier release, or of a kind that lives nowhere.
 *
 *     homeOf('msg_06f3…s') // 'object'
 */
export function homeOf(id: string): Home | null {
  const [, letter] = /_[0-9a-z]{35}([0-9a-z])$/.exec(id) ?? []
  const [home] = Object.entries(LETTERS).find(([, one]) => one === letter) ?? []
  return (home as Home | undefined) ?? null
}
