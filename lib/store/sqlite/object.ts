// The embedded default: one SQLite Durable Object holds the store's tables and the scheduler's alarm.
import { DurableObject } from 'cloudflare:workers'
import { errorFields, jsonLog } from '../../log.ts'
import type { Waiting } from '../../ports/outbox.ts'
import { DESK_SCHEMA, type DeskStepName, runDesk } from '../../providers/desk.ts'
import { type AlarmClock, noteWakes, ring, WAKES_SCHEMA } from '../../scheduler/alarm.ts'
import { SCHEMA } from './schema.ts'
import { runStep, type StepAnswer, type StepArgs, type StepName } from './steps.ts'
import type { StepRunner } from './store.ts'

/** The Worker's own entrypoint for work that must not happen inside the object; it answers before the work is done. */
interface Exports {
  Delivery: { deliver(ids: string[]): Promise<void> }
}

export class PostaObject extends DurableObject implements StepRunner, AlarmClock {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    ctx.storage.sql.exec(SCHEMA)
    ctx.storage.sql.exec(WAKES_SCHEMA)
    ctx.storage.sql.exec(DESK_SCHEMA)
  }

  async run<N extends StepName>(name: N, args: StepArgs<N>): Promise<StepAnswer<N>> {
    return this.ctx.storage.transactionSync(() => runStep(this.ctx.storage.sql, name, args))
  }

  async desk(name: DeskStepName, args: unknown[]): Promise<unknown> {
    return runDesk(this.ctx.storage.sql, name, args)
  }

  async wake(rows: Waiting[]): Promise<void> {
    await this.#arm(noteWakes(this.ctx.storage.sql, rows))
  }

  /** Catches everything: an alarm that throws is retried with the same rows and would hold up the rest. */
  override async alarm(): Promise<void> {
    const { loads, next } = ring(this.ctx.storage.sql, Date.now())
    const { Delivery } = this.ctx.exports as unknown as Exports
    const rung = await Promise.allSettled(loads.map((ids) => Delivery.deliver(ids)))
    for (const one of rung) {
      // The rows stay due in the outbox: the sweeper takes them.
      if (one.status === 'rejected') jsonLog(console.log, Date.now)('error', 'alarm_failed', errorFields(one.reason))
    }
    await this.#arm(next)
  }

  async #arm(at: number | null): Promise<void> {
    if (at === null) return
    const armed = await this.ctx.storage.getAlarm()
    if (armed === null || armed > at) await this.ctx.storage.setAlarm(at)
  }
}
