// What leads to a row beside its id and its recipient: the caller's names for it, people it tells of, earlier stages.
import type { MessageRow } from './rows.ts'

type Kind = 'reference' | 'person' | 'after'

const nameOf = (kind: Kind, what: string): string => `${kind}:${what}`

const namesOf = (row: Pick<MessageRow, 'refs' | 'people' | 'after_id'>): string[] => [
  ...(JSON.parse(row.refs ?? '[]') as string[]).map((one) => nameOf('reference', one)),
  ...(JSON.parse(row.people ?? '[]') as string[]).map((one) => nameOf('person', one)),
  // A single earlier stage is found by the column's own index.
  ...(row.after_id?.includes(' ') ? row.after_id.split(' ').map((one) => nameOf('after', one)) : []),
]

export function link(sql: SqlStorage, row: MessageRow): void {
  for (const name of namesOf(row)) sql.exec('INSERT OR IGNORE INTO links (name, id) VALUES (?, ?)', name, row.id)
}

/** Removes rows by id, with what leads to them. */
export function deleteRows(sql: SqlStorage, ids: string[]): void {
  for (const id of ids) {
    const [row] = sql
      .exec<Pick<MessageRow, 'refs' | 'people' | 'after_id'>>(
        'DELETE FROM messages WHERE id = ? RETURNING refs, people, after_id',
        id,
      )
      .toArray()
    for (const name of row ? namesOf(row) : []) sql.exec('DELETE FROM links WHERE name = ? AND id = ?', name, id)
  }
}

/** Ids of the rows that `what` leads to. */
export const linkedTo = (kind: Kind, what: string): { query: string; name: string } => ({
  query: 'SELECT id FROM links WHERE name = ?',
  name: nameOf(kind, what),
})
