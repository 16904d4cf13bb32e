// The object's SQL storage in Node: node:sqlite behind the face of SqlStorage, one transaction a step.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { UPGRADES } from '../../functions/shape.ts'
import { type Runner, runStep, type Steps } from '../../lib/steps/steps.ts'
import { upgrade } from '../../lib/steps/upgrades.ts'

export interface Sqlite {
  db: DatabaseSync
  sql: SqlStorage
  /** Runs one step in a transaction; what it throws rolls everything back. */
  transaction<T>(step: () => T): T
  rows<T>(query: string, ...bindings: SQLInputValue[]): T[]
  /** One table of steps over this database; what crosses is a copy, as between the Worker and its object. */
  runner<S extends Steps>(steps: S): Runner<S>
}

/** A database in memory in the object's shape: empty, or what `dump` has, upgraded. */
export function openSqlite(dump = ''): Sqlite {
  const db = new DatabaseSync(':memory:')
  db.exec('PRAGMA journal_mode = MEMORY; PRAGMA temp_store = MEMORY; PRAGMA synchronous = OFF')
  const prepared = new Map<string, StatementSync>()
  const rows = <T>(query: string, ...bindings: SQLInputValue[]): T[] => {
    const statement = prepared.get(query) ?? db.prepare(query)
    prepared.set(query, statement)
    return statement.all(...bindings) as T[]
  }
  const exec = (query: string, ...bindings: SQLInputValue[]) => {
    // As in the object: several statements at once, without values.
    const several = bindings.length === 0 && /;\s*\S/.test(query)
    if (several) db.exec(query)
    const found = several ? [] : rows(query, ...bindings)
    return { toArray: () => found, one: () => (found.length === 1 ? found[0] : fail(query)) }
  }
  const sql = { exec } as unknown as SqlStorage
  const transaction = <T>(step: () => T): T => {
    rows('BEGIN')
    try {
      const answer = step()
      rows('COMMIT')
      return answer
    } catch (error) {
      rows('ROLLBACK')
      throw error
    }
  }
  if (dump !== '') db.exec(dump)
  transaction(() => upgrade(sql, UPGRADES))
  return {
    db,
    sql,
    transaction,
    rows,
    runner: (steps) => ({
      run: async (name, args) => structuredClone(transaction(() => runStep(steps, sql, name, structuredClone(args)))),
    }),
  }
}

function fail(query: string): never {
  throw new Error(`one(): not exactly one row: ${query}`)
}
