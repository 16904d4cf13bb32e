// Colours, type and spacing of every mail: inline styles for all clients, one dark sheet for those that read it.
import type { CSSProperties } from 'react'

const light = {
  page: '#f5f5f2',
  card: '#ffffff',
  rule: '#e4e4de',
  ink: '#17201c',
  muted: '#5c6661',
  panel: '#eff5f1',
  accent: '#0d6849',
  onAccent: '#ffffff',
}

const dark: typeof light = {
  page: '#101312',
  card: '#191d1b',
  rule: '#2b312e',
  ink: '#f0f3f1',
  muted: '#a4aea9',
  panel: '#1d2a24',
  accent: '#6bd6a8',
  onAccent: '#0b1a13',
}

const sans = '-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif'
const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, Liberation Mono, monospace'

const line = { marginTop: 0, marginBottom: 0, fontFamily: sans, color: light.ink } satisfies CSSProperties
/** For what others wrote: a word without an end must not widen a phone's page. */
const breaks = { overflowWrap: 'anywhere', wordBreak: 'break-word' } satisfies CSSProperties
const small = { ...line, fontSize: 14, lineHeight: '21px', color: light.muted } satisfies CSSProperties

const heading = { ...line, fontSize: 22, lineHeight: '30px', fontWeight: 600, letterSpacing: '-0.01em' } as const
const text = { ...line, fontSize: 16, lineHeight: '25px', marginTop: 8, marginBottom: 24 } satisfies CSSProperties

export const styles = {
  page: { backgroundColor: light.page, margin: 0, padding: '40px 16px' },
  frame: { maxWidth: 480 },
  brand: { ...line, fontSize: 16, lineHeight: '24px', fontWeight: 600, padding: '0 0 20px 4px' },
  card: {
    backgroundColor: light.card,
    border: `1px solid ${light.rule}`,
    borderRadius: 14,
    borderCollapse: 'separate',
    padding: '36px 32px 32px',
  },
  heading,
  text,
  /** The same, around words that others wrote. */
  openHeading: { ...heading, ...breaks },
  lastText: { ...text, ...breaks, marginBottom: 0 },
  paragraph: { ...text, ...breaks, marginBottom: 16 },
  question: { ...line, fontSize: 16, lineHeight: '25px', fontWeight: 600, marginTop: 22 },
  advice: { ...text, marginTop: 2, marginBottom: 0 },
  note: { ...small, marginTop: 16 },
  panel: {
    backgroundColor: light.panel,
    borderRadius: 10,
    borderCollapse: 'separate',
    padding: '28px 8px 24px',
    textAlign: 'center',
  },
  facts: {
    backgroundColor: light.panel,
    borderRadius: 10,
    borderCollapse: 'separate',
    padding: '18px 20px',
  },
  nextFacts: {
    backgroundColor: light.panel,
    borderRadius: 10,
    borderCollapse: 'separate',
    padding: '18px 20px',
    marginTop: 12,
  },
  ticket: {
    backgroundColor: light.panel,
    borderRadius: 10,
    borderCollapse: 'separate',
    padding: '24px 8px 20px',
    textAlign: 'center',
  },
  /** White within: its quiet zone is part of the image, so no dark page can take it away. */
  qr: {
    fontFamily: sans,
    fontSize: 14,
    lineHeight: '21px',
    margin: '0 auto 16px',
    borderRadius: 8,
    maxWidth: '100%',
    height: 'auto',
    backgroundColor: '#ffffff',
    color: light.ink,
  },
  ticketCode: { ...line, ...breaks, fontFamily: mono, fontSize: 16, lineHeight: '24px', padding: '0 12px' },
  longTicketCode: { ...line, ...breaks, fontFamily: mono, fontSize: 12, lineHeight: '18px', padding: '0 12px' },
  factLabel: { ...small, fontSize: 13, lineHeight: '18px' },
  fact: { ...line, ...breaks, fontSize: 16, lineHeight: '24px', marginBottom: 12 },
  lastFact: { ...line, ...breaks, fontSize: 16, lineHeight: '24px' },
  /** Spaced by CSS alone, so that what is copied are the bare digits; the indent balances the space after the last one. */
  code: {
    ...line,
    fontFamily: mono,
    fontSize: 38,
    lineHeight: '44px',
    fontWeight: 600,
    letterSpacing: '0.16em',
    textIndent: '0.16em',
    color: light.accent,
    whiteSpace: 'nowrap',
    WebkitUserSelect: 'all',
    userSelect: 'all',
  },
  action: { paddingTop: 24 },
  button: {
    backgroundColor: light.accent,
    color: light.onAccent,
    borderRadius: 9,
    fontFamily: sans,
    fontSize: 16,
    fontWeight: 600,
    padding: '14px 24px',
    textAlign: 'center',
  },
  link: { color: light.accent, textDecoration: 'underline', wordBreak: 'break-all' },
  wordLink: { color: light.accent, textDecoration: 'underline' },
  rule: { borderTop: `1px solid ${light.rule}`, margin: '28px 0 0' },
  footer: { ...small, fontSize: 13, lineHeight: '20px', padding: '20px 4px 0' },
} satisfies Record<string, CSSProperties>

/**
 * The class hooks repeat the inline colours for dark clients. Outlook's Word engine reads neither max-width nor @media:
 * the plain width is for it, the @media one takes it back everywhere else.
 */
export const sheet = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
.frame{width:480px}
@media all{.frame{width:100%}}
@media (max-width:480px){.page>table>tbody>tr>td{padding:24px 14px!important}.card-cell{padding:28px 22px 24px!important}.button{display:block!important}}
@media (prefers-color-scheme:dark){
.page,.page>table>tbody>tr>td{background-color:${dark.page}!important}
.card{background-color:${dark.card}!important;border-color:${dark.rule}!important}
.panel{background-color:${dark.panel}!important}
.rule{border-color:${dark.rule}!important}
.ink{color:${dark.ink}!important}
.muted{color:${dark.muted}!important}
.accent{color:${dark.accent}!important}
.button{background-color:${dark.accent}!important;color:${dark.onAccent}!important}
}`
