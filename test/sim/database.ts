// The object's SQLite in memory, with triggers that tell what each step changed.
import type { SQLInputValue } from 'node:sqlite'
import { memoryOf } from '../../lib/store/sqlite/windows.ts'
import { openSqlite } from '../fakes/sqlite.ts'

/** A message row took another status; null = it was not there, or is no more. */
export interface Move {
  id: string
  from: string | null
  to: string | null
}

/** A row came under lease: its worker may call `intent`, unless an earlier lease of it was `lost`. */
export interface Grant {
  id: string
  intent: string
  token: string
  lost: boolean
}

/** A message row as a step has left it. */
export interface Written {
  id: string
  status: string
  wakeAt: number | null
  endedAt: number | null
  intent: string | null
  leaseToken: string | null
  ambiguous: boolean
}

export interface Changes {
  moves: Move[]
  grants: Grant[]
  /** All message rows written, by id. */
  written: Map<string, Written>
}

export interface Database {
  sql: SqlStorage
  /** Runs one step in a transaction; what it throws rolls everything back. */
  transaction<T>(step: () => T): T
  /** What has changed since this was last asked. */
  changes(): Changes
  rows<T>(query: string, ...bindings: SQLInputValue[]): T[]
  row<T>(query: string, ...bindings: SQLInputValue[]): T | undefined
  /** Empties every table, for the next seed. */
  clear(): void
  tables(): string[]
}

const WRITTEN =
  'SELECT sim_written(new.id, new.status, new.wake_at, new.ended_at, new.intent, new.lease_token, new.ambiguous)'
const GRANTED = 'SELECT sim_granted(new.id, new.intent, new.lease_token, new.lost)'

const TRIGGERS = `
CREATE TEMP TRIGGER sim_in AFTER INSERT ON messages
  BEGIN SELECT sim_moved(new.id, NULL, new.status); ${WRITTEN}; END;
CREATE TEMP TRIGGER sim_out AFTER DELETE ON messages BEGIN SELECT sim_moved(old.id, old.status, NULL); END;
CREATE TEMP TRIGGER sim_to AFTER UPDATE OF status ON messages WHEN old.status <> new.status
  BEGIN SELECT sim_moved(new.id, old.status, new.status); END;
CREATE TEMP TRIGGER sim_written AFTER UPDATE OF status, wake_at, ended_at, intent, lease_token, ambiguous ON messages
  BEGIN ${WRITTEN}; END;
CREATE TEMP TRIGGER sim_born_granted AFTER INSERT ON messages WHEN new.status = 'sending' BEGIN ${GRANTED}; END;
CREATE TEMP TRIGGER sim_granted AFTER UPDATE OF lease_until, lease_token, intent, attempt, lost ON messages
  WHEN new.status = 'sending' AND new.lease_until IS NOT NULL BEGIN ${GRANTED}; END;
`

export function openDatabase(): Database {
  const { db, sql, rows, transaction } = openSqlite()
  let changes: Changes = { moves: [], grants: [], written: new Map() }
  db.function('sim_moved', (id, from, to) => {
    changes.moves.push({ id: String(id), from: text(from), to: text(to) })
    return null
  })
  db.function('sim_written', (id, status, wakeAt, endedAt, intent, leaseToken, ambiguous) => {
    changes.written.set(String(id), {
      id: String(id),
      status: String(status),
      wakeAt: number(wakeAt),
      endedAt: number(endedAt),
      intent: text(intent),
      leaseToken: text(leaseToken),
      ambiguous: ambiguous === 1,
    })
    return null
  })
  db.function('sim_granted', (id, intent, token, lost) => {
    changes.grants.push({ id: String(id), intent: String(intent), token: String(token), lost: lost === 1 })
    return null
  })
  db.exec(TRIGGERS)
  const names = rows<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").map((one) => one.name)
  const taken = (): Changes => {
    const told = changes
    changes = { moves: [], grants: [], written: new Map() }
    return told
  }
  return {
    sql,
    transaction(step) {
      try {
        return transaction(step)
      } catch (error) {
        taken()
        throw error
      }
    },
    changes: taken,
    rows,
    row: (query, ...bindings) => rows<never>(query, ...bindings)[0],
    clear() {
      for (const name of names) rows(`DELETE FROM ${name}`)
      memoryOf(sql).clear()
      taken()
    },
    tables: () => names,
  }
}

const number = (value: unknown): number | null => (value === null ? null : Number(value))
const text = (value: unknown): string | null => (value === null ? null : String(value))
