// Reports in any order and number lead to the same end: the highest of what was told.
import { rankOf, STATES } from '../../lib/rules/status.ts'
import type { Ledger } from './ledger.ts'
import type { Checker, World } from './world.ts'

const RANKED: string[] = [...STATES.taken].sort((a, b) => rankOf(a) - rankOf(b))

export function checkReports(world: World, ledger: Ledger): Checker {
  const highest = new Map<string, number>()
  return {
    stepped(step) {
      if (step.name !== 'report' || !step.answer) return
      const [{ messageId, type }] = step.args
      const rank = RANKED.indexOf(STATES.reported[type] ?? '')
      highest.set(messageId, Math.max(rank, highest.get(messageId) ?? -1))
      const status = ledger.entries.get(messageId)?.status ?? ''
      if (RANKED.indexOf(status) < rank) world.fail('a report is never forgotten', messageId, `${type}, ${status}`)
    },
    ended() {
      for (const [id, rank] of highest) {
        const status = ledger.entries.get(id)?.status ?? ''
        const wanted = RANKED[Math.max(rank, 0)]
        if (rank >= 0 && status !== wanted) world.fail('reports in any order: same end', id, `${status}, not ${wanted}`)
      }
    },
  }
}
