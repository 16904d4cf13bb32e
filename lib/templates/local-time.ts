// Times as callers write them, some without a zone: read as the wall clock of a zone.
import { DAY } from '../rules/units.ts'

const DATE = '(\\d{4})-(\\d{2})-(\\d{2})'
const CLOCK = '(\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?'
/** RFC 3339, whose zone, seconds and T may be left out: `2026-12-05 20:30`, `2026-12-05T20:30:00-05:00`. */
export const TIME = new RegExp(`^${DATE}[Tt ]${CLOCK}(Z|z|[+-]\\d{2}:?\\d{2})?$`)
/** A day, which has no hour anywhere: `2026-12-31`. */
export const DAY_ONLY = new RegExp(`^${DATE}$`)

interface Read {
  /** As if the clock on the wall showed UTC. */
  wallMs: number
  /** Minutes east of UTC; null = it says none. */
  offset: number | null
}

/** null when it is no time, or none that a calendar or a clock has. */
function read(text: string): Read | null {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = (
    TIME.exec(text) ??
    DAY_ONLY.exec(text) ??
    []
  ).map((part: string | undefined) => part)
  if (year === undefined) return null
  const [h, m, s] = [Number(hour), Number(minute), Number(second)]
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  // 30 February is another day, and years below 100 are others to Date.
  if (new Date(midnight).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return null
  if (h > 23 || m > 59 || s > 59) return null
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3))
  const offset = zone === undefined ? null : offsetOf(zone)
  if (offset !== null && Number.isNaN(offset)) return null
  return { wallMs: midnight + ((h * 60 + m) * 60 + s) * 1_000 + ms, offset }
}

/** NaN for what no zone has. */
function offsetOf(zone: string): number {
  if (/^z$/i.test(zone)) return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  if (hours > 23 || minutes > 59) return Number.NaN
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

export const isTime = (text: string): boolean => TIME.test(text) && read(text) !== null
export const isDay = (text: string): boolean => DAY_ONLY.test(text) && read(text) !== null

/**
 * Epoch ms of a time, of which one without a zone is on the wall of `timeZone`. Where clocks show a time twice it is the
 * first, where they skip it the later: nobody comes too late. Throws a RangeError for what `isTime` does not know.
 *
 *     instantOf('2026-12-05T20:30', 'America/Bogota') === Date.parse('2026-12-06T01:30:00Z')
 */
export function instantOf(text: string, timeZone: string): number {
  const time = read(text)
  if (!time) throw new RangeError('instantOf: no time')
  const { wallMs, offset } = time
  if (offset !== null) return wallMs - offset * 60_000
  const wall = wallClock(timeZone)
  // Zones change their offset days apart, so the one before and the one after are all there is.
  const [early, late] = [wallMs - DAY, wallMs + DAY].map((near) => wallMs - (wall(near) - near)).sort((a, b) => a - b)
  if (early === undefined || late === undefined) throw new Error('instantOf: two candidates')
  return wall(early) === wallMs ? early : late
}

/** What the clock on the wall shows at an instant, as if it showed UTC. */
function wallClock(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  return (at) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    const ms = ((at % 1_000) + 1_000) % 1_000
    return Date.UTC(year, month - 1, day, hour, minute, second) + ms
  }
}
