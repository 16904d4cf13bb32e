// Rolling windows: where each rule stands, and taking places in all of them or in none.
import type { Limited, Take } from '../../ports/limits.ts'
import type { Rule, Usage } from '../../rules/windows.ts'
import { isCounted, type Place, type Windows, windowsOf } from './windows.ts'

/** Takes one place in every rule or none at all; see Limits.take. */
export function take(sql: SqlStorage, takes: Take[], now: number): { kind: 'taken'; usage: Usage[] } | Limited {
  const windows = windowsOf(sql)
  const stands = lookAll(windows, takes, now)
  const full = stands.filter((stand) => stand.retryAt !== null)
  if (full.length > 0) {
    const [worst] = full.sort((a, b) => (b.retryAt ?? 0) - (a.retryAt ?? 0))
    return { kind: 'limited', name: worst?.usage.name ?? '', retryAt: worst?.retryAt ?? now, usage: usages(stands) }
  }
  for (const one of takes) windows.add(one, now)
  windows.write()
  return { kind: 'taken', usage: usages(stands.map(afterTaking)) }
}

/** Where the rules stand, taking nothing. */
export function usageOf(sql: SqlStorage, takes: Take[], now: number): Usage[] {
  const windows = windowsOf(sql)
  return usages(takes.flatMap((one) => one.rules.map((rule) => look(windows.places(one), one, rule, now, []))))
}

/** Notes a place in a series, however full it is, and answers how many each of `perMs` now holds. */
export function hit(sql: SqlStorage, series: string, slot: string, rules: Rule[], now: number): number[] {
  const windows = windowsOf(sql)
  const one = { series, slot, rules }
  windows.add(one, now)
  windows.write()
  return rules.map((rule) => sum(within(windows.places(one), rule, now)))
}

/** Returns the places a send took. */
export function giveBack(sql: SqlStorage, series: string[], slot: string): void {
  const windows = windowsOf(sql)
  for (const one of series) windows.remove(one, slot)
  windows.write()
}

interface Stand {
  usage: Usage
  /** This slot already holds a place: asking again takes none. */
  held: boolean
  /** null = there is a place, or this slot already holds one. */
  retryAt: number | null
}

/** Takes of one series in one call count each other. */
function lookAll(windows: Windows, takes: Take[], now: number): Stand[] {
  return takes.flatMap((one, at) => {
    const ahead = takes.slice(0, at).flatMap((other) => (other.series === one.series ? [other.slot] : []))
    return one.rules.map((rule) => look(windows.places(one), one, rule, now, ahead))
  })
}

const within = (places: Place[], rule: Rule, now: number): Place[] =>
  places.filter((place) => place.until > now - rule.perMs)

const sum = (places: Place[]): number => places.reduce((n, place) => n + place.n, 0)

/** Where one rule stands for one take; `ahead` holds the slots that earlier takes of this call ask of the same series. */
function look(places: Place[], one: Take, rule: Rule, now: number, ahead: string[]): Stand {
  const taken = within(places, rule, now)
  const holds = (slot: string): boolean => taken.some((place) => place.slot === slot)
  const counted = isCounted(one.rules)
  const asked = counted ? ahead.length : new Set(ahead.filter((slot) => !holds(slot))).size
  const used = sum(taken) + asked
  const held = !counted && (ahead.includes(one.slot) || holds(one.slot))
  const [oldest] = taken
  const usage: Usage = {
    ...rule,
    remaining: Math.max(0, rule.max - used),
    resetMs: oldest ? oldest.until + rule.perMs - now : 0,
  }
  if (used < rule.max || held) return { usage, held, retryAt: null }
  return { usage, held, retryAt: leavesAt(taken, used - rule.max, rule, now) }
}

/** When the place leaves the window that must, before another fits: the `nth`, from 0. */
function leavesAt(taken: Place[], nth: number, rule: Rule, now: number): number {
  let seen = 0
  for (const place of taken) {
    seen += place.n
    if (seen > nth) return place.until + rule.perMs
  }
  return now + rule.perMs
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
