// How instants, counts and amounts are told: always in the mail's language and a named time zone, never in the machine's own.
import type { Locale } from './mail.ts'

/** The joint of date and time and the plain spaces are ours: the runtime's own differ between releases of its language data. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

/** `at` is an ISO instant, `timeZone` an IANA name; throws a RangeError where either is none. */
export function instant(at: string, locale: Locale, timeZone = 'UTC'): string {
  const when = new Date(at)
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone })
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZoneName: 'short', timeZone })
  return plain(`${day.format(when)}, ${time.format(when)}`)
}

/**
 * A time told where it is, so without a zone's name; `at` is an ISO instant, or a day (`2026-12-05`), which has no hour
 * anywhere: `Saturday, December 5, 2026, 8:30 PM`.
 */
export function localTime(at: string, locale: Locale, timeZone: string): string {
  const isDay = at.length === '2026-12-05'.length
  const zone = isDay ? 'UTC' : timeZone
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: zone } as const
  const day = new Intl.DateTimeFormat(locale, options).format(new Date(at))
  if (isDay) return plain(day)
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: zone })
  return plain(`${day}, ${time.format(new Date(at))}`)
}

export const count = (total: number, locale: Locale): string => new Intl.NumberFormat(locale).format(total)

export interface Money {
  /** A number, or decimal text where a number would not be exact. */
  amount: number | string
  /** ISO 4217. */
  currency: string
  /** ISO 3166, in whose manner it is written; null = as the language does anywhere. */
  region: string | null
}

/** Whole amounts without decimals, others with two at least, also where a currency has none: nobody's cents are lost. */
export function money({ amount, currency, region }: Money, locale: Locale): string {
  const isWhole = Number.isInteger(Number(amount))
  const format = new Intl.NumberFormat(region === null ? locale : `${locale}-${region}`, {
    style: 'currency',
    currency,
    ...(isWhole ? { maximumFractionDigits: 0 } : { minimumFractionDigits: 2, maximumFractionDigits: 4 }),
  })
  // Texts are read digit by digit; the type has it from ES2023 on.
  return plain(format.format(amount as number))
}
