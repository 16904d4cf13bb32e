// Where walks that go on with the next sweep stopped, and when it was.

export function readCursor(sql: SqlStorage, name: string): string | null {
  const [kept] = sql.exec<{ at: string }>('SELECT at FROM cursors WHERE name = ?', name).toArray()
  return kept?.at ?? null
}

export function writeCursor(sql: SqlStorage, name: string, at: string): void {
  sql.exec('INSERT INTO cursors (name, at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET at = ?2', name, at)
}

/** The name of the sweeper's own: epoch ms of its last turn. */
export const SWEPT = 'swept'
