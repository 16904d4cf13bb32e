// The embedded object: the store's tables, accounts, the alarm as clock and the development desk in one place.
import { DurableObject } from 'cloudflare:workers'
import { errorFields, jsonLog } from '../lib/log.ts'
import { deskSteps } from '../lib/providers/desk.ts'
import { ALARM } from '../lib/rules/numbers.ts'
import { clockSteps, ring } from '../lib/scheduler/alarm.ts'
import { type AnswerOf, type ArgsOf, type Door, type NameIn, runStep } from '../lib/steps/steps.ts'
import { ShapeError, upgrade } from '../lib/steps/upgrades.ts'
import { movingSteps } from '../lib/store/sqlite/moving.ts'
import { nextRing, type Rung, ringRows } from '../lib/store/sqlite/ring.ts'
import { steps, WAKING } from '../lib/store/sqlite/steps.ts'
import { leavingSteps } from '../lib/users/sqlite/leaving.ts'
import { usersSteps } from '../lib/users/sqlite/steps.ts'
import type { ObjectSteps } from '../lib/wire.ts'
import { UPGRADES } from './shape.ts'

const TABLES: ObjectSteps = {
  ...{ store: steps, users: usersSteps, moving: movingSteps, leaving: leavingSteps },
  ...{ clock: clockSteps, desk: deskSteps },
}

/** What the object calls to have work done outside itself: `Delivery` of functions/index.ts. */
interface DeliveryStarter {
  /** `own`: rows that the object holds, in the order of their priority; or a few that another store does. */
  deliver(ids: string[], whose: 'own' | 'other'): Promise<void>
  /** Takes what is due; true when there may be more. */
  drain(): Promise<boolean>
}

/** The embedded default: one SQLite Durable Object holds the store's tables, the scheduler's alarm and the desk. */
export class PostaObject extends DurableObject implements Door<ObjectSteps> {
  /** Its own rows wake by its alarm, unless QStash is their clock; it is that of Upstash's rows where there is Upstash. */
  readonly #isClock: boolean
  readonly #rung: Rung = new Map()
  /** Rows of another store are due, more than one invocation can do: each turn starts some workers for them. */
  #isDraining = false
  /** When it rang last: workers that settle together are followed by one. */
  #rangAt = 0
  /** What the alarm is set to, as far as is known: null = to nothing; undefined = not looked at yet. */
  #armedAt: number | null | undefined

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    const { QSTASH_TOKEN, UPSTASH_REDIS_REST_URL } = env as { QSTASH_TOKEN?: string; UPSTASH_REDIS_REST_URL?: string }
    this.#isClock = !QSTASH_TOKEN?.trim() || Boolean(UPSTASH_REDIS_REST_URL?.trim())
    const log = jsonLog(console.log, Date.now)
    try {
      const { from, to } = ctx.storage.transactionSync(() => upgrade(ctx.storage.sql, UPGRADES))
      if (from > 0 && from < to) log('info', 'state_upgraded', { state: `shape ${from} to ${to}` })
    } catch (error) {
      // Every call of the object fails from here on; only this line says why.
      log('error', 'state_unreadable', {
        ...errorFields(error),
        state: error instanceof ShapeError ? error.message : undefined,
      })
      throw error
    }
  }

  async run<K extends keyof ObjectSteps & string, N extends NameIn<ObjectSteps[K]>>(
    table: K,
    name: N,
    args: ArgsOf<ObjectSteps[K], N>,
  ): Promise<AnswerOf<ObjectSteps[K], N>> {
    const { storage } = this.ctx
    const answer = storage.transactionSync(() => runStep(TABLES[table], storage.sql, name, args))
    if (table === 'clock' && name === 'drain') this.#isDraining = true
    if (table === 'clock') await this.#arm(answer as number | null)
    if (table === 'store' && WAKING.has(name)) await this.#armForRows()
    return answer
  }

  /** Catches everything: an alarm that throws is retried with the same rows and would hold up the rest. */
  override async alarm(): Promise<void> {
    this.#armedAt = null
    const { sql } = this.ctx.storage
    const now = Date.now()
    this.#rangAt = now
    const others = ring(sql, now)
    const own = this.#isClock ? ringRows(sql, this.#rung, now) : { loads: [], next: null }
    // Typed by hand: the generated type of the entry module would refer to itself.
    const { Delivery } = this.ctx.exports as unknown as { Delivery: DeliveryStarter }
    const drains = this.#isDraining ? ALARM.drainsAtOnce : 0
    const rung = await Promise.allSettled([
      ...own.loads.map((ids) => Delivery.deliver(ids, 'own')),
      ...others.loads.map((ids) => Delivery.deliver(ids, 'other')),
    ])
    const drained = await Promise.allSettled(Array.from({ length: drains }, () => Delivery.drain()))
    this.#isDraining = drained.some((one) => one.status === 'fulfilled' && one.value)
    for (const one of [...rung, ...drained]) {
      // The rows stay due in the outbox: the sweeper takes them.
      if (one.status === 'rejected') jsonLog(console.log, Date.now)('error', 'alarm_failed', errorFields(one.reason))
    }
    await this.#arm(own.next)
    await this.#arm(others.next)
    if (this.#isDraining) await this.#arm(now + ALARM.turnMs)
  }

  async #armForRows(): Promise<void> {
    if (!this.#isClock) return
    // In a drain the next turn is near anyway: it looks at the rows itself.
    const now = Date.now()
    if (this.#armedAt && this.#armedAt <= now + ALARM.turnMs) return
    const next = nextRing(this.ctx.storage.sql, this.#rung, now)
    await this.#arm(next === null ? null : Math.max(next, this.#rangAt + ALARM.turnMs))
  }

  async #arm(at: number | null): Promise<void> {
    if (at === null) return
    if (this.#armedAt === undefined) this.#armedAt = await this.ctx.storage.getAlarm()
    if (this.#armedAt !== null && this.#armedAt <= at) return
    this.#armedAt = at
    await this.ctx.storage.setAlarm(at)
  }
}
