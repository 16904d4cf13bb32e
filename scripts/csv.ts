// Files of comma separated values (RFC 4180), as spreadsheets and databases write them.

export interface Line {
  /** In the file, from 1: where it starts. */
  line: number
  /** By the names of the header, in lower case; one that is left out is ''. */
  cells: Record<string, string>
}

/**
 * Lines by the names of their columns. Throws when a line breaks the rules, or the header lacks one of `required`; `known`
 * is what it may name, for people.
 *
 *     for (const { line, cells } of tableOf(text, ['to', 'subject'], 'to, subject, sent_at')) …
 */
export function tableOf(text: string, required: readonly string[], known: string): Line[] {
  const [header, ...records] = recordsOf(text.replace(/^\uFEFF/, ''))
  const names = header?.cells.map((name) => name.trim().toLowerCase()) ?? []
  if (!required.every((name) => names.includes(name))) {
    throw new Error(`the first line must name the columns: ${known}`)
  }
  return records.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ''])),
  }))
}

/** Records with the line each starts on; empty lines are none. A quoted cell may hold commas, quotes and line ends. */
function recordsOf(text: string): { line: number; cells: string[] }[] {
  const records: { line: number; cells: string[] }[] = []
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y
  let line = 1
  let start = 1
  let cells: string[] = []
  while (cell.lastIndex < text.length) {
    const [whole, raw = '', end = ''] = cell.exec(text) ?? []
    if (whole === undefined) throw new Error(`line ${line} breaks the rules of CSV`)
    cells.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw)
    line += whole.split('\n').length - 1
    if (end === ',' && cell.lastIndex < text.length) continue
    if (end === ',') cells.push('')
    if (cells.some((one) => one !== '')) records.push({ line: start, cells })
    cells = []
    start = line
  }
  return records
}
