// Compiles the mail with a code: renders code-mail.tsx by React with marks for words, and writes a function that puts
// words where the marks came out.
import { renderToStaticMarkup } from 'react-dom/server.edge'
import { CodeMail } from '../emails/code-mail.tsx'
import type { CodeWords } from '../emails/code-words.ts'
import { copies } from '../emails/copy/index.ts'
import type { Locale } from '../emails/mail.ts'

/** As long as react-email pads the preview line with blanks, so that lists of mails show nothing of the page after it. */
const PREVIEW_LENGTH = 200

/** Characters that no mail holds and React leaves as they are. */
const mark = (name: string) => `\ue000${name}\ue001`
const WORDS: CodeWords = {
  title: mark('title'),
  heading: mark('heading'),
  lead: mark('lead'),
  isYourCode: mark('isYourCode'),
  lasts: mark('lasts'),
  other: mark('other'),
  open: mark('open'),
  orOpen: '',
  notYou: mark('notYou'),
}

interface Parts {
  /** The app's name has no digits, so it may stand at the top. */
  lead: boolean
  other: boolean
  link: boolean
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll("'", '&#x27;')

function rendered(locale: Locale, appName: string, parts: Parts): string {
  const data = { code: mark('code'), minutes: 0, link: parts.link ? mark('link') : null }
  const words = { ...WORDS, other: parts.other ? WORDS.other : null }
  return renderToStaticMarkup(CodeMail({ mail: { locale, brand: { appName }, data }, words }))
}

/** The page with these parts, marks in place of all that differs from mail to mail. */
function page(locale: Locale, parts: Parts): string {
  const appName = parts.lead ? mark('appName') : `${mark('appName')}1`
  const html = rendered(locale, appName, parts)
  const preview = `${WORDS.isYourCode} ${WORDS.lasts}`
  return html
    .replaceAll(` lang="${locale}"`, ` lang="${mark('locale')}"`)
    .replace(escaped(copies[locale].sentBy(appName)), mark('sentBy'))
    .replace(escaped(copies[locale].buttonFails), mark('buttonFails'))
    .replace(mark('appName'), mark('leadName'))
    .replace(`${preview}<div>${blanksOf(html).repeat(PREVIEW_LENGTH - preview.length)}</div>`, mark('preview'))
}

/** One run of the blanks after the preview line: it begins with a no-break space and holds no other. */
const blanksOf = (html: string) => /<div>(\u00a0[^<\u00a0]+)/.exec(html)?.[1] ?? ''

/** What `whole` has between its common start and end with `less`. */
function between(whole: string, less: string): string {
  let start = 0
  while (whole[start] === less[start]) start++
  let end = 0
  while (end < less.length - start && whole.at(-1 - end) === less.at(-1 - end)) end++
  return whole.slice(start, whole.length - end)
}

/** As the inside of a template literal, marks as its values. */
const literal = (html: string) =>
  html
    .replace(/[\\`]|\$(?=\{)/g, '\\$&')
    .replace(/[\u00a0\u200b-\u200f\ufeff]/g, (blank) => `\\u${blank.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/\ue000(\w+)\ue001/g, (_, name) => `\${words.${name}}`)

/** A part of the page, and the word that is null when the mail has none of it. */
const OPTIONAL: [keyof Parts, string][] = [
  ['lead', 'leadName'],
  ['other', 'other'],
  ['link', 'link'],
]

/** The source of emails/code-page.ts. */
export function codePageSource(): string {
  const all = { lead: true, other: true, link: true }
  let whole = page('en', all)
  if (whole !== page('es', all)) throw new Error('the page differs by language: give the difference a mark')
  const names = new Set([...whole.matchAll(/\ue000(\w+)\ue001/g)].map((match) => match[1] ?? ''))
  for (const [part, name] of OPTIONAL) {
    const html = between(page('en', all), page('en', { ...all, [part]: false }))
    if (whole.split(html).length !== 2) throw new Error(`${part} is no part of its own`)
    whole = whole.replace(html, `\ue002${name}\ue003${html}\ue002`)
  }
  const body = whole
    .split('\ue002')
    .map((piece) => {
      const [, name, html] = /^(\w+)\ue003(.*)$/s.exec(piece) ?? []
      return name === undefined ? literal(piece) : `\${words.${name} === null ? '' : \`${literal(html ?? '')}\`}`
    })
    .join('')
  const optional = new Set(OPTIONAL.map(([, name]) => name))
  const fields = [...names].map((name) => `  ${name}: string${optional.has(name) ? ' | null' : ''}`)
  return `// Compiled from code-mail.tsx by \`npm run mails\`: what React makes of it, word for word. Not to be edited.

/** Follows the preview line once for every character it has less than this many. */
export const BLANKS = '${literal(blanksOf(rendered('en', '', all)))}'
export const PREVIEW_LENGTH = ${PREVIEW_LENGTH}

/** Each is escaped for HTML; null leaves its part of the page out. */
export interface PageWords {
${fields.join('\n')}
}

export function codePage(words: PageWords): string {
  return \`${body}\`
}
`
}
