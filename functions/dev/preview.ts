// How a mail is shown in a frame: light or dark as asked for, whatever the browser prefers, its links in a new tab.
// inbox-script.ts does the same in the browser, with these very values.

export type Scheme = 'light' | 'dark'

/** A frame runs no script, and opens links only for the person who clicks them. */
export const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox'

export const START = /^(?:\s*<!doctype[^>]*>)?/i
/** The question every dark sheet asks. */
export const DARK_QUERY = /prefers-color-scheme\s*:\s*dark/gi

export const FRAMED: Record<Scheme, { start: string; dark: string }> = {
  light: { start: '$&<base target="_blank"><style>:root{color-scheme:light!important}</style>', dark: 'max-width:0' },
  dark: { start: '$&<base target="_blank"><style>:root{color-scheme:dark!important}</style>', dark: 'min-width:0' },
}

export function inFrame(html: string, scheme: Scheme): string {
  return html.replace(START, FRAMED[scheme].start).replace(DARK_QUERY, FRAMED[scheme].dark)
}
