// User names: one alphabet, one form, and nobody who looks like us.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUsername, usernameErrors } from '../../../lib/names/username.ts'

const reasonOf = (text: string, reserved?: string[]) => usernameErrors(text, reserved)[0]?.code ?? null

describe('a user name', () => {
  it.each([
    ['ana', 'ana'],
    ['Ana.Torres', 'ana.torres'],
    ['a-1_b.2', 'a-1_b.2'],
    ['1000', '1000'],
    ['José', 'jose'],
    ['JOSÉ', 'jose'],
    ['Jose\u0301', 'jose'],
    ['Ñandú', 'ñandu'],
    ['n\u0303andu', 'ñandu'],
    ['pingüino', 'pinguino'],
    // The Kelvin sign is K by Unicode's own equivalence.
    ['\u212aata', 'kata'],
    ['a'.repeat(32), 'a'.repeat(32)],
  ])('%s is kept unique as %s', (text, normal) => {
    expect(usernameErrors(text)).toEqual([])
    expect(parseUsername(text)).toEqual({ typed: text.normalize('NFC'), normal })
  })

  it('of ñ is not of n', () => {
    expect(parseUsername('peña')?.normal).not.toBe(parseUsername('pena')?.normal)
  })

  it.each([
    ['', 'too_short'],
    ['an', 'too_short'],
    ['e\u0301a', 'too_short'],
    ['a'.repeat(33), 'too_long'],
    ['a'.repeat(10_000), 'too_long'],
    ['ana@example.com', 'looks_like_email'],
    ['@ana', 'looks_like_email'],
  ])('%j %s', (text, reason) => {
    expect(reasonOf(text)).toBe(reason)
    expect(parseUsername(text)).toBeNull()
  })

  it.each([
    ['Cyrillic а', 'аna'],
    ['Greek ο', 'pοsta'],
    ['full width', 'ａｎａ'],
    ['a ligature', 'ﬁna'],
    ['the dotted İ', 'İnes'],
    ['the long s', 'ſara'],
    ['mathematical letters', '𝐚𝐧𝐚'],
    ['circled letters', 'ⓐⓝⓐ'],
    ['Arabic digits', 'ana١٢'],
    ['a zero-width space', 'a\u200bna'],
    ['a zero-width joiner', 'a\u200dna'],
    ['a byte order mark', 'an\ufeffa'],
    ['a soft hyphen', 'a\u00adna'],
    ['right-to-left override', 'an\u202ea'],
    ['an isolate', 'a\u2066n\u2069a'],
    ['NUL', 'ana\0'],
    ['a line break', 'an\na'],
    ['a delete', 'ana\u007f'],
    ['a space', 'ana torres'],
    ['no-break space', 'ana\u00a0t'],
    ['a mark too many', 'ana\u0301\u0301\u0301'],
    ['a tilde on a', 'anã'],
    ['a grave accent', 'anà'],
    ['half a pair', 'ana\ud800'],
    ['an emoji', 'ana😀'],
    ['a separator first', '.ana'],
    ['a separator last', 'ana_'],
    ['two separators', 'ana-_t'],
    ['only separators', '...'],
    ['a path', 'ana/../'],
    ['an encoded character', 'ana%00'],
    ['markup', '<b>ana'],
  ])('with %s is refused', (_, text) => {
    expect(reasonOf(text)).toBe('not_username')
    expect(parseUsername(text)).toBeNull()
  })

  it.each([
    ...['admin', 'ADMIN', 'Ádmin', 'ad.min', 'r-o-o-t', 'root', 'soporte', 'Support', 'posta', 'p.o.s.t.a', 'null'],
    ...['undefined', 'no-reply', 'noreply', 'mailer-daemon', 'postmaster', 'webmaster', 'security', 'soporte_tecnico'],
    ...['4dm1n', 'adm1n', 'Admln', 'adrnin', 'r00t', 'b0t', 'nu11', '5upport', 'p0sta', 'p057a', 'vvebmaster', 'he1p'],
    ...['he1pdesk', 'securlty', 'n0reply', 'us3r'],
  ])('%s is reserved', (text) => {
    expect(reasonOf(text)).toBe('reserved')
    // Who has it already still logs in.
    expect(parseUsername(text)).not.toBeNull()
  })

  it.each(['ali', 'mali', 'ana', 'ana1', 'arno', 'marni', 'luna7', 'ivan', 'lili', 'bernal', 'mario5', 'nill', 'elio'])(
    '%s is not',
    (text) => expect(reasonOf(text)).toBeNull(),
  )

  it('of the app itself is reserved', () => {
    expect(reasonOf('Cine-Luz', ['Cine Luz'])).toBe('reserved')
    expect(reasonOf('C1ne-Lu2', ['Cine Luz'])).toBe('reserved')
    expect(reasonOf('cine.luz2', ['Cine Luz'])).toBeNull()
    expect(reasonOf('ana', ['🎬'])).toBeNull()
  })

  it('is its own normal form’s normal form, whatever is typed', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abzABZ019áÉñÑüÜ._-'), maxLength: 34 })
    fc.assert(
      fc.property(text, (typed) => {
        const name = parseUsername(typed)
        if (name) expect(parseUsername(name.normal)?.normal).toBe(name.normal)
        expect(name === null).toBe(usernameErrors(typed).some(({ code }) => code !== 'reserved'))
      }),
    )
  })
})
