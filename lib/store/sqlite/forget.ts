// Forgetting the tries of a series: the last one was right.

export function forget(sql: SqlStorage, series: string): void {
  sql.exec('DELETE FROM throttles WHERE series = ?', series)
}
