// One step's work on messages and challenges: each row is read once, changed in memory, and written once at the end.
import type { ChallengeRow } from './effect.ts'
import { linkedTo } from './links.ts'
import type { MessageRow } from './rows.ts'

export interface Work {
  sql: SqlStorage
  /** The row as this step has left it so far. */
  message(id: string): MessageRow | undefined
  challenge(id: string): ChallengeRow | undefined
  add(row: MessageRow): void
  open(row: ChallengeRow): void
  /** Rows that wait for this one as their earlier stage, this step's new ones included. */
  after(id: string): MessageRow[]
}

/**
 * Runs a step and writes what it has changed; a step that throws writes nothing.
 *
 *     const settle = (sql, s) => work(sql, (rows) => { rows.message(s.id)!.attempt++ })
 */
export function work<T>(sql: SqlStorage, step: (rows: Work) => T): T {
  const messages = rowsOf<MessageRow>(sql, 'messages')
  const challenges = rowsOf<ChallengeRow>(sql, 'challenges')
  const answer = step({
    sql,
    message: messages.get,
    challenge: challenges.get,
    add: messages.add,
    open: challenges.add,
    after(id) {
      const { query, name } = linkedTo('after', id)
      const alone = 'SELECT id FROM messages WHERE after_id = ?'
      const stored = sql.exec<{ id: string }>(`${alone} UNION ALL ${query}`, id, name).toArray()
      const added = messages.added().filter((row) => row.after_id?.split(' ').includes(id))
      return [...stored.flatMap((row) => messages.get(row.id) ?? []), ...added]
    },
  })
  challenges.write()
  messages.write()
  return answer
}

type Row = Record<string, SqlStorageValue> & { id: string }

function rowsOf<R extends Row>(sql: SqlStorage, table: string) {
  /** `before` is what is stored; null = not stored yet. */
  const held = new Map<string, { row: R; before: R | null }>()
  return {
    get(id: string): R | undefined {
      const known = held.get(id)
      if (known) return known.row
      const [row] = sql.exec<R>(`SELECT * FROM ${table} WHERE id = ?`, id).toArray()
      if (row) held.set(id, { row, before: { ...row } })
      return row
    },
    add(row: R): void {
      held.set(row.id, { row, before: null })
    },
    added: (): R[] => [...held.values()].flatMap(({ row, before }) => (before === null ? [row] : [])),
    write(): void {
      for (const { row, before } of held.values()) {
        if (before === null) insert(sql, table, row)
        else update(sql, table, row, before)
      }
    },
  }
}

function insert(sql: SqlStorage, table: string, row: Row): void {
  const names = Object.keys(row)
  const marks = names.map(() => '?').join(', ')
  sql.exec(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`, ...Object.values(row))
}

/** Only what is another value: an index that has it is written too. */
function update(sql: SqlStorage, table: string, row: Row, before: Row): void {
  const names = Object.keys(row).filter((name) => row[name] !== before[name])
  if (names.length === 0) return
  const set = names.map((name) => `${name} = ?`).join(', ')
  sql.exec(`UPDATE ${table} SET ${set} WHERE id = ?`, ...names.map((name) => row[name] ?? null), row.id)
}
