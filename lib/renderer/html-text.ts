// The text of a mail that came as HTML: what a person would read aloud of it, without recursion, so that no depth ends it.
import { Parser } from 'htmlparser2'

const words = (names: string) => new Set(names.split(' '))
const PARAGRAPHS = words('p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre figure hr')
const LINES = words('div tr li dt dd address article aside caption center figcaption footer header main nav section')
const CELLS = words('td th')
const DASH = '- '

/**
 * Paragraphs apart by an empty line, cells by a space, list items with a dash, links with where they lead, images by what
 * stands for them. `html` has been cleaned.
 *
 *     textOf('<p>Hi</p><p>See <a href="https://a.example">this</a>') === 'Hi\n\nSee this (https://a.example)'
 */
export function textOf(html: string): string {
  const parts: string[] = []
  /** Line ends and blanks that are owed before the next word. */
  let breaks = 0
  let blank = false
  let preformatted = 0
  const links: { href: string; from: number }[] = []

  const owe = (lines: number) => {
    // A paragraph within an item begins behind its dash.
    if (parts.length > 0 && parts.at(-1) !== DASH) breaks = Math.max(breaks, lines)
    blank = false
  }
  const say = (text: string) => {
    parts.push(breaks > 0 ? '\n'.repeat(breaks) : blank && parts.length > 0 ? ' ' : '', text)
    breaks = 0
    blank = false
  }
  const sayWords = (text: string) => {
    if (preformatted > 0) return say(text)
    const trimmed = text.trim()
    if (/^\s/.test(text)) blank = true
    if (trimmed === '') return
    say(trimmed.replace(/\s+/g, ' '))
    blank = /\s$/.test(text)
  }

  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'br') breaks = Math.min(breaks + 1, 2)
      else if (PARAGRAPHS.has(name)) owe(2)
      else if (LINES.has(name)) owe(1)
      else if (CELLS.has(name)) blank = true
      if (name === 'pre') preformatted++
      if (name === 'li') say(DASH)
      if (name === 'hr') say('---')
      if (name === 'img' && attributes.alt) sayWords(attributes.alt)
      if (name === 'a') links.push({ href: attributes.href ?? '', from: parts.length })
    },
    ontext: sayWords,
    onclosetag(name) {
      if (name === 'pre') preformatted--
      if (name === 'a') sayLink(links.pop())
      if (PARAGRAPHS.has(name)) owe(2)
      else if (LINES.has(name)) owe(1)
      else if (CELLS.has(name)) blank = true
    },
  })
  function sayLink(link: { href: string; from: number } | undefined): void {
    const href = link?.href.replace(/^(?:mailto|tel):/i, '') ?? ''
    if (href === '' || parts.slice(link?.from).join('').includes(href)) return
    blank = parts.length > (link?.from ?? 0)
    say(blank ? `(${href})` : href)
  }
  parser.end(html)
  return parts.join('').trim()
}
