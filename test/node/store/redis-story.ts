// What a code costs on Redis, counted by redis-server itself: opened, sent and checked by a service with its API key.
import type { Claimed } from '../../../lib/ports/row.ts'
import type { Store } from '../../../lib/ports/store.ts'
import { KEY_RULE, RECIPIENT_RULE, SEND_RULES } from '../../../lib/rules/numbers.ts'
import {
  admit,
  challenge,
  codeRow,
  group,
  guess,
  newLease,
  place,
  right,
  sent,
  settlement,
  told,
  unique,
} from '../../contract/store-kit.ts'
import type { Upstash } from '../../fakes/upstash.ts'

/** A keyed hash as the product makes them. */
const hash = () => unique('3q2-7w').padEnd(43, 'x')

/** One code, the way lib/codes asks for it. */
export async function oneCode(store: Store, now: number, provider = 'resend'): Promise<void> {
  const person = hash()
  const c = challenge(now, {
    opener: 'service',
    persons: [person],
    macs: { email: hash() },
    sealed: 'x'.repeat(280),
    purpose: 'login',
  })
  const series = `send:service:${person}`
  const row = codeRow(now, c, {
    recipient: person,
    providers: [provider],
    sealed: 'x'.repeat(420),
    slotSeries: [series],
  })
  const mine = { ...row, slot: row.id }
  const key = (slot: string) => place('key:app', [KEY_RULE], slot)
  const open = group(now, [mine], {
    challenge: { open: c },
    sends: [place(series, SEND_RULES, mine.slot), place(`recipient:${person}`, [RECIPIENT_RULE], mine.id)],
    takes: [key(c.id)],
    claim: newLease(now),
  })
  const [held] = told(await admit(store, open), 'admitted').claimed
  told(await store.outbox.settle(settlement(held as Claimed, 'accepted', sent, now + 120)), 'ended')
  const check = guess(c, right(c), now + 9_000)
  told(await store.challenges.check({ ...check, takes: [key(check.token)] }), 'approved')
}

export interface Cost {
  /** Commands a code, by name, EVALSHA included. */
  calls: Record<string, number>
  commands: number
  /** Time in EVALSHA a code, as Redis counts it. */
  us: number
  /** Bytes of keys a code: at once, and of those that live longer than two days. */
  bytes: { atOnce: number; kept: number }
}

async function stats(upstash: Upstash): Promise<Map<string, { calls: number; us: number }>> {
  const info = String(await upstash.redis('INFO', 'commandstats'))
  const lines = info.matchAll(/cmdstat_(\S+?):calls=(\d+),usec=(\d+)/g)
  return new Map([...lines].map(([, name, calls, us]) => [String(name), { calls: Number(calls), us: Number(us) }]))
}

/** Sum of all keys' sizes whose time to live in ms passes. */
async function bytesOf(upstash: Upstash, lives: (ttlMs: number) => boolean): Promise<number> {
  let sum = 0
  for (const key of (await upstash.redis('KEYS', '*')) as string[]) {
    const ttl = Number(await upstash.redis('PTTL', key))
    if (lives(ttl)) sum += Number(await upstash.redis('MEMORY', 'USAGE', key, 'SAMPLES', 0))
  }
  return sum
}

/** Runs `codes` codes, after a few that load the scripts. */
export async function costOfCodes(store: Store, upstash: Upstash, codes: number): Promise<Cost> {
  for (let n = 0; n < 20; n++) await oneCode(store, Date.now())
  await upstash.redis('CONFIG', 'RESETSTAT')
  const before = [await bytesOf(upstash, () => true), await bytesOf(upstash, (ttl) => ttl < 0 || ttl > 2 * 86_400_000)]
  await upstash.redis('CONFIG', 'RESETSTAT')
  // A second after the other, so that counters by the second are not flattered.
  const start = Date.now() - codes * 250
  for (let n = 0; n < codes; n++) await oneCode(store, start + n * 250)
  const counted = await stats(upstash)
  const after = [await bytesOf(upstash, () => true), await bytesOf(upstash, (ttl) => ttl < 0 || ttl > 2 * 86_400_000)]
  const calls = Object.fromEntries(
    [...counted].filter(([name]) => !/^(config|info)/.test(name)).map(([name, one]) => [name, one.calls / codes]),
  )
  return {
    calls,
    commands: Object.values(calls).reduce((sum, n) => sum + n, 0),
    us: (counted.get('evalsha')?.us ?? 0) / codes,
    bytes: {
      atOnce: ((after[0] ?? 0) - (before[0] ?? 0)) / codes,
      kept: ((after[1] ?? 0) - (before[1] ?? 0)) / codes,
    },
  }
}
