// Both wake-up calls: the object's alarm over its own rows and a QStash-like queue. Late, doubled, lost or down.
import { type Delivered, deliver } from '../../lib/delivery/deliver.ts'
import { Fault } from '../../lib/outcome/fault.ts'
import type { Waiting } from '../../lib/ports/row.ts'
import { ARM_HORIZON_MS, LEASE_MS } from '../../lib/rules/numbers.ts'
import { ownClock } from '../../lib/scheduler/alarm.ts'
import { nextRing, type Rung, ringRows } from '../../lib/store/sqlite/ring.ts'
import type { Isolate } from './net.ts'
import { SECOND } from './plan.ts'
import { rngOf } from './prng.ts'
import type { Clock, World } from './world.ts'

export const schedulerOf = (world: World): Clock => (world.plan.scheduler.free ? alarmOf(world) : queueOf(world))

const ids = (rows: Waiting[]): string => rows.map((row) => `${row.id}/${row.generation}`).join(' ')

function wake(world: World, isolate: Isolate, rows: Waiting[], take: () => void): Promise<void> {
  return world.net
    .carry(isolate, 'scheduler', () => `scheduler.wake ${ids(rows)}`, take)
    .catch((cause) => Promise.reject(new Fault('scheduler', { cause })))
}

function alarmOf(world: World): Clock {
  const { kernel, db, plan } = world
  const rng = rngOf(plan.seed, 'alarm')
  const rung: Rung = new Map()
  let armed: number | null = null
  const arm = (at: number | null): void => {
    if (at === null || (armed !== null && armed <= at)) return
    armed = at
    const lateMs = rng.chance(0.3) ? plan.scheduler.lateMs * rng.next() : 5
    const fire = () => {
      if (armed !== at) return
      armed = null
      const { loads, next } = ringRows(db.sql, rung, kernel.wall())
      for (const load of loads) {
        if (kernel.base() < plan.healAt && rng.chance(plan.scheduler.lost)) continue
        const copies = rng.chance(plan.scheduler.doubled) ? 2 : 1
        for (let n = 0; n < copies; n++) void world.invoke('alarm', (core) => deliver(core, { ids: load }))
      }
      arm(next)
    }
    kernel.after(at - kernel.wall() + lateMs, fire)
  }
  return {
    schedulerFor: ownClock,
    stepped: () => arm(nextRing(db.sql, rung, kernel.wall())),
  }
}

const RETRIES_S = [10, 20, 40]

function queueOf(world: World): Clock {
  const { kernel, plan } = world
  const rng = rngOf(plan.seed, 'queue')
  /** Ids and generations taken: a second publish of one is answered like the first, and does nothing. */
  const taken = new Set<string>()

  async function call({ id, generation }: Waiting): Promise<void> {
    for (const waitS of [...RETRIES_S, null]) {
      const answer = await world.invoke(`wake ${id}`, async (core) => {
        return leftToDo(id, await deliver(core, { ids: [id], due: true }), generation, core.now())
      })
      if (answer.kind === 'answer' && answer.value === null) return
      if (waitS === null) return
      await kernel.sleep(answer.kind === 'answer' && answer.value !== null ? answer.value : waitS * SECOND)
    }
  }

  return {
    schedulerFor: (isolate) => ({
      free: false,
      horizonMs: ARM_HORIZON_MS,
      // The next sweep goes on.
      drain: async () => {},
      wake: (rows) =>
        wake(world, isolate, rows, () => {
          for (const row of rows) {
            const key = `${row.id}-${row.generation}`
            if (taken.has(key)) continue
            taken.add(key)
            if (kernel.base() < plan.healAt && rng.chance(plan.scheduler.lost)) continue
            const copies = rng.chance(plan.scheduler.doubled) ? 2 : 1
            const dueMs = Math.max(0, Math.ceil(row.dueAt / SECOND) * SECOND - kernel.wall())
            for (let n = 0; n < copies; n++) {
              kernel.after(dueMs + 30 + plan.scheduler.lateMs * rng.next(), () => void call(row))
            }
          }
        }),
    }),
  }
}

/** As functions/hooks/qstash.ts answers: ms after which to call again, null = done. */
function leftToDo(id: string, { attempted, unclaimed }: Delivered, generation: number, now: number): number | null {
  if (attempted.some((one) => one.status === 'sending')) return LEASE_MS
  const row = unclaimed.find((one) => one.id === id)
  if (row?.why === 'leased') return row.until - now
  if (row?.why === 'later' && row.generation === generation) return row.dueAt - now
  return null
}
