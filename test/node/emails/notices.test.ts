// Mails that tell what happened to an account or to the service: the right facts, in words that cannot be turned.
import { describe, expect, it } from 'vitest'
import { instant, localTime, money } from '../../../emails/format.ts'
import { unlinked } from '../../../emails/mail.ts'
import type { Locale, Rendered } from '../../../lib/ports/renderer.ts'
import { mailRenderer } from '../../../lib/renderer/mail.ts'

const locales: Locale[] = ['es', 'en']
const renderer = mailRenderer()
const at = '2026-12-31T23:30:00.000Z'
const resetLink = 'https://app.example/recover?lang=es&from=mail'

const render = (template: string, locale: Locale, data: Record<string, unknown>): Promise<Rendered> =>
  renderer.render({ template, version: 1, locale, brand: { appName: 'Cine 21' }, data })

describe('instant', () => {
  it('is told in the language and the zone asked for, whatever the machine is set to', () => {
    expect(instant(at, 'es', 'America/Bogota')).toBe('31 de diciembre de 2026, 18:30 GMT-5')
    expect(instant(at, 'en', 'America/Bogota')).toBe('December 31, 2026, 6:30 PM GMT-5')
    expect(instant(at, 'en', 'Asia/Kolkata')).toBe('January 1, 2027, 5:00 AM GMT+5:30')
  })

  it('is told in UTC, and says so, where no zone is named', () => {
    expect(instant(at, 'es')).toBe('31 de diciembre de 2026, 23:30 UTC')
    expect(instant(at, 'en')).toBe('December 31, 2026, 11:30 PM UTC')
  })

  it('throws for what is no instant and no zone', () => {
    expect(() => instant('yesterday', 'es')).toThrow(RangeError)
    expect(() => instant(at, 'es', 'Mars/Olympus')).toThrow(RangeError)
  })
})

describe('localTime', () => {
  it('is told with its weekday and without the zone, for those who are there', () => {
    expect(localTime(at, 'es', 'America/Bogota')).toBe('jueves, 31 de diciembre de 2026, 18:30')
    expect(localTime(at, 'en', 'America/Bogota')).toBe('Thursday, December 31, 2026, 6:30 PM')
  })

  it('of a day is that day everywhere', () => {
    for (const zone of ['America/Bogota', 'Asia/Tokyo']) {
      expect(localTime('2026-12-31', 'es', zone)).toBe('jueves, 31 de diciembre de 2026')
    }
  })
})

describe('money', () => {
  it.each<[number | string, string, string | null, string, string]>([
    [45000, 'USD', null, '45.000 US$', '$45,000'],
    [45000, 'USD', 'US', '$45,000', '$45,000'],
    [45000, 'COP', 'CO', '$ 45.000', 'COP 45,000'],
    [45000, 'MXN', 'MX', '$45,000', 'MX$45,000'],
    ['45000.50', 'COP', 'CO', '$ 45.000,50', 'COP 45,000.50'],
    [45000.5, 'CLP', 'CL', '$45.000,50', 'CLP 45,000.50'],
    [0, 'EUR', null, '0 €', '€0'],
    [0.1 + 0.2, 'EUR', null, '0,30 €', '€0.30'],
    ['999999999999.99', 'USD', 'US', '$999,999,999,999.99', '$999,999,999,999.99'],
    ['12.3456', 'USD', null, '12,3456 US$', '$12.3456'],
    [1e12, 'JPY', null, '1.000.000.000.000 JPY', '¥1,000,000,000,000'],
    [7, 'KWD', null, '7 KWD', 'KWD 7'],
  ])('%s %s in the manner of %s is %s and %s', (amount, currency, region, es, en) => {
    expect(money({ amount, currency, region }, 'es')).toBe(es)
    expect(money({ amount, currency, region }, 'en')).toBe(en)
  })
})

describe('money in Colombia, Mexico and the United States', () => {
  it.each<[number | string, string, es: [string, string, string], en: [string, string, string]]>([
    [45000, 'USD', ['US$ 45.000', 'USD 45,000', '$45,000'], ['$45,000', '$45,000', '$45,000']],
    [45000, 'COP', ['$ 45.000', 'COP 45,000', 'COP 45,000'], ['COP 45,000', 'COP 45,000', 'COP 45,000']],
    [45000, 'MXN', ['MXN 45.000', '$45,000', 'MXN 45,000'], ['MX$45,000', 'MX$45,000', 'MX$45,000']],
    [0, 'USD', ['US$ 0', 'USD 0', '$0'], ['$0', '$0', '$0']],
    [
      '45000.50',
      'COP',
      ['$ 45.000,50', 'COP 45,000.50', 'COP 45,000.50'],
      ['COP 45,000.50', 'COP 45,000.50', 'COP 45,000.50'],
    ],
    [199.9, 'MXN', ['MXN 199,90', '$199.90', 'MXN 199.90'], ['MX$199.90', 'MX$199.90', 'MX$199.90']],
    ['0.05', 'USD', ['US$ 0,05', 'USD 0.05', '$0.05'], ['$0.05', '$0.05', '$0.05']],
    [
      1234567.891,
      'USD',
      ['US$ 1.234.567,891', 'USD 1,234,567.891', '$1,234,567.891'],
      ['$1,234,567.891', '$1,234,567.891', '$1,234,567.891'],
    ],
    [
      '999999999999.99',
      'MXN',
      ['MXN 999.999.999.999,99', '$999,999,999,999.99', 'MXN 999,999,999,999.99'],
      ['MX$999,999,999,999.99', 'MX$999,999,999,999.99', 'MX$999,999,999,999.99'],
    ],
    [
      1e12,
      'COP',
      ['$ 1.000.000.000.000', 'COP 1,000,000,000,000', 'COP 1,000,000,000,000'],
      ['COP 1,000,000,000,000', 'COP 1,000,000,000,000', 'COP 1,000,000,000,000'],
    ],
    [12.5, 'EUR', ['EUR 12,50', 'EUR 12.50', 'EUR 12.50'], ['€12.50', '€12.50', '€12.50']],
    ['1500', 'CLP', ['CLP 1.500', 'CLP 1,500', 'CLP 1,500'], ['CLP 1,500', 'CLP 1,500', 'CLP 1,500']],
  ])('writes %s %s as %j and %j', (amount, currency, es, en) => {
    const regions = ['CO', 'MX', 'US']
    expect(regions.map((region) => money({ amount, currency, region }, 'es'))).toEqual(es)
    expect(regions.map((region) => money({ amount, currency, region }, 'en'))).toEqual(en)
  })
})

describe('unlinked', () => {
  it.each(['Ana María', 'J. R. Smith', "O'Neill-Peña", 'ana_maria', 'Firefox 128.0, Windows', '李小龍'])(
    'leaves %s alone',
    (name) => {
      expect(unlinked(name)).toBe(name)
    },
  )

  it.each([
    ['ana.maria', 'ana maria'],
    ['Win at evil.com/now', 'Win at evil com now'],
    ['https://evil.com', 'https evil com'],
    ['www.evil.4chan.org', 'www evil 4chan org'],
    ['eve@evil.com', 'eve evil com'],
    ['evil。com', 'evil com'],
    ['evil.\u202ecom', 'evil. com'],
    ['Ana\r\nBcc: eve', 'Ana Bcc: eve'],
  ])('takes the link out of %j', (name, shown) => {
    expect(unlinked(name)).toBe(shown)
  })

  it('drops what is too long for a name', () => {
    expect(unlinked('😀'.repeat(60))).toBe('😀'.repeat(60))
    expect(unlinked('a'.repeat(61))).toBe('')
  })
})

describe.each(locales)('in %s', (locale) => {
  const es = locale === 'es'

  it('password-changed tells when, on what, and the way back in', async () => {
    const { html, text } = await render('password-changed', locale, { at, device: 'Firefox, Windows', resetLink })
    expect(text).toContain(es ? 'cerramos todas las demás sesiones' : 'every other session was signed out')
    expect(text).toContain(instant(at, locale))
    expect(text).toContain('Firefox, Windows')
    expect(text).toContain(`\n${resetLink}\n`)
    expect(html.split(`href="${resetLink.replace('&', '&amp;')}"`)).toHaveLength(3)
  })

  it('password-changed without a link still says what to do, and leaves an unknown device out', async () => {
    for (const device of [undefined, null, ' \r\n', 'x'.repeat(61)]) {
      const { html, text } = await render('password-changed', locale, { at, device, resetLink: null })
      expect(text).toContain(es ? 'Pide ahora mismo un código' : 'Ask for a recovery code')
      expect(`${html}${text}`).not.toMatch(/<a |href|https?:|null|Dispositivo|Device/)
    }
  })

  it.each(['email', 'phone'] as const)('address-changed names the new %s as it was masked', async (kind) => {
    const data = { kind, newMasked: kind === 'email' ? 'e•••@evil.example' : '+57 ••• 12', at, resetLink }
    const { subject, text } = await render('address-changed', locale, data)
    expect(subject).toMatch(kind === 'email' ? /correo|e-mail/ : /teléfono|phone/)
    expect(text).toContain(`: ${data.newMasked}\n`)
    expect(text).toContain(instant(at, locale))
    expect(text).toContain(`\n${resetLink}\n`)
    const without = await render('address-changed', locale, { ...data, resetLink: null })
    expect(without.text).toContain(es ? 'Inicia sesión ahora mismo' : 'Sign in right away')
    expect(without.html).not.toMatch(/<a |href/)
  })

  it('already-registered offers both ways in, or either, or none', async () => {
    const loginLink = 'https://app.example/login'
    const linksOf = async (data: object) => {
      const { html, text } = await render('already-registered', locale, { loginLink: null, resetLink: null, ...data })
      const hrefs = [...html.matchAll(/href="(.*?)"/g)].map((match) => match[1]?.replace('&amp;', '&'))
      expect(text.match(/https:\S+/g) ?? []).toEqual([...new Set(hrefs)])
      return hrefs
    }
    expect(await linksOf({ loginLink, resetLink })).toEqual([loginLink, loginLink, resetLink])
    expect(await linksOf({ loginLink })).toEqual([loginLink, loginLink])
    expect(await linksOf({ resetLink })).toEqual([resetLink])
    expect(await linksOf({})).toEqual([])
  })

  it('welcome greets by name, and warmly without one', async () => {
    expect((await render('welcome', locale, { name: 'Ana María' })).text).toMatch(/^(Hola|Hello), Ana María\n/)
    expect((await render('welcome', locale, { name: ' \u202e ' })).text).toMatch(/^(Hola|Hello)\n/)
  })

  it('welcome carries no message of whoever signed up with the address of somebody else', async () => {
    const spam = await render('welcome', locale, { name: 'you won! http://evil.example/win' })
    expect(`${spam.subject}${spam.html}${spam.text}`).not.toMatch(/http:\/\/evil|evil\.example/)
    const essay = await render('welcome', locale, { name: 'You won a prize. '.repeat(9) })
    expect(`${essay.html}${essay.text}`).not.toContain('prize')
  })

  it('new-sign-up names the account exactly, and the count where there is one', async () => {
    const data = { username: 'ana.maria', email: 'ana+news@example.com', at }
    const { subject, text } = await render('new-sign-up', locale, { ...data, total: 12840 })
    expect(subject).toMatch(/Cine 21: ana\.maria$/)
    for (const fact of ['ana.maria', 'ana+news@example.com', instant(at, locale), es ? '12.840' : '12,840'])
      expect(text).toContain(`: ${fact}\n`)
    expect((await render('new-sign-up', locale, { ...data, total: 0 })).text).toContain(': 0\n')
    for (const total of [null, undefined]) {
      const without = await render('new-sign-up', locale, { ...data, total })
      expect(without.text).not.toMatch(/Cuentas|Accounts/)
    }
  })

  it.each([
    ['provider-down', /no funciona|is down/],
    ['provider-recovered', /vuelve a funcionar|works again/],
  ])('%s names the provider, the reason and since when', async (template, state) => {
    const { subject, text } = await render(template, locale, { provider: 'sendgrid', code: 'http_503', at })
    expect(subject).toMatch(state)
    expect(subject).toMatch(/^Cine 21: sendgrid /)
    expect(text).toMatch(state)
    expect(text).toContain(': http_503\n')
    expect(text).toContain(`: ${instant(at, locale)}\n`)
    const unknown = await render(template, locale, { provider: 'sendgrid', code: null, at })
    expect(`${unknown.html}${unknown.text}`).not.toMatch(/null|Motivo|Reason|failed with/)
  })
})
