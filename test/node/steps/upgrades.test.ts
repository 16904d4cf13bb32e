// The object's shape by numbered steps: applied once, in order, whole; what cannot be opened is refused with a word that helps.
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { UPGRADES } from '../../../functions/shape.ts'
import { ShapeError, type Upgrade, upgrade } from '../../../lib/steps/upgrades.ts'
import { openSqlite } from '../../fakes/sqlite.ts'

const FIRST: Upgrade = { version: 1, sql: 'CREATE TABLE notes (id TEXT)' }
const SECOND: Upgrade = {
  version: 2,
  sql: 'ALTER TABLE notes ADD COLUMN said TEXT; CREATE INDEX notes_said ON notes (said)',
}
const THIRD: Upgrade = { version: 3, sql: 'ALTER TABLE notes DROP COLUMN id', readableFrom: 3 }

function empty() {
  const db = new DatabaseSync(':memory:')
  const exec = (query: string, ...values: (string | number)[]) => {
    if (values.length === 0 && /;\s*\S/.test(query)) db.exec(query)
    const found = /;\s*\S/.test(query) ? [] : db.prepare(query).all(...values)
    return { toArray: () => found, one: () => found[0] }
  }
  const sql = { exec } as unknown as SqlStorage
  const open = (upgrades: readonly Upgrade[]) => {
    db.exec('BEGIN')
    try {
      const done = upgrade(sql, upgrades)
      db.exec('COMMIT')
      return done
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }
  const columns = () =>
    db
      .prepare("SELECT name FROM pragma_table_info('notes')")
      .all()
      .map((one) => one.name)
  return { db, open, columns }
}

describe('the shape of the state', () => {
  it('is made from nothing, step by step', () => {
    const { open, columns } = empty()
    expect(open([FIRST, SECOND])).toEqual({ from: 0, to: 2 })
    expect(columns()).toEqual(['id', 'said'])
  })

  it('is brought up from where it stands, once', () => {
    const { db, open, columns } = empty()
    open([FIRST])
    db.exec("INSERT INTO notes (id) VALUES ('a')")
    expect(open([FIRST, SECOND])).toEqual({ from: 1, to: 2 })
    expect(open([FIRST, SECOND])).toEqual({ from: 2, to: 2 })
    expect(columns()).toEqual(['id', 'said'])
    expect(db.prepare('SELECT id, said FROM notes').all()).toEqual([{ id: 'a', said: null }])
  })

  it('stays as it was when one step fails', () => {
    const { open, columns } = empty()
    open([FIRST])
    expect(() => open([FIRST, SECOND, { version: 3, sql: 'ALTER TABLE nothing ADD COLUMN x' }])).toThrow()
    expect(columns()).toEqual(['id'])
    expect(open([FIRST, SECOND])).toEqual({ from: 1, to: 2 })
  })

  it('that a newer release only added to is run by the release before', () => {
    const { open } = empty()
    open([FIRST, SECOND])
    expect(open([FIRST])).toEqual({ from: 2, to: 2 })
  })

  it('that a newer release took something from is refused by the release before, and opened again by the newer', () => {
    const { open } = empty()
    open([FIRST, SECOND, THIRD])
    expect(() => open([FIRST, SECOND])).toThrow(/shape 3 and needs code of shape 3/)
    expect(open([FIRST, SECOND, THIRD])).toEqual({ from: 3, to: 3 })
  })

  it('without a version is refused and left alone', () => {
    const { db, open } = empty()
    db.exec('CREATE TABLE messages (id TEXT)')
    expect(() => open([FIRST])).toThrow(ShapeError)
    expect(() => open([FIRST])).toThrow(/older than the first released shape/)
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'messages' }])
  })

  it('is numbered without a gap', () => {
    expect(UPGRADES.map((step) => step.version)).toEqual(UPGRADES.map((_, at) => at + 1))
    expect(openSqlite().rows('SELECT max(version) AS version FROM schema_version')).toEqual([
      { version: UPGRADES.length },
    ])
  })
})
