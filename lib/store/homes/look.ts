// Reading in two homes: pages in one order, figures as one sum. Ids sort by their time whatever their home.

import type { BreakerState, HourFigures, ListFilter, MessageRecord, Stats } from '../../ports/record.ts'
import type { Homes } from './homes.ts'

interface Page {
  messages: MessageRecord[]
  cursor: string | null
}

export async function list(homes: Homes, filter: ListFilter): Promise<Page> {
  const own = await homes.current.outbox.list(filter)
  if ((await homes.held()).records === 0) return own
  const others = await homes.old.outbox.list(filter)
  return merged(own, others, filter.limit, (a, b) => (a < b ? 1 : -1), idOf)
}

const idOf = (record: MessageRecord): string => record.id

export async function scheduled(homes: Homes, now: number, limit: number, cursor?: string): Promise<Page> {
  const own = await homes.current.outbox.scheduled(now, limit, cursor)
  if ((await homes.held()).messages === 0) return own
  const others = await homes.old.outbox.scheduled(now, limit, cursor)
  return merged(own, others, limit, bySchedule, ({ dueAt, id }) => `${dueAt} ${id}`)
}

/** Of `dueAt id`. */
function bySchedule(a: string, b: string): number {
  const [atA = '', idA = ''] = a.split(' ')
  const [atB = '', idB = ''] = b.split(' ')
  return Number(atA) - Number(atB) || (idA < idB ? -1 : 1)
}

/**
 * One page of two, in the order of `compare` over places. A page that ended early has seen nothing behind its cursor: what
 * the other one found there waits for the next page.
 */
function merged(
  a: Page,
  b: Page,
  limit: number,
  compare: (a: string, b: string) => number,
  placeOf: (record: MessageRecord) => string,
): Page {
  const [end = null] = [a.cursor, b.cursor].flatMap((cursor) => cursor ?? []).sort(compare)
  const seen = [...a.messages, ...b.messages]
    .filter((record) => end === null || placeOf(record) === end || compare(placeOf(record), end) < 0)
    .sort((one, other) => compare(placeOf(one), placeOf(other)))
  const messages = seen.slice(0, limit)
  const last = messages.at(-1)
  return { messages, cursor: seen.length > limit && last ? placeOf(last) : end }
}

const sum = (a: Record<string, number>, b: Record<string, number>): Record<string, number> => {
  const all = { ...a }
  for (const [name, n] of Object.entries(b)) all[name] = (all[name] ?? 0) + n
  return all
}

/** Counts of both; rates and times are those of the current store, once it has any. */
export async function stats(homes: Homes, now: number): Promise<Stats> {
  const own = await homes.current.outbox.stats(now)
  if ((await homes.held()).records === 0) return own
  const others = await homes.old.outbox.stats(now)
  return {
    totalSent: own.totalSent + others.totalSent,
    totalFailed: own.totalFailed + others.totalFailed,
    byPriority: sum(own.byPriority, others.byPriority),
    byChannel: sum(own.byChannel, others.byChannel),
    byProvider: sum(own.byProvider, others.byProvider),
    successRate: own.successRate ?? others.successRate,
    meanDeliveryMs: own.meanDeliveryMs ?? others.meanDeliveryMs,
    p95DeliveryMs: own.p95DeliveryMs ?? others.p95DeliveryMs,
    queueDepth: own.queueDepth + others.queueDepth,
    dead: own.dead + others.dead,
    breakers: allOf(own.breakers, others.breakers),
    // Each sweep goes over both.
    sweptAt: own.sweptAt ?? others.sweptAt,
  }
}

/** What either knows of a provider; where both do, what the current store knows. */
function allOf(own: BreakerState[], others: BreakerState[]): BreakerState[] {
  const known = new Set(own.map((one) => one.provider))
  const all = [...own, ...others.filter((one) => !known.has(one.provider))]
  return all.sort((a, b) => (a.provider < b.provider ? -1 : 1))
}

export async function breakers(homes: Homes, now: number): Promise<BreakerState[]> {
  const own = await homes.current.outbox.breakers(now)
  return (await homes.held()).messages === 0 ? own : allOf(own, await homes.old.outbox.breakers(now))
}

export async function series(homes: Homes, hours: number, now: number): Promise<HourFigures[]> {
  const own = await homes.current.outbox.series(hours, now)
  if ((await homes.held()).records === 0) return own
  const byHour = new Map(own.map((one) => [one.at, one]))
  for (const other of await homes.old.outbox.series(hours, now)) {
    const same = byHour.get(other.at)
    byHour.set(other.at, same ? oneHour(same, other) : other)
  }
  return [...byHour.values()].sort((a, b) => a.at - b.at)
}

/** Two percentiles have no sum: the slower one is said. */
function oneHour(a: HourFigures, b: HourFigures): HourFigures {
  const slower = (x: number | null, y: number | null) => (x === null || y === null ? (x ?? y) : Math.max(x, y))
  const sent = a.sent + b.sent
  const ms = (a.meanDeliveryMs ?? 0) * a.sent + (b.meanDeliveryMs ?? 0) * b.sent
  return {
    at: a.at,
    sent,
    failed: a.failed + b.failed,
    byProvider: sum(a.byProvider, b.byProvider),
    meanDeliveryMs: sent === 0 ? null : Math.round(ms / sent),
    p50DeliveryMs: slower(a.p50DeliveryMs, b.p50DeliveryMs),
    p95DeliveryMs: slower(a.p95DeliveryMs, b.p95DeliveryMs),
  }
}
