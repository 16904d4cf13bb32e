// What is typed and pasted: what comes along is taken off, and nothing else is.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEmail } from '../../../lib/names/address.ts'
import { trimmed, typedDigits, typedPhone, unbroken } from '../../../lib/names/typed.ts'
import { parseUsername, usernameErrors } from '../../../lib/names/username.ts'
import { AROUND, CODE_FORMS, pointsOf } from '../../typed-forms.ts'

const CODE = '925831'

describe('a code', () => {
  it.each(CODE_FORMS)('is read from %s', (_, formOf) => expect(typedDigits(formOf(CODE))).toBe(CODE))

  it('is read in the digits of every script that has any', () => {
    let digits = ''
    for (let point = 0; point <= 0x10ffff; point++) {
      const character = point >= 0xd800 && point <= 0xdfff ? '' : String.fromCodePoint(point)
      if (/\p{Nd}/u.test(character)) digits += typedDigits(character)
    }
    expect(digits).toBe('0123456789'.repeat(digits.length / 10))
    expect(digits.length).toBeGreaterThan(600)
  })

  it.each(['925a831', '925831x', '925.831', '９２５８３', '', 'code 925831', '925,831', '9258²31x', '½25831'])(
    'is not made of %j',
    (text) => expect(typedDigits(text)).not.toMatch(/^\d{6,8}$/),
  )

  it('keeps its digits and their order, whatever stands between them', () => {
    const between = fc.constantFrom('', ...AROUND, '-', '—', '\u2011')
    const digit = fc.constantFrom(...'0123456789')
    fc.assert(
      fc.property(fc.array(fc.tuple(digit, between), { maxLength: 12 }), (parts) => {
        expect(typedDigits(parts.flat().join(''))).toBe(parts.map(([one]) => one).join(''))
      }),
    )
  })
})

describe('an address', () => {
  it.each(AROUND.map((mark) => [pointsOf(mark), mark]))('may be pasted with %s around it', (_, mark) => {
    for (const text of [`${mark}ana@example.com`, `ana@example.com${mark}`, `${mark}${mark}ana@example.com${mark}`])
      expect(parseEmail(text)).toEqual(parseEmail('ana@example.com'))
  })

  it.each(['a na@example.com', 'ana@exa\u200bmple.com', 'ana@example.com,', '-', '\u200b'])('is not %j', (text) =>
    expect(parseEmail(text)).toBeNull(),
  )
})

describe('a user name', () => {
  it.each(AROUND.map((mark) => [pointsOf(mark), mark]))('may be pasted with %s around it', (_, mark) => {
    expect(parseUsername(`${mark}ana.lopez${mark}`)).toEqual({ typed: 'ana.lopez', normal: 'ana.lopez' })
    expect(usernameErrors(`${mark}ana.lopez${mark}`)).toEqual([])
  })

  it('is another one with a blank inside', () => expect(parseUsername('ana lopez')).toBeNull())
})

describe('a phone number', () => {
  it.each([
    ['+57 300 123 4567', '+573001234567'],
    ['+1 (415) 555-2671', '+14155552671'],
    ['\u202a+34 600\u00a0111\u00a0222\u202c', '+34600111222'],
    ['＋３４６００１１１２２２', '+34600111222'],
    ['+44.20.7946.0958', '+442079460958'],
    ['+44 (0)20 7946 0958', '+44(0)2079460958'],
  ])('%j is %s', (text, number) => expect(typedPhone(text)).toBe(number))
})

describe('trimming', () => {
  it('leaves what stands inside, and is done after once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = trimmed(text)
        expect(text).toContain(once)
        expect(trimmed(once)).toBe(once)
        expect(once).not.toMatch(/^[\p{White_Space}\p{Cf}]|[\p{White_Space}\p{Cf}]$/u)
      }),
    )
  })

  it('takes the time of the text, not of its square', () => {
    const startedAt = performance.now()
    trimmed(`a${' '.repeat(250_000)}a`)
    unbroken(' a'.repeat(125_000))
    typedDigits('- '.repeat(125_000))
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it('puts a token together that a mail has folded', () => {
    expect(unbroken(' v1.abc\r\n def\u200b\n')).toBe('v1.abcdef')
  })
})
