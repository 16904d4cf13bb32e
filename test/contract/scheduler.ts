// What every Scheduler promises, as one suite: `describe(…, () => schedulerContract(open))` in the runtime the adapter runs in.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Fault } from '../../lib/outcome/fault.ts'
import type { Waiting } from '../../lib/ports/row.ts'
import type { Scheduler } from '../../lib/ports/scheduler.ts'

/** A wake that arrived. */
export interface Ring {
  id: string
  at: number
}

export interface SchedulerUnderTest {
  scheduler: Pick<Scheduler, 'wake' | 'free' | 'horizonMs'>
  /** Every wake that arrived so far. */
  rings(): Ring[]
  /** How often the other side was asked. */
  asked(): number
  /** From now on the other side refuses, or works again. */
  break(isBroken: boolean): void
  close(): Promise<unknown>
}

/** How much later than its instant a wake may come on an idle machine: QStash counts in whole seconds. */
const LATE_MS = 2_500
/** Long enough for a second wake of the same kind to show itself. */
const SETTLE_MS = 400

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
let counter = 0
const row = (dueInMs: number, generation = 1): Waiting => {
  return { id: `msg_contract_${counter++}`, generation, dueAt: Date.now() + dueInMs }
}

export function schedulerContract(open: () => Promise<SchedulerUnderTest>): void {
  let on: SchedulerUnderTest
  beforeAll(async () => {
    on = await open()
  })
  afterAll(() => on.close())

  const ringsOf = (id: string) => on.rings().filter((ring) => ring.id === id)
  const rung = (rows: Waiting[], timeout = LATE_MS) =>
    vi.waitFor(() => expect(rows.filter(({ id }) => ringsOf(id).length === 0)).toEqual([]), { timeout, interval: 10 })

  it('wakes a row whose instant is in the past at once', async () => {
    const rows = [row(-60_000), row(0)]
    await on.scheduler.wake(rows)
    await rung(rows)
  })

  it('never wakes a row before its instant, and wakes it soon after', async () => {
    const rows = [row(250), row(900), row(1_700)]
    await on.scheduler.wake(rows)
    await rung(rows, 1_700 + LATE_MS)
    for (const { id, dueAt } of rows) expect(ringsOf(id)[0]?.at).toBeGreaterThanOrEqual(dueAt)
  })

  it('wakes a row once per generation, however often it is asked', async () => {
    const wanted = row(300)
    await on.scheduler.wake([wanted])
    await Promise.all([on.scheduler.wake([wanted]), on.scheduler.wake([wanted, row(300)])])
    await rung([wanted])
    await sleep(SETTLE_MS)
    expect(ringsOf(wanted.id)).toHaveLength(1)
  })

  it('wakes a row for its newer generation, whatever the older one was asked for', async () => {
    const older = row(300_000)
    const newer = { ...older, generation: 2, dueAt: Date.now() }
    await on.scheduler.wake([older])
    await on.scheduler.wake([newer])
    await rung([newer])
  })

  it('keeps the newer generation when the older one is asked for after it', async () => {
    const older = row(300_000)
    const newer = { ...older, generation: 2, dueAt: Date.now() + 300 }
    await on.scheduler.wake([newer])
    await on.scheduler.wake([older])
    await rung([newer])
  })

  it('wakes 100 rows in one call, each of them once', async () => {
    const rows = Array.from({ length: 100 }, (_, at) => row(at % 2 === 0 ? 0 : 300))
    const before = on.asked()
    await on.scheduler.wake(rows)
    expect(on.asked() - before).toBe(1)
    await rung(rows, 2 * LATE_MS)
    await sleep(SETTLE_MS)
    expect(rows.filter(({ id }) => ringsOf(id).length !== 1)).toEqual([])
  })

  it('asks nobody when there is nothing to wake', async () => {
    const before = on.asked()
    await on.scheduler.wake([])
    expect(on.asked()).toBe(before)
  })

  it('leaves the rows it is given as they were', async () => {
    const rows = Object.freeze([Object.freeze(row(0)), Object.freeze(row(0))]) as Waiting[]
    await on.scheduler.wake(rows)
    await on.scheduler.wake(rows)
    await rung(rows)
  })

  it('is a Fault of the scheduler, without ids in it, when the other side does not answer; and works again after', async () => {
    const wanted = row(0)
    on.break(true)
    const error = await on.scheduler.wake([wanted]).catch((thrown: unknown) => thrown)
    on.break(false)
    expect(error).toBeInstanceOf(Fault)
    expect(error).toMatchObject({ port: 'scheduler', message: 'scheduler unavailable' })
    await on.scheduler.wake([wanted])
    await rung([wanted])
  })
}
