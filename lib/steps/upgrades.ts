// The object's shape: numbered upgrades of all its tables, applied in order when the object is opened.

/**
 * One step of the shape. A release only adds (tables, indexes, columns that are nullable or have a default), so that the
 * Worker of the release before still runs on the new state; a step that takes something away says `readableFrom`.
 *
 *     { version: 2, sql: 'ALTER TABLE messages ADD COLUMN owner TEXT' }
 */
export interface Upgrade {
  /** 1, 2, 3 … without a gap. */
  version: number
  sql: string
  /** The oldest version whose code can still read and write the state after this step; absent = that of the step before. */
  readableFrom?: number
}

/** The state cannot be opened by this code; the message says why and what helps. */
export class ShapeError extends Error {
  override name = 'ShapeError'
}

// Durable Objects refuse PRAGMA user_version: the version has a table of its own.
const VERSIONS = 'CREATE TABLE schema_version (version INTEGER PRIMARY KEY, readable_from INTEGER NOT NULL)'

/**
 * Brings the state to the newest shape; run it in one transaction. Throws `ShapeError` for a state that has tables and no
 * version, or that a newer release has left unreadable for this code. Answers the versions before and after.
 */
export function upgrade(sql: SqlStorage, upgrades: readonly Upgrade[]): { from: number; to: number } {
  const from = versionOf(sql)
  const newest = upgrades.at(-1)?.version ?? 0
  if (from > newest) {
    const { least } = sql
      .exec<{ least: number }>('SELECT max(readable_from) AS least FROM schema_version')
      .toArray()[0] ?? { least: from }
    if (newest < least) {
      throw new ShapeError(
        `the stored state has shape ${from} and needs code of shape ${least} or newer; this Worker knows ${newest}: deploy the newer release again`,
      )
    }
    return { from, to: from }
  }
  let least = readableFrom(sql)
  for (const step of upgrades.slice(from)) {
    sql.exec(step.sql)
    least = step.readableFrom ?? least
    sql.exec('INSERT INTO schema_version (version, readable_from) VALUES (?, ?)', step.version, least)
  }
  return { from, to: newest }
}

/** 0 = nothing is stored yet. */
function versionOf(sql: SqlStorage): number {
  const names = sql
    .exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .toArray()
    .map((table) => table.name)
    // The platform's own.
    .filter((name) => !/^(?:_cf_|sqlite_)/.test(name))
  if (names.includes('schema_version')) {
    return sql.exec<{ version: number }>('SELECT max(version) AS version FROM schema_version').one().version
  }
  if (names.length > 0) {
    throw new ShapeError(
      'the stored state is older than the first released shape and has no version: posta cannot open it; start with an empty state',
    )
  }
  sql.exec(VERSIONS)
  return 0
}

const readableFrom = (sql: SqlStorage): number =>
  sql.exec<{ least: number | null }>('SELECT max(readable_from) AS least FROM schema_version').one().least ?? 1
