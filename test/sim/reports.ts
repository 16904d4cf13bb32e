// What providers report afterwards: late, lost, doubled and in any order.

import type { Report } from '../../lib/ports/outbox.ts'
import type { ReportType } from '../../lib/rules/status.ts'
import { SECOND } from './plan.ts'
import type { Rng } from './prng.ts'
import type { Copy, World } from './world.ts'

const STORIES: { types: ReportType[]; weight: number }[] = [
  { types: ['delivered'], weight: 5 },
  { types: ['sent', 'delivered'], weight: 3 },
  { types: ['delayed', 'delivered'], weight: 1 },
  { types: ['delivered', 'bounced'], weight: 1 },
  { types: ['sent', 'bounced'], weight: 1 },
  { types: ['delivered', 'complained'], weight: 1 },
  { types: ['delivered', 'bounced', 'complained'], weight: 1 },
  { types: ['failed'], weight: 1 },
]

const RETRIES_MS = [5, 30, 300]

export function scheduleReports(world: World, rng: Rng, copy: Copy): void {
  const weights = Object.fromEntries(STORIES.map((story, index) => [String(index), story.weight]))
  const { types } = STORIES[Number(rng.weighed(weights))]!
  const { lost, doubled, lateMs } = world.plan.reports
  for (const [index, type] of types.entries()) {
    if (rng.chance(lost)) continue
    const eventId = `${copy.provider.name}-${world.copies.length}-${index}`
    const at = world.kernel.wall() + index
    for (let n = rng.chance(doubled) ? 2 : 1; n > 0; n--) {
      world.kernel.after(200 + lateMs * rng.next(), () => {
        void deliverReport(world, { messageId: copy.messageId, provider: copy.provider.name, type, at, eventId })
      })
    }
  }
}

/** A vendor's webhook: tried again a few times while we cannot answer. */
async function deliverReport(world: World, report: Omit<Report, 'now'>): Promise<void> {
  for (const waitS of [...RETRIES_MS, null]) {
    const what = `report ${report.type} of ${report.messageId}`
    const answer = await world.invoke(what, (core) => core.store.outbox.report({ ...report, now: core.now() }))
    if (answer.kind === 'answer' || waitS === null) return
    await world.kernel.sleep(waitS * SECOND)
  }
}
