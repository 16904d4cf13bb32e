// The account side of a random history: few people and sessions, so that their turns, ends and epochs meet.
import type { IdPrefix } from '../../../lib/names/ids.ts'
import type { AuditEntry } from '../../../lib/ports/audit.ts'
import type { Bearer, NewSession } from '../../../lib/ports/sessions.ts'
import type { Store } from '../../../lib/ports/store.ts'
import { LOGIN_RULE } from '../../../lib/rules/numbers.ts'
import { DAY, MINUTE, SECOND } from '../../contract/store-kit.ts'

/** One call, to be made of every store. */
export interface Step {
  name: string
  call(store: Store): Promise<unknown>
}

export interface Dice {
  chance(p: number): boolean
  pick<T>(list: readonly T[]): T
  id(prefix: IdPrefix): string
}

export const USERS = ['usr_ann', 'usr_bob'] as const

export class AccountHistory {
  #dice: Dice
  /** With the highest turn that may have been handed out. */
  #sessions: (NewSession & { n: number })[] = []
  /** Turned last: its grace is short, and what comes next ought to meet it. */
  #turned: (NewSession & { n: number }) | null = null

  constructor(dice: Dice) {
    this.#dice = dice
  }

  #make(now: number): NewSession {
    const { chance, id, pick } = this.#dice
    return {
      id: id('ses'),
      userId: pick(USERS),
      nonce: pick(['x', 'y']),
      provenAt: now - pick([0, 0, SECOND]),
      agent: chance(0.5) ? 'Firefox' : null,
      ip: chance(0.5) ? '203.0.113.0' : null,
    }
  }

  /** One that is going to be opened. */
  session(now: number): NewSession {
    const made = this.#make(now)
    this.#sessions.push({ ...made, n: 0 })
    return made
  }

  audit(now: number): AuditEntry | null {
    const { chance, pick } = this.#dice
    if (chance(0.5)) return null
    const origin = { agent: pick(['Firefox', null]), ip: pick(['203.0.113.0/24', null]) }
    return {
      at: now,
      kind: pick(['login', 'reset', 'login_failed', 'recovery_asked']),
      person: pick(['ann', null]),
      opener: null,
      ...origin,
    }
  }

  bearer(now: number): Bearer {
    const { id, pick } = this.#dice
    const s = this.#dice.chance(0.9) ? this.#sessions.at(-1) : undefined
    return { sessionId: s?.id ?? id('ses'), userId: s?.userId ?? pick(USERS), issuedAt: now - pick([0, MINUTE]) }
  }

  next(now: number, challenge: string): Step {
    const { chance, id, pick } = this.#dice
    const some = this.#sessions.length > 0 ? pick(this.#sessions.slice(-4)) : { ...this.#make(now), n: 0 }
    const s = this.#turned && chance(0.5) ? this.#turned : some
    const userId = pick(USERS)
    const series = pick(['login:a', 'login:b'])
    const takes = chance(0.3)
      ? [{ series: 'ip:logins', slot: id('req'), rules: [{ name: 'few', max: 3, perMs: DAY }] }]
      : []
    const ask = { series, rule: LOGIN_RULE, token: id('req'), takes, now }
    const opened = chance(0.8) ? this.#make(now) : s
    const clears = chance(0.5) ? [series] : []
    const audit = this.audit(now)
    const n = chance(0.6) ? s.n : Math.max(0, s.n + pick([-2, -1, -1, 1]))
    const turn = { id: s.id, n, nonce: chance(0.9) ? s.nonce : 'z', token: id('req'), now }
    const except = chance(0.6) ? s.id : null
    const effect = pick(['verify', 'reset'] as const)
    const by = pick([{ userId: s.userId }, { nonce: s.nonce }, { userId }])
    const steps: [number, Step][] = [
      [3, { name: `open ${opened.id} ${clears}`, call: (store) => store.sessions.open(opened, clears, now, audit) }],
      [6, { name: `turn ${JSON.stringify(turn)}`, call: (store) => store.sessions.turn(turn) }],
      [1, { name: `revoke ${s.id} ${JSON.stringify(by)}`, call: (store) => store.sessions.revoke(s.id, by, now) }],
      [1, { name: `revokeAll ${userId} ${except}`, call: (store) => store.sessions.revokeAll(userId, now, except) }],
      [2, { name: `list ${userId}`, call: (store) => store.sessions.list(userId, now) }],
      [4, { name: `throttle ${series}`, call: (store) => store.limits.throttle(ask) }],
      [1, { name: `confirm ${challenge}`, call: (store) => store.challenges.confirm(challenge, now, audit) }],
      [1, { name: `newest ${userId}`, call: (store) => store.challenges.newest(userId, effect, now) }],
    ]
    const step = pick(steps.flatMap(([weight, one]) => Array<Step>(weight).fill(one)))
    if (step.name.startsWith('open') && opened !== s) this.#sessions.push({ ...opened, n: 0 })
    if (!step.name.startsWith('turn')) return step
    if (n === s.n && turn.nonce === s.nonce) s.n++
    this.#turned = s
    return step
  }
}
