// Mails that carry a code: what programs and people read first is the code, and nothing a caller wrote can change the
// page.
import { describe, expect, it } from 'vitest'
import type { Locale, Rendered } from '../../../lib/ports/renderer.ts'
import { mailRenderer } from '../../../lib/renderer/mail.ts'

const code = '07482915'
const link = 'https://app.example/verify?lang=es&page=2#4Yk3Vt8Qm1xw5nRb7LcD2g'
const locales: Locale[] = ['es', 'en']
const renderer = mailRenderer()

function renderOf(template: string, locale: Locale) {
  return (data: Record<string, unknown> = {}, appName = 'Cine 21'): Promise<Rendered> =>
    renderer.render({
      template,
      version: 1,
      locale,
      brand: { appName },
      data: { code, minutes: 10, link, ...(template === 'verification-code' && { purpose: 'login' }), ...data },
    })
}

const firstDigits = (text: string) => text.match(/\p{N}+/u)?.[0]
const preheader = (html: string) => html.match(/<body.*?<div style="display:none[^>]*>([^<]*)/s)?.[1] ?? ''
const visible = (html: string) =>
  html
    .replace(/<(head|style)>.*?<\/\1>|<!--.*?-->|<div style="display:none.*?<\/div><\/div>/gs, '')
    .replace(/<[^>]*>/g, '\n')

describe.each(
  ['verification-code', 'recovery-code'].flatMap((template) => locales.map((locale) => [template, locale] as const)),
)('%s in %s', (template, locale) => {
  const render = renderOf(template, locale)

  it('shows the code as the first digits of text, preview and page, whatever the app and the purpose are called', async () => {
    for (const purpose of ['login', 'level2-transfer']) {
      const { html, text } = await render({ purpose }, '24 7 Cine 21')
      expect(firstDigits(text)).toBe(code)
      expect(firstDigits(preheader(html))).toBe(code)
      expect(firstDigits(visible(html))).toBe(code)
      expect(html.match(/<title>(.*?)<\/title>/)?.[1]).not.toMatch(/\p{N}/u)
      expect(visible(html)).toContain('24 7 Cine 21')
    }
  })

  it('keeps the code out of the subject', async () => {
    const { subject } = await render()
    expect(subject).toContain('Cine 21')
    expect(subject).not.toContain(code)
  })

  it('writes the code without a space, so that a copy of it works', async () => {
    const { html } = await render()
    expect(html).toMatch(new RegExp(`>${code}</p>`))
  })

  it('offers the link as a button and as a readable address', async () => {
    const { html, text } = await render()
    const escaped = link.replace('&', '&amp;')
    expect(html.split(`href="${escaped}"`)).toHaveLength(3)
    expect(visible(html)).toContain(escaped)
    expect(text).toContain(`\n${link}\n`)
    expect(text.indexOf(link)).toBeGreaterThan(text.indexOf(code))
  })

  it('has no link at all where there is none', async () => {
    const { html, text } = await render({ link: null })
    expect(`${html}${text}`).not.toMatch(/<a |href|https?:|null/)
  })

  it('says how long the code lives, in the singular for one minute', async () => {
    expect((await render()).text).toMatch(/\b10 (minutos|minutes)\b/)
    expect((await render({ minutes: 1 })).text).toMatch(/\b1 (minuto|minute)\b/)
  })

  it('names its language on every element that has one, and nowhere another', async () => {
    const { html } = await render()
    expect(html).toMatch(new RegExp(`^<!DOCTYPE html><html [^>]*lang="${locale}"`))
    expect(html).toMatch(new RegExp(`<body [^>]*lang="${locale}"`))
    expect(new Set([...html.matchAll(/ lang="(.*?)"/g)].map((match) => match[1]))).toEqual(new Set([locale]))
  })

  it('escapes what callers and settings wrote and keeps it on one line', async () => {
    const hostile = '<script>alert("x")</script>&\r\nBcc: eve@example.com\u202e'
    const { subject, html, text } = await render({ purpose: `${hostile}\n\n999999` }, `${hostile}'"`)
    expect(html).not.toMatch(/<script|&(?!amp;|lt;|gt;|quot;|#x27;|#\d+;)/)
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp; Bcc: eve@example.com')
    expect(subject).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(text).not.toMatch(/\r|\u202e|\nBcc/)
    expect(firstDigits(text)).toBe(code)
  })

  it('gives the same bytes for the same inputs, from any renderer', async () => {
    const first = await render()
    expect(await render()).toEqual(first)
    const input = { template, version: 1, locale, brand: { appName: 'Cine 21' } }
    const other = await mailRenderer().render({ ...input, data: { purpose: 'login', link, minutes: 10, code } })
    expect(other).toEqual(first)
  })

  it('is small, loads nothing from elsewhere and marks its tables as layout', async () => {
    const { html } = await render()
    expect(new TextEncoder().encode(html).length).toBeLessThan(20_000)
    expect(html).not.toMatch(/<(img|link|script|iframe)|\ssrc=|url\(|@import|@font-face/i)
    expect(html.match(/<table(?![^>]*role="presentation")/g)).toBeNull()
  })

  it('brings colours for dark clients', async () => {
    const { html } = await render()
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>')
    expect(html).toContain('<meta name="supported-color-schemes" content="light dark"/>')
    const hooks = [...html.matchAll(/ class="(.*?)"/g)]
      .map((match) => match[1])
      .filter((hook) => !/^(frame|card-cell)$/.test(`${hook}`))
    for (const hook of hooks) expect(html.split('(prefers-color-scheme:dark)')[1]).toMatch(new RegExp(`[.]${hook}[,{]`))
  })
})

describe.each(locales)('verification-code in %s', (locale) => {
  const render = renderOf('verification-code', locale)

  it('has words of its own for known purposes and shows others as text', async () => {
    const known = await render()
    const other = await render({ purpose: 'wire-transfer' })
    expect(known.text).not.toContain('login')
    expect(other.text).toContain('wire transfer')
    expect(visible(other.html)).toContain('wire transfer')
    expect((await render({ purpose: 'constructor' })).text).toContain('constructor')
  })
})

it.each([
  ['es', /Ignora este mensaje: sin él nadie puede cambiar tu contraseña/, /se cerrarán todas tus sesiones/],
  ['en', /Ignore this message: nobody can change your password without it/, /sign you out on every device/],
] as const)(
  'says in %s what a recovery does, and that it takes the mail to do it',
  async (locale, ignore, sessions) => {
    const { html, text } = await renderOf('recovery-code', locale)()
    for (const part of [visible(html), text]) {
      expect(part).toMatch(ignore)
      expect(part).toMatch(sessions)
    }
  },
)
