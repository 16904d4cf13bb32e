// Who is called next: policies.md on `unknown` for everything but codes, and how many calls a row may make in all.
import { UNKNOWN } from '../../lib/rules/numbers.ts'
import type { Entry, Ledger } from './ledger.ts'
import type { ProviderPlan } from './plan.ts'
import type { Call, Checker, World } from './world.ts'

/** Tries at a keyed provider in doubt before another takes over. */
const TRIES = UNKNOWN.keyedWaitsMs.length + 1

export function checkDoubts(world: World, ledger: Ledger): Checker {
  const plans = new Map(world.plan.providers.map((provider) => [provider.name, provider]))

  /** Why this provider may not be called yet; null when it may. */
  function tooEarly(entry: Entry, call: Call): string | null {
    const attempts = entry.attempts.slice(entry.attemptsBefore)
    const last = attempts.at(-1)
    if (last?.outcome !== 'unknown') return null
    const plan = plans.get(last.provider) as ProviderPlan
    const unkeyed = attempts.filter((one) => one.outcome === 'unknown' && !plans.get(one.provider)?.keyed)
    if (unkeyed.length > 1)
      return `after ${unkeyed.length} doubts at providers without keys: one more try, then the end`
    if (!plan.keyed) {
      const earlier = attempts.slice(0, -1).some((one) => one.outcome === 'unknown')
      const waitedMs = call.now - last.endedAt
      // The clocks of two isolates stand between the two instants.
      const ownedMs = plan.reports && !earlier ? UNKNOWN.reportWaitMs - 2 * world.plan.skewMs : 0
      return waitedMs < ownedMs ? `${last.provider} has had ${waitedMs} ms for its report` : null
    }
    if (last.provider === call.provider.name) return null
    let tries = 0
    while (attempts.at(-1 - tries)?.provider === last.provider) tries++
    return tries < TRIES ? `after ${tries} tries at ${last.provider}` : null
  }

  return {
    calling(call) {
      const id = call.outgoing.messageId
      const entry = ledger.entries.get(id)
      if (!entry) return
      entry.calls++
      const { message } = entry
      if (message.class !== 'security') {
        const early = tooEarly(entry, call)
        if (early) world.fail('a provider in doubt is asked again before another', id, `${call.provider.name} ${early}`)
      }
      const row = world.db.row<{ plan: string }>('SELECT plan FROM messages WHERE id = ?', id)
      const round = row?.plan ? (JSON.parse(row.plan) as { round: number }).round : 0
      const each = message.class === 'security' ? 1 : TRIES
      // A lease that ended without a word is followed by the same provider again; a doubt without a key by one more try.
      const most = (round + 1) * message.providers.length * each + entry.lost + 1
      if (entry.calls > most) world.fail('provider calls ≤ rounds × providers', id, `${entry.calls} > ${most}`)
    },
  }
}
