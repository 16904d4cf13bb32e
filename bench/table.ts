// Markdown's tables.
export const row = (...cells: (string | number)[]): string => `| ${cells.join(' | ')} |`
