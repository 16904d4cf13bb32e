// Everything the embedded wiring keeps at rest: every row of every table of every SQLite file, as text.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export function stateText(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sqlite'))
  return files.map((file) => `${file}\n${rowsOf(join(folder, file))}`).join('\n')
}

function rowsOf(file: string): string {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[]
    return tables.map(({ name }) => tableText(db, name)).join('\n')
  } finally {
    db.close()
  }
}

function tableText(db: DatabaseSync, table: string): string {
  const all = db.prepare(`SELECT * FROM "${table}"`)
  // The platform's own tables count nanoseconds, which no number holds.
  all.setReadBigInts(true)
  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
  return all
    .all()
    .map((row) => `${table} ${JSON.stringify(row, text)}`)
    .join('\n')
}
