// Whatever state a row is forced into, no step of either store takes it where it may not go; what is refused changes nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Claimed } from '../../../lib/ports/row.ts'
import type { Store } from '../../../lib/ports/store.ts'
import { hasEnded, mayFollow, REPORT_TYPES, STATUSES, type Status, wasTaken } from '../../../lib/rules/status.ts'
import { redisStore } from '../../../lib/store/redis/store.ts'
import { steps } from '../../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../../lib/store/sqlite/store.ts'
import {
  again,
  claimRow,
  DAY,
  ends,
  later,
  MINUTE,
  newLease,
  queued,
  SECOND,
  settlement,
  statusOf,
  unique,
} from '../../contract/store-kit.ts'
import { openSqlite } from '../../fakes/sqlite.ts'
import { redisMissing, startUpstash } from '../../fakes/upstash.ts'

interface Planted {
  store: Store
  /** Writes a status past every step, and what every end has with it where it is one. */
  plant(id: string, status: Status, now: number): Promise<unknown>
  /** All that is stored, as text. */
  dump(): Promise<string>
  clear(): Promise<unknown>
  close(): Promise<void>
}

/** Every step that may change a row's status, by name. */
const ACTS: Record<string, (store: Store, row: Claimed, now: number) => Promise<unknown>> = {
  claim: ({ outbox }, { id }, now) => outbox.claim({ ids: [id] }, 1, newLease(now), now),
  'claim what is due': ({ outbox }, _, now) => outbox.claim({ due: true }, 6, newLease(now), now),
  cancel: ({ outbox }, { id }, now) => outbox.cancel(id, now),
  reschedule: ({ outbox }, { id }, now) => outbox.reschedule(id, now + MINUTE, now),
  replay: ({ outbox }, { id }, now) => outbox.replay(id, true, now + DAY, now),
  'settle later': ({ outbox }, row, now) =>
    outbox.settle(settlement(row, 'unavailable', later(row.providers, now + MINUTE), now)),
  'settle again': ({ outbox }, row, now) => {
    const next = again(row.providers, later(row.providers, now + MINUTE))
    return outbox.settle(settlement(row, 'throttled', next, now))
  },
  ...Object.fromEntries(
    STATUSES.map((status) => [
      `settle ${status}`,
      ({ outbox }: Store, row: Claimed, now: number) =>
        outbox.settle(settlement(row, status === 'sent' ? 'accepted' : 'rejected', ends(status), now)),
    ]),
  ),
  ...Object.fromEntries(
    REPORT_TYPES.map((type) => [
      `report ${type}`,
      ({ outbox }: Store, { id, intent }: Claimed, now: number) =>
        outbox.report({ messageId: id, provider: intent, type, at: now, eventId: unique('event'), now }),
    ]),
  ),
}

/** Of what no provider was ever asked to send there can be no report. */
const NEVER_ASKED: Status[] = ['suppressed', 'dropped', 'shadowed']

/** Whether a step is refused, rather than told where the row stands. */
function isRefused(name: string, from: Status, held: boolean): boolean {
  const [act, word] = name.split(' ')
  if (act === 'report') return word !== 'delayed' && NEVER_ASKED.includes(from)
  if (act !== 'settle' || !held || wasTaken(from)) return false
  // Under lease a row is sending, or a report has told its end.
  return from !== 'sending' || ['queued', 'sending', 'dropped', 'shadowed'].includes(word ?? '')
}

/** The status that a row in each state has after each step. */
async function table({ store, plant, dump, clear }: Planted, held: boolean): Promise<Record<string, string>> {
  const told: Record<string, string> = {}
  for (const from of STATUSES) {
    for (const [name, act] of Object.entries(ACTS)) {
      await clear()
      const now = Date.now()
      const { id, providers } = await queued(store, now, { providers: ['p'] })
      const row = held
        ? await claimRow(store, id, now)
        : ({ id, providers, intent: 'p', token: 't', attempt: 0 } as Claimed)
      await plant(id, from, now)
      const before = await dump()
      // A lease that is over may be claimed anew.
      const at = now + (held && name.startsWith('claim') ? MINUTE : SECOND)
      const refused = await act(store, row, at).then(
        () => false,
        () => true,
      )
      const to = await statusOf(store, id)
      expect(refused, `${name} of ${from}`).toBe(isRefused(name, from, held))
      if (refused) expect(await dump(), `${name} of ${from}`).toBe(before)
      if (to !== from && to !== null) expect([name, from, to, mayFollow(from, to)]).toEqual([name, from, to, true])
      told[`${name} of ${from}`] = String(to)
    }
  }
  return told
}

const OPENERS: Record<string, () => Promise<Planted>> = {
  async redis() {
    const upstash = await startUpstash()
    return {
      store: redisStore({ url: upstash.url, token: upstash.token }),
      async plant(id, status, now) {
        const key = `posta:message:${id}`
        const row = { ...JSON.parse(String(await upstash.redis('GET', key))), status }
        if (hasEnded(status)) row.endedAt = now
        await upstash.redis('SET', key, JSON.stringify(row))
      },
      dump: () => upstash.dump(),
      clear: () => upstash.redis('FLUSHDB'),
      close: () => upstash.close(),
    }
  },
  async sqlite() {
    const { rows, runner } = openSqlite()
    const run = runner(steps)
    const tables = rows<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").map((one) => one.name)
    return {
      store: sqliteStore(() => run),
      async plant(id, status, now) {
        rows('UPDATE messages SET status = ? WHERE id = ?', status, id)
        if (!hasEnded(status)) return
        rows('UPDATE messages SET ended_at = ?, payload_until = ? WHERE id = ?', now, now + DAY, id)
      },
      dump: async () => JSON.stringify(tables.map((name) => [name, rows(`SELECT * FROM ${name}`)])),
      clear: async () => {
        for (const name of tables) rows(`DELETE FROM ${name}`)
      },
      close: async () => {},
    }
  },
}

const suite = redisMissing === null ? 'a planted state' : `a planted state (skipped: ${redisMissing})`
describe.skipIf(redisMissing !== null)(suite, () => {
  const opened: Record<string, Planted> = {}
  beforeAll(async () => {
    for (const [name, open] of Object.entries(OPENERS)) opened[name] = await open()
  })
  afterAll(() => Promise.all(Object.values(opened).map((one) => one.close())))

  it.each([
    ['that nobody holds', false],
    ['under lease', true],
  ])('of a row %s leads both stores to the same, and nowhere it may not go', { timeout: 60_000 }, async (_, held) => {
    const [redis, sqlite] = [opened.redis, opened.sqlite]
    if (!redis || !sqlite) throw new Error('not opened')
    expect(await table(sqlite, held)).toEqual(await table(redis, held))
  })
})
