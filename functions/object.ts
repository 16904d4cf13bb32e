// The embedded object: the store's tables, accounts, the alarm as clock and the development desk in one place.
import { DurableObject } from 'cloudflare:workers'
import { errorFields, jsonLog } from '../lib/log.ts'
import type { Waiting } from '../lib/ports/outbox.ts'
import { DESK_SCHEMA, type DeskObject, type DeskStepName, runDesk } from '../lib/providers/desk.ts'
import { type AlarmClock, noteWakes, ring, WAKES_SCHEMA } from '../lib/scheduler/alarm.ts'
import { messageEnded } from '../lib/store/sqlite/rows.ts'
import { SCHEMA } from '../lib/store/sqlite/schema.ts'
import { runStep, type StepAnswer, type StepArgs, type StepName } from '../lib/store/sqlite/steps.ts'
import type { StepRunner } from '../lib/store/sqlite/store.ts'
import { USERS_SCHEMA } from '../lib/users/sqlite/schema.ts'
import {
  runUsersStep,
  type UsersStepAnswer,
  type UsersStepArgs,
  type UsersStepName,
} from '../lib/users/sqlite/steps.ts'
import type { UsersRunner } from '../lib/users/sqlite/users.ts'

/** What the object calls to have work done outside itself: `Delivery` of functions/index.ts. */
interface DeliveryStarter {
  deliver(ids: string[]): Promise<void>
}

/** The embedded default: one SQLite Durable Object holds the store's tables, the scheduler's alarm and the desk. */
export class PostaObject extends DurableObject implements StepRunner, UsersRunner, AlarmClock, DeskObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    ctx.storage.sql.exec(SCHEMA)
    ctx.storage.sql.exec(USERS_SCHEMA)
    ctx.storage.sql.exec(WAKES_SCHEMA)
    ctx.storage.sql.exec(DESK_SCHEMA)
  }

  async run<N extends StepName>(name: N, args: StepArgs<N>): Promise<StepAnswer<N>> {
    return this.ctx.storage.transactionSync(() => runStep(this.ctx.storage.sql, name, args))
  }

  async users<N extends UsersStepName>(name: N, args: UsersStepArgs<N>): Promise<UsersStepAnswer<N>> {
    return this.ctx.storage.transactionSync(() => runUsersStep(this.ctx.storage.sql, name, args))
  }

  async desk(name: DeskStepName, args: unknown[]): Promise<unknown> {
    return runDesk(this.ctx.storage.sql, name, args)
  }

  async wake(rows: Waiting[]): Promise<void> {
    await this.#arm(noteWakes(this.ctx.storage.sql, rows))
  }

  /** Catches everything: an alarm that throws is retried with the same rows and would hold up the rest. */
  override async alarm(): Promise<void> {
    const { sql } = this.ctx.storage
    const { loads, next } = ring(sql, Date.now(), (id) => messageEnded(sql, id))
    // Typed by hand: the generated type of the entry module would refer to itself.
    const { Delivery } = this.ctx.exports as unknown as { Delivery: DeliveryStarter }
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
