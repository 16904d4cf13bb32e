// What holds for every template of the table: both languages, whole text part, nothing from elsewhere, nothing unescaped.
import { describe, expect, it, vi } from 'vitest'
import { copies } from '../../../emails/copy/index.ts'
import { templates } from '../../../emails/index.ts'
import type { Locale, Rendered } from '../../../lib/ports/renderer.ts'
import { mailRenderer } from '../../../lib/renderer/mail.ts'

type Data = Record<string, unknown>

const locales: Locale[] = ['es', 'en']
const renderer = mailRenderer()
const hostile = `<img src="//evil.example/x">&'\r\nBcc: eve@example.com\u2028\u202e${'w'.repeat(300)}`

/** What a schema binds, so that it cannot hold just anything. */
const BOUND = /^(code|kind|at|timeZone|currency|region|amount|href)$|[a-z]At$|link$/i

/** The preview data with every text that others may have written replaced. */
const hostileData = (data: Data): Data =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, BOUND.test(key) ? value : hostileValue(value)]))

function hostileValue(value: unknown): unknown {
  if (typeof value === 'string') return hostile
  if (Array.isArray(value)) return value.map(hostileValue)
  return typeof value === 'object' && value !== null ? hostileData(value as Data) : value
}

/** The one image a mail may show, which it brings along. */
const ownImage = /<img[^>]* src="cid:qr\.png"[^>]*>/g

const OPTIONAL =
  /link$|^(device|total|purchasedAt|paymentMethod|status|dueAt|qrCode|room|reason|refund|cancelledAt|title)$/i

/** The preview data, and it again with no link and nothing that may be left out. */
const variants = (preview: Data): Data[] => [
  preview,
  Object.fromEntries(
    Object.entries(preview).map(([key, value]) => [
      key,
      OPTIONAL.test(key) && typeof value !== 'object' ? null : value,
    ]),
  ),
]

const words = (html: string) =>
  html
    .replace(/<(head|style)>.*?<\/\1>|<!--.*?-->|<div style="display:none.*?<\/div><\/div>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#x27;', "'")
    .replace(/\s+/g, ' ')

describe.each(templates.flatMap((template) => locales.map((locale) => [template.name, locale, template] as const)))(
  '%s in %s',
  (name, locale, { version, preview }) => {
    const render = (data: Data = preview.data, appName = 'Cine Central'): Promise<Rendered> =>
      renderer.render({ template: name, version, locale, brand: { appName }, data })

    it('renders its preview data, with and without what may be left out', async () => {
      for (const data of variants(preview.data)) {
        const mail = await render(data)
        expect(`${mail.subject}${mail.html}${mail.text}`).not.toMatch(/undefined|\[object|NaN|null/)
        expect(mail.subject).toContain('Cine Central')
      }
    })

    it('names its language on every element that has one, and nowhere another', async () => {
      const { html } = await render()
      expect(html).toMatch(/^<!DOCTYPE html><html /)
      expect(new Set([...html.matchAll(/ lang="(.*?)"/g)].map((match) => match[1]))).toEqual(new Set([locale]))
    })

    it('leaves nothing that the page says out of the text part', async () => {
      for (const data of variants(preview.data)) {
        const { html, text } = await render(data)
        // Over a code stands a title; the text part begins with the code itself.
        const said = html.matchAll(name.endsWith('-code') ? /<(p)[ >].*?<\/p>/gs : /<(p|h1)[ >].*?<\/\1>/gs)
        const sentences = [...said].flatMap(([element]) =>
          words(element)
            .trim()
            .split(/(?<=[.?:]) /),
        )
        const ofPageOnly = [...copies[locale].buttonFails.split(/(?<=[?]) /), 'Cine Central']
        for (const sentence of sentences) if (!ofPageOnly.includes(sentence)) expect(text).toContain(sentence)
        for (const [, href = ''] of html.matchAll(/href="(.*?)"/g)) expect(text).toContain(`\n${href}\n`)
      }
    })

    it('escapes what others wrote, keeps it on one line and lets it neither widen nor load anything', async () => {
      const { subject, html, text } = await render(hostileData(preview.data), hostile)
      expect(html.replace(ownImage, '')).not.toMatch(/<img|&(?!amp;|lt;|gt;|quot;|#x27;|#\d+;)|\u202e|\u2028/)
      expect(subject).not.toMatch(/[\p{Cc}\u2028\u202e]/u)
      expect(text).not.toMatch(name === 'note' ? /\r|\u202e|\u2028/ : /\r|\u202e|\u2028|\nBcc/)
      expect(new TextEncoder().encode(html).length).toBeLessThan(20_000)
    })

    it('gives the same bytes for the same inputs, from any renderer', async () => {
      const first = await render()
      expect(await render()).toEqual(first)
      const data = Object.fromEntries(Object.entries(preview.data).reverse())
      const brand = { appName: 'Cine Central' }
      expect(await mailRenderer().render({ template: name, version, locale, brand, data })).toEqual(first)
    })

    it('is small, loads nothing from elsewhere and marks its tables as layout', async () => {
      const { html } = await render()
      expect(new TextEncoder().encode(html).length).toBeLessThan(20_000)
      expect(html.replace(ownImage, '')).not.toMatch(/<(img|link|script|iframe)|\ssrc=|url\(|@import|@font-face/i)
      expect(html.match(/<table(?![^>]*role="presentation")/g)).toBeNull()
      // What too many mail programs do not know.
      expect(html).not.toMatch(
        /display:\s*(?:flex|grid|inline-flex)|<svg|background-image|data:|position:\s*(?:fixed|absolute)/i,
      )
    })

    it('brings colours for dark clients', async () => {
      const { html } = await render()
      const hooks = new Set([...html.matchAll(/ class="(.*?)"/g)].map((match) => `${match[1]}`))
      const dark = html.split('(prefers-color-scheme:dark)')[1]
      for (const hook of hooks)
        if (!/^(frame|card-cell)$/.test(hook)) expect(dark).toMatch(new RegExp(`[.]${hook}[,{]`))
      expect(html.match(/<(h1|p|a|hr)(?![^>]* class=)[^>]*>/g)).toBeNull()
    })
  },
)

type Say = (...args: unknown[]) => string
type Leaf = [path: string, group: Record<string, unknown>, key: string]

const leaves = (group: object, path = ''): Leaf[] =>
  Object.entries(group).flatMap(([key, value]): Leaf[] =>
    typeof value === 'object' && value !== null
      ? leaves(value, `${path}${key}.`)
      : [[`${path}${key}:${typeof value}`, group as Record<string, unknown>, key]],
  )

it('says the same things in both languages', () => {
  const [es, en] = [leaves(copies.es), leaves(copies.en)].map((all) => all.map(([path]) => path).sort())
  expect(es).toEqual(en)
})

it.each(locales)('uses every word there is in %s', async (locale) => {
  const all = leaves(copies[locale])
  const unused = new Set(all.map(([path]) => path))
  const functions = all.filter(([, group, key]) => typeof group[key] === 'function')
  const spies = functions.map(([path, group, key]) => ({ path, spy: vi.spyOn(group as Record<string, Say>, key) }))
  let said = ''
  for (const { name, version, preview } of templates) {
    const kinds = name === 'address-changed' ? ['email', 'phone'] : []
    const purposes = name === 'verification-code' ? ['register', 'login', 'recovery', 'email-change', 'wire'] : []
    const cases = [{}, ...kinds.map((kind) => ({ kind })), ...purposes.map((purpose) => ({ purpose }))]
    for (const data of variants(preview.data)) {
      for (const one of cases) {
        const input = { template: name, version, locale, brand: preview.brand, data: { ...data, ...one } }
        const { html, text } = await renderer.render(input)
        said += `${html}\n${text}\n`
      }
    }
  }
  for (const { path, spy } of spies) {
    if (spy.mock.calls.length > 0) unused.delete(path)
    spy.mockRestore()
  }
  for (const [path, group, key] of all) {
    const word = group[key]
    if (typeof word === 'string' && said.includes(word)) unused.delete(path)
  }
  expect([...unused]).toEqual([])
})

it('has one row per name and version', () => {
  const names = templates.map(({ name, version }) => `${name} ${version}`)
  expect(new Set(names).size).toBe(names.length)
})

it.each([
  ['nothing', 1],
  ['verification-code', 2],
])('throws for %s version %i, which no row has', async (template, version) => {
  const input = { template, version, locale: 'es' as const, brand: { appName: 'Cine' }, data: {} }
  await expect(renderer.render(input)).rejects.toThrow(`no template ${template} version ${version}`)
})
