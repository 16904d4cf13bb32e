// A provider behind an open breaker is given to nobody but one probe at a time.
import { BREAKER, LEASE_MS } from '../../lib/rules/numbers.ts'
import type { Ledger } from './ledger.ts'
import type { Checker, Step, World } from './world.ts'

interface Breaker {
  failures: number
  failedAt: number
  openedAt: number
  openUntil: number | null
  probe: { token: string; until: number } | null
}

type Settle = Extract<Step, { name: 'settle' }>['args'][0]

export function checkBreakers(world: World, ledger: Ledger): Checker {
  const breakers = new Map<string, Breaker>()
  const settled = new Set<string>()
  /** Provider of each lease, by row and token. */
  const intents = new Map<string, string>()

  function noted({ id, record, breaker: word, token, now }: Settle): void {
    if (!record) {
      // Nothing was sent: the probe, if it was one, is given back.
      const idle = breakers.get(intents.get(`${id}/${token}`) ?? '')
      if (idle?.probe?.token === token) idle.probe = null
      return
    }
    const known = breakers.get(record.provider)
    const probing = known?.probe?.token === token
    if (word === 'good') {
      const stale = known && known.openUntil !== null && !probing && record.at < known.openedAt
      if (!stale) breakers.delete(record.provider)
      return
    }
    if (word === 'none') {
      if (known && probing) known.probe = null
      return
    }
    const next: Breaker = known ?? { failures: 0, failedAt: now, openedAt: 0, openUntil: null, probe: null }
    next.failures = now - next.failedAt < BREAKER.forgetMs ? next.failures + 1 : 1
    next.failedAt = now
    if (probing) next.probe = null
    if (word === 'held' || probing || (next.openUntil === null && next.failures >= BREAKER.failuresMax)) {
      next.openedAt = now
      next.openUntil = Math.max(next.openUntil ?? 0, now + (word === 'held' ? BREAKER.heldMs : BREAKER.openMs))
    }
    breakers.set(record.provider, next)
  }

  function granted({ id, intent, token }: Step['grants'][number], now: number): void {
    const breaker = breakers.get(intent)
    if (!breaker || breaker.openUntil === null) return
    const isCode = ledger.entries.get(id)?.message.class === 'security'
    // A code that no other provider can take does not wait for as long as it is open.
    const openUntil = isCode ? Math.min(breaker.openUntil, breaker.failedAt + BREAKER.urgentMs) : breaker.openUntil
    const busyUntil = Math.max(openUntil, breaker.probe?.until ?? 0)
    if (busyUntil > now)
      world.fail('an open breaker lets only its probe through', id, `${intent} for ${busyUntil - now} ms`)
    breaker.probe = { token, until: now + LEASE_MS }
  }

  return {
    stepped(step) {
      let now: number | null = null
      if (step.name === 'settle') {
        const [s] = step.args
        const name = `${s.id}/${s.token}/${s.attempt}`
        if (step.answer.kind !== 'lost' && !settled.has(name)) {
          noted(s)
          settled.add(name)
        }
        now = s.now
      }
      if (step.name === 'claim') now = step.args[3]
      if (step.name === 'admit') now = step.args[0][0]?.now ?? null
      for (const grant of step.grants) {
        if (!grant.lost && now !== null) granted(grant, now)
        intents.set(`${grant.id}/${grant.token}`, grant.intent)
      }
    },
  }
}
