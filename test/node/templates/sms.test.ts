// The short form as an SMS: cheap where that costs no meaning.
import { describe, expect, it } from 'vitest'
import { segmentsOf, smsText } from '../../../lib/templates/sms.ts'

describe('smsText', () => {
  it.each([
    ['Función: 5 de diciembre, 20:30. Sala 3.', 'Funcion: 5 de diciembre, 20:30. Sala 3.'],
    ['¿Qué? ¡Ñandú! Más niño…', '¿Qué? ¡Ñandu! Mas niño...'],
    ['We’re glad – “you”', 'We\'re glad - "you"'],
    ['Total: 45.000 €', 'Total: 45.000 €'],
    ['Función 🎟', 'Función 🎟'],
    ['Спектакль сегодня, Función', 'Спектакль сегодня, Función'],
  ])('of %j is %j', (short, text) => expect(smsText(short)).toBe(text))

  it('is cut where vendors end, and not within a character', () => {
    expect(smsText('a'.repeat(1_600))).toHaveLength(1_600)
    expect(smsText('a'.repeat(1_601))).toBe(`${'a'.repeat(1_597)}...`)
    expect(smsText(`x${'🎟'.repeat(900)}`)).toMatch(/^x(?:🎟)+\.\.\.$/u)
  })
})

describe('segmentsOf', () => {
  it.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['ó'.repeat(70), 1],
    ['ó'.repeat(71), 2],
    ['', 1],
  ])('of %j is %i', (text, count) => expect(segmentsOf(text)).toBe(count))
})
