// How instants and counts are told: always in the mail's language and a named time zone, never in the machine's own.
import type { Locale } from './mail.ts'

/**
 * `at` is an ISO instant, `timeZone` an IANA name; throws a RangeError where either is none. The joint between date and
 * time and the space before "PM" are ours: the runtime's own differ from one release of its language data to the next.
 */
export function instant(at: string, locale: Locale, timeZone = 'UTC'): string {
  const when = new Date(at)
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone })
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZoneName: 'short', timeZone })
  return `${day.format(when)}, ${time.format(when)}`.replace(/[\u00a0\u202f]/g, ' ')
}

export const count = (total: number, locale: Locale): string => new Intl.NumberFormat(locale).format(total)
