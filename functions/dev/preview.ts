// How a mail is shown in a frame: light or dark as asked for, whatever the browser prefers, its links in a new tab.
// mail.page.js does the same in the browser, with the values of FRAMING.

export type Scheme = 'light' | 'dark'

/** A frame runs no script, and opens links only for the person who clicks them. */
export const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox'

const START = /^(?:\s*<!doctype[^>]*>)?/i
/** The question every dark sheet asks. */
const DARK_QUERY = /prefers-color-scheme\s*:\s*dark/gi

const FRAMED: Record<Scheme, { start: string; dark: string }> = {
  light: { start: '$&<base target="_blank"><style>:root{color-scheme:light!important}</style>', dark: 'max-width:0' },
  dark: { start: '$&<base target="_blank"><style>:root{color-scheme:dark!important}</style>', dark: 'min-width:0' },
}

export function inFrame(html: string, scheme: Scheme): string {
  return html.replace(START, FRAMED[scheme].start).replace(DARK_QUERY, FRAMED[scheme].dark)
}

/** For the browser, as text. */
export const FRAMING = JSON.stringify({ framed: FRAMED, start: START.source, dark: DARK_QUERY.source })
