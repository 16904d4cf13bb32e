// What the windows keep. One row holds all series of one person, or of one IP: each place that was taken or, where there
// may be many, how many were taken in each second. A key's minute is kept in memory: the object is the only one that
// counts it, and a restart forgives a service one minute.
import type { Take } from '../../ports/limits.ts'
import { COUNTED_FROM } from '../../rules/numbers.ts'
import { MINUTE, SECOND } from '../../rules/units.ts'
import type { Rule } from '../../rules/windows.ts'

/** A place, or those of one second; it counts for a rule while `until` is later than the window's beginning. */
export interface Place {
  /** null where places are only counted. */
  slot: string | null
  n: number
  until: number
}

/** As stored: `[instant, slot]` of each place, oldest first, or `[second, how many]`; kept for `keptMs` at most. */
interface Series {
  keptMs: number
  places?: [at: number, slot: string][]
  seconds?: [second: number, n: number][]
}

type Owned = Record<string, Series>

export interface Windows {
  /** The places of the series that `one` asks for, oldest first. */
  places(one: Take): Place[]
  /** Takes a place; a slot that is there already keeps its instant. */
  add(one: Take, now: number): void
  remove(series: string, slot: string): void
  write(): void
}

export const isCounted = (rules: Rule[]): boolean => rules.some((rule) => rule.max > COUNTED_FROM)
const isVolatile = (rules: Rule[]): boolean => isCounted(rules) && rules.every((rule) => rule.perMs <= MINUTE)
const longestMs = (rules: Rule[]): number => Math.max(...rules.map((rule) => rule.perMs))

/** Whose row a series stands in: `send:owner:HASH`, `recipient:HASH` and `wrong:owner:HASH` are of one person. */
function ownerOf(series: string): string {
  const [kind, ...rest] = series.split(':')
  if (kind === 'send' || kind === 'recipient' || kind === 'wrong') return `person:${rest.at(-1)}`
  return kind === 'ip' ? `ip:${rest.at(-1)}` : series
}

const memories = new WeakMap<SqlStorage, Map<string, Series>>()

/** The series that only memory keeps. */
export function memoryOf(sql: SqlStorage): Map<string, Series> {
  const known = memories.get(sql) ?? new Map<string, Series>()
  memories.set(sql, known)
  return known
}

/** Reads each row once, writes each changed one once. */
export function windowsOf(sql: SqlStorage): Windows {
  const memory = memoryOf(sql)
  const rows = new Map<string, { owned: Owned; purgeAt: number; changed: boolean }>()
  const rowOf = (owner: string) => {
    const known = rows.get(owner)
    if (known) return known
    const [stored] = sql
      .exec<{ series: string; purge_at: number }>('SELECT series, purge_at FROM windows WHERE name = ?', owner)
      .toArray()
    const row = {
      owned: stored ? (JSON.parse(stored.series) as Owned) : {},
      purgeAt: stored?.purge_at ?? 0,
      changed: false,
    }
    rows.set(owner, row)
    return row
  }
  const seriesOf = ({ series, rules }: Take) =>
    isVolatile(rules) ? memory.get(series) : rowOf(ownerOf(series)).owned[series]
  return {
    places(one) {
      const series = seriesOf(one)
      if (!isCounted(one.rules)) return (series?.places ?? []).map(([at, slot]) => ({ slot, n: 1, until: at }))
      return (series?.seconds ?? []).map(([second, n]) => ({ slot: null, n, until: secondEnd(second) }))
    },
    add(one, now) {
      const before = seriesOf(one)
      const after = withPlace(before, one, now)
      if (isVolatile(one.rules)) memory.set(one.series, after)
      if (isVolatile(one.rules) || after === before) return
      const row = rowOf(ownerOf(one.series))
      row.owned = { ...kept(row.owned, now), [one.series]: after }
      row.purgeAt = Math.max(row.purgeAt, now + after.keptMs + SECOND)
      row.changed = true
    },
    remove(series, slot) {
      const row = rowOf(ownerOf(series))
      const found = row.owned[series]
      if (!found?.places?.some(([, one]) => one === slot)) return
      row.owned[series] = { ...found, places: found.places.filter(([, one]) => one !== slot) }
      row.changed = true
    },
    write() {
      for (const [name, row] of rows) {
        if (!row.changed) continue
        sql.exec(
          `INSERT INTO windows (name, series, purge_at) VALUES (?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET series = excluded.series, purge_at = excluded.purge_at`,
          name,
          JSON.stringify(row.owned),
          row.purgeAt,
        )
        row.changed = false
      }
    },
  }
}

/** The same object when this slot is there already. */
function withPlace(series: Series | undefined, { slot, rules }: Take, now: number): Series {
  const keptMs = Math.max(series?.keptMs ?? 0, longestMs(rules))
  const fresh = series && pruned(series, now)
  if (isCounted(rules)) {
    const second = Math.floor(now / SECOND)
    const others = (fresh?.seconds ?? []).filter(([one]) => one !== second)
    const n = (fresh?.seconds ?? []).find(([one]) => one === second)?.[1] ?? 0
    return { keptMs, seconds: [...others, [second, n + 1] as [number, number]].sort(([a], [b]) => a - b) }
  }
  const places = fresh?.places ?? []
  if (series && places.some(([, one]) => one === slot)) return series
  return { keptMs, places: [...places, [now, slot] as [number, string]].sort(([a], [b]) => a - b) }
}

/** Without the places that no rule counts any more. */
function pruned(series: Series, now: number): Series {
  const { keptMs, places, seconds } = series
  return {
    keptMs,
    ...(places && { places: places.filter(([at]) => at > now - keptMs) }),
    ...(seconds && { seconds: seconds.filter(([second]) => secondEnd(second) > now - keptMs) }),
  }
}

const kept = (owned: Owned, now: number): Owned =>
  Object.fromEntries(
    Object.entries(owned)
      .map(([name, series]): [string, Series] => [name, pruned(series, now)])
      .filter(([, { places, seconds }]) => (places?.length ?? 0) + (seconds?.length ?? 0) > 0),
  )

/** A second's places leave a window only when the whole of it has: never too early. */
const secondEnd = (second: number): number => (second + 1) * SECOND
