// What mail programs do with our markup, by the data of caniemail.com: each is known to do without these, and keeps what the
// mail says. Something new has to be looked at before it stands here.
import { caniemail } from 'caniemail'
import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../../lib/names/locale.ts'
import { mailRenderer } from '../../../lib/renderer/mail.ts'
import { TEMPLATES } from '../../../lib/templates/templates.ts'

const renderer = mailRenderer()
const SITE = { timeZone: 'UTC', currency: 'USD', region: null }

/** Each with what is left where a program does not know it. */
const ACCEPTED: Record<string, string> = {
  '<body> element': 'a div in its place; the colours stand on the tables within',
  '<style> element': 'the light colours, which are inline',
  '@media': 'the light colours, and the width of a desk',
  'Class selector': 'the light colours',
  'color-scheme CSS property': 'colours that the program turns dark by itself',
  'color-scheme meta tag': 'the same',
  'border-radius': 'corners',
  'display:none': 'the preview line is hidden by its height too',
  'max-height property': 'the preview line is hidden by display too',
  opacity: 'the same',
  overflow: 'the same',
  'height property': 'the ticket is as high as its width makes it, with or without',
  outline: 'the ticket has no outline to lose',
  'overflow-wrap': 'long words break by word-break',
  'word-break': 'long words break by overflow-wrap',
  'role attribute': 'tables that a screen reader calls tables',
  'system-ui, ui-serif, ui-sans-serif, ui-rounded, ui-monospace': 'the next font of the list',
  'target attribute': 'links open where the program opens them',
  'text-decoration-line': 'links are underlined by text-decoration',
  'user-select': 'a code is selected by hand',
  'white-space': 'a code breaks where it is wider than a phone',
}

const met = new Set<string>()

describe.each(TEMPLATES.map((template) => [template.name, template] as const))('%s', (name, template) => {
  it.each(LOCALES)('asks of mail programs in %s only what they may do without', async (locale) => {
    const data = template.fill(template.samples[locale], SITE)
    const input = { template: name, version: renderer.versionOf(name), locale, brand: { appName: 'Cine' }, data }
    const { html } = await renderer.render(input)
    const { issues } = caniemail({ clients: ['gmail.*', 'outlook.*', 'apple-mail.*', 'yahoo.*'], html })
    const lacking = new Set([...issues.errors.values()].flat().map(({ title }) => title))
    expect([...lacking].filter((one) => !Object.hasOwn(ACCEPTED, one))).toEqual([])
    for (const one of lacking) met.add(one)
  })
})

it('accepts nothing that no mail asks for', () => {
  expect(Object.keys(ACCEPTED).filter((one) => !met.has(one))).toEqual([])
})
