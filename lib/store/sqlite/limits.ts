// Rolling windows as rows: one hit per place taken, counted by an index range.
import type { Limited, Take } from '../../ports/limits.ts'
import type { Rule, Usage } from '../../rules/windows.ts'

/** Takes one place in every rule or none at all; see Limits.take. */
export function take(sql: SqlStorage, takes: Take[], now: number): { kind: 'taken'; usage: Usage[] } | Limited {
  const stands = lookAll(sql, takes, now)
  const full = stands.filter((stand) => stand.retryAt !== null)
  if (full.length > 0) {
    const [worst] = full.sort((a, b) => (b.retryAt ?? 0) - (a.retryAt ?? 0))
    return { kind: 'limited', name: worst?.usage.name ?? '', retryAt: worst?.retryAt ?? now, usage: usages(stands) }
  }
  for (const one of takes) {
    const longestMs = Math.max(...one.rules.map((rule) => rule.perMs))
    sql.exec(
      'INSERT OR IGNORE INTO hits (series, slot, at, purge_at) VALUES (?, ?, ?, ?)',
      one.series,
      one.slot,
      now,
      now + longestMs,
    )
  }
  return { kind: 'taken', usage: usages(stands.map(afterTaking)) }
}

/** Where the rules stand, taking nothing. */
export function usageOf(sql: SqlStorage, takes: Take[], now: number): Usage[] {
  return usages(takes.flatMap((one) => one.rules.map((rule) => look(sql, one, rule, now, []))))
}

/** Returns the places a send took. */
export function giveBack(sql: SqlStorage, series: string[], slot: string): void {
  for (const one of series) sql.exec('DELETE FROM hits WHERE series = ? AND slot = ?', one, slot)
}

export function countHits(sql: SqlStorage, series: string, perMs: number, now: number): number {
  return sql
    .exec<{ n: number }>('SELECT count(*) AS n FROM hits WHERE series = ? AND at > ?', series, now - perMs)
    .one().n
}

interface Stand {
  usage: Usage
  /** This slot already holds a place: asking again takes none. */
  held: boolean
  /** null = there is a place, or this slot already holds one. */
  retryAt: number | null
}

/** Takes of one series in one call count each other. */
function lookAll(sql: SqlStorage, takes: Take[], now: number): Stand[] {
  return takes.flatMap((one, at) => {
    const ahead = takes.slice(0, at).flatMap((other) => (other.series === one.series ? [other.slot] : []))
    return one.rules.map((rule) => look(sql, one, rule, now, ahead))
  })
}

/** Where one rule stands for one take; `ahead` holds the slots that earlier takes of this call ask of the same series. */
function look(sql: SqlStorage, one: Take, rule: Rule, now: number, ahead: string[]): Stand {
  const from = now - rule.perMs
  const holds = (slot: string): boolean =>
    sql.exec('SELECT 1 FROM hits WHERE series = ? AND slot = ? AND at > ?', one.series, slot, from).toArray().length > 0
  const nth = (offset: number): number | null =>
    sql
      .exec<{ at: number }>(
        'SELECT at FROM hits WHERE series = ? AND at > ? ORDER BY at LIMIT 1 OFFSET ?',
        one.series,
        from,
        offset,
      )
      .toArray()[0]?.at ?? null
  const asked = new Set(ahead.filter((slot) => !holds(slot)))
  const used = countHits(sql, one.series, rule.perMs, now) + asked.size
  const held = ahead.includes(one.slot) || holds(one.slot)
  const oldest = nth(0)
  const usage: Usage = {
    ...rule,
    remaining: Math.max(0, rule.max - used),
    resetMs: oldest === null ? 0 : oldest + rule.perMs - now,
  }
  if (used < rule.max || held) return { usage, held, retryAt: null }
  // The place that must leave the window before another fits.
  return { usage, held, retryAt: (nth(used - rule.max) ?? now) + rule.perMs }
}

function afterTaking(stand: Stand): Stand {
  if (stand.held) return stand
  const { usage } = stand
  return { ...stand, usage: { ...usage, remaining: usage.remaining - 1, resetMs: usage.resetMs || usage.perMs } }
}

/** One usage per rule name: several series under one rule (a person's addresses) show the fullest. */
function usages(stands: Stand[]): Usage[] {
  const byName = new Map<string, Usage>()
  for (const { usage } of stands) {
    const known = byName.get(usage.name)
    if (!known || usage.remaining < known.remaining) byName.set(usage.name, usage)
  }
  return [...byName.values()]
}
