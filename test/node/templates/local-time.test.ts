// Times of callers: which are times, and which instant one without a zone is.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantOf, isDay, isTime } from '../../../lib/templates/local-time.ts'

describe('a time without a zone', () => {
  it.each([
    ['2026-12-05T20:30', 'America/Bogota', '2026-12-06T01:30:00.000Z'],
    ['2026-12-05 20:30:15', 'America/Bogota', '2026-12-06T01:30:15.000Z'],
    ['2026-12-05T20:30:15.123456', 'UTC', '2026-12-05T20:30:15.123Z'],
    ['2026-07-01T09:00', 'America/New_York', '2026-07-01T13:00:00.000Z'],
    ['2026-12-05T20:30', 'Asia/Kathmandu', '2026-12-05T14:45:00.000Z'],
    ['2026-12-05', 'America/Bogota', '2026-12-05T05:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    expect(new Date(instantOf(text, zone)).toISOString()).toBe(instant)
  })

  it('that clocks skip is the later instant', () => {
    // New York, 8 March 2026: 02:00 EST is followed by 03:00 EDT.
    expect(new Date(instantOf('2026-03-08T02:30', 'America/New_York')).toISOString()).toBe('2026-03-08T07:30:00.000Z')
    // Santiago skips the hour after midnight: 6 September 2026.
    expect(new Date(instantOf('2026-09-06T00:30', 'America/Santiago')).toISOString()).toBe('2026-09-06T04:30:00.000Z')
  })

  it('that clocks show twice is the first instant', () => {
    expect(new Date(instantOf('2026-11-01T01:30', 'America/New_York')).toISOString()).toBe('2026-11-01T05:30:00.000Z')
  })

  it('is the one that the wall of that zone shows, all year', () => {
    const zones = fc.constantFrom('America/New_York', 'America/Santiago', 'Australia/Lord_Howe', 'Europe/Madrid', 'UTC')
    const instants = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2032, 0) })
    fc.assert(
      fc.property(zones, instants, (timeZone, at) => {
        const minute = Math.floor(at / 60_000) * 60_000
        const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
        const found = instantOf(format.format(minute), timeZone)
        // Of two, the first.
        expect(found).toBeLessThanOrEqual(minute)
        expect(format.format(found)).toBe(format.format(minute))
      }),
    )
  })
})

it.each([
  ['2026-12-05T20:30Z', '2026-12-05T20:30:00.000Z'],
  ['2026-12-05T20:30:00-05:00', '2026-12-06T01:30:00.000Z'],
  ['2026-12-05t20:30:00+0545', '2026-12-05T14:45:00.000Z'],
])('a time with a zone is that instant anywhere: %s', (text, instant) => {
  for (const zone of ['UTC', 'Asia/Tokyo']) expect(new Date(instantOf(text, zone)).toISOString()).toBe(instant)
})

it.each([
  '2026-02-30T10:00',
  '2026-13-01T10:00',
  '2026-12-05T24:00',
  '2026-12-05T10:60',
  '2026-12-05T10:00:60',
  '2026-12-05T10:00+24:00',
  '2026-12-05T10:00 Bogota',
  '5/12/2026 10:00',
  '2026-12-05',
  'mañana',
  '0026-12-05T10:00',
  '',
])('%j is no time', (text) => expect(isTime(text)).toBe(false))

it('a day is a day that the calendar has', () => {
  expect(['2028-02-29', '2026-02-29', '2026-12-05T10:00', '2026-1-1'].map(isDay)).toEqual([true, false, false, false])
})
