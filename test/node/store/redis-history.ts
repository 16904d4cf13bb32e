// Random histories of the store port for the agreement of its adapters.
import { type IdPrefix, newId } from '../../../lib/names/ids.ts'
import type { Admission, NewMessage } from '../../../lib/ports/admission.ts'
import type { Check, NewChallenge } from '../../../lib/ports/challenges.ts'
import type { Take } from '../../../lib/ports/limits.ts'
import type { Next, Report } from '../../../lib/ports/outbox.ts'
import type { ListFilter } from '../../../lib/ports/record.ts'
import type { Claimed, Lease } from '../../../lib/ports/row.ts'
import { OUTCOMES, PRIORITIES, REPORT_TYPES } from '../../../lib/rules/status.ts'
import type { Rule } from '../../../lib/rules/windows.ts'
import { again, DAY, ends, HOUR, later, MINUTE, SECOND, sent, settlement } from '../../contract/store-kit.ts'
import { AccountHistory, type Step, USERS } from './redis-history-accounts.ts'

/** A seeded source of calls: few names, so that they meet; what was answered feeds what is asked next. */
export class History {
  #state: number
  #now: number
  #messages: string[] = []
  /** Those that were admitted. */
  #challenges: NewChallenge[] = []
  #asked: Admission[] = []
  #claimed: Claimed[] = []
  #admissions: Admission[] = []
  #accounts: AccountHistory

  constructor(seed: number, now: number) {
    this.#state = seed * 2_654_435_761
    this.#now = now
    this.#accounts = new AccountHistory({ chance: this.#chance, pick: this.#pick, id: this.#id })
  }

  get now(): number {
    return this.#now
  }

  /** mulberry32 */
  #fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  #below = (n: number) => Math.floor(this.#fraction() * n)
  #chance = (p: number) => this.#fraction() < p
  #pick = <T>(list: readonly T[]): T => list[this.#below(list.length)] as T
  #id = (prefix: IdPrefix) => newId(prefix, this.#now, (n) => Uint8Array.from({ length: n }, () => this.#below(256)))
  #known = () =>
    this.#messages.length > 0 && this.#chance(0.95) ? this.#pick(this.#messages.slice(-12)) : this.#id('msg')
  #some = <T>(list: readonly T[]): T[] => list.filter(() => this.#chance(0.6))
  #lease = (): Lease => ({ token: this.#id('lease'), leaseMs: 30 * SECOND })

  learn(answer: unknown): void {
    for (const [index, one] of Array.isArray(answer) ? answer.entries() : []) {
      const made = this.#asked[index]?.challenge
      const isNew = made && 'open' in made && !this.#challenges.includes(made.open)
      if (one.kind === 'admitted' && isNew) this.#challenges.push(made.open)
    }
    if (Array.isArray(answer)) for (const one of answer) this.learn(one)
    else if (answer && typeof answer === 'object') {
      if ('claimed' in answer) this.#claimed.push(...(answer.claimed as Claimed[]))
      if ('intent' in answer && 'leaseUntil' in answer) {
        const last = this.#claimed.at(-1)
        if (last) this.#claimed.push({ ...last, ...(answer as Partial<Claimed>), attempt: last.attempt + 1 })
      }
    }
  }

  /** The next call; now and then it is made twice, as after a lost answer. */
  next(): Step[] {
    const before = this.#now
    const short = [0, 0, 0, 1, SECOND, SECOND, 5 * SECOND, 31 * SECOND, MINUTE]
    this.#now += this.#chance(0.95) ? this.#pick(short) : this.#pick([9 * MINUTE, HOUR, 11 * HOUR])
    const now = this.#now
    const makes: [number, () => Step][] = [
      [6, () => this.#admit(now)],
      [5, () => this.#claim(now)],
      [7, () => this.#settle(now)],
      [2, () => this.#report(now)],
      [2, () => this.#check(now)],
      [1, () => this.#take(now)],
      [5, () => this.#accounts.next(now, this.#someChallenge())],
      [3, () => this.#operate(now)],
      [6, () => this.#look(now)],
    ]
    let at = this.#below(makes.reduce((sum, [weight]) => sum + weight, 0))
    for (const [weight, make] of makes) {
      at -= weight
      if (at < 0) {
        const step = make()
        // Steps whose callers name ids, tokens or slots may be repeated by anybody.
        const calls =
          /^(admit|claim|settle|report|check|take|open|turn|throttle|revoke|confirm)/.test(step.name) &&
          this.#chance(0.2)
            ? [step, step]
            : [step]
        // The sweeper has been round: what outlived its retention is gone from both.
        return now - before < MINUTE ? calls : [this.#due(now), ...calls]
      }
    }
    throw new Error('no step')
  }

  #rules = (): Rule[] => [
    { name: 'few', max: 1 + this.#below(3), perMs: HOUR },
    { name: 'gap', max: 1, perMs: 30 * SECOND },
  ]
  #takes = (slot: string): Take[] =>
    this.#some(['a', 'b', 'c']).map((series) => ({ series: `ip:${series}`, slot, rules: this.#rules() }))

  #someChallenge = () => (this.#challenges.length > 0 ? this.#pick(this.#challenges.slice(-4)).id : 'ch_none')

  #challenge(now: number): NewChallenge {
    const effect = this.#pick([null, null, 'verify', 'reset'] as const)
    return {
      id: this.#id('ch'),
      purpose: 'login',
      audience: this.#pick(['service', 'account']),
      opener: this.#pick(['owner', 'anonymous']),
      persons: this.#some(['ann', 'bob', 'cy']),
      effect,
      subject: effect && this.#pick([...USERS, null]),
      sealed: 'sealed',
      macs: { email: this.#pick(['1', '2']), sms: this.#pick(['1', '2', '3']) },
      codeExpiresAt: now + 10 * MINUTE,
      endsAt: now + HOUR,
      resendAt: now + 30 * SECOND,
      createdAt: now,
    }
  }

  #message(now: number, c: NewChallenge | null, earlier: NewMessage | undefined): NewMessage {
    const id = this.#id('msg')
    const expiresAt = this.#chance(0.5) ? now + this.#pick([MINUTE, 10 * MINUTE, HOUR]) : null
    this.#messages.push(id)
    return {
      id,
      challengeId: c?.id ?? null,
      channel: this.#pick(['email', 'sms']),
      template: this.#pick(['one', 'two']),
      class: 'transactional',
      priority: this.#pick(PRIORITIES),
      recipient: this.#pick(['r1', 'r2', 'r3']),
      sealed: `sealed ${id} “ñ”`,
      providers: this.#pick([['p1', 'p2'], ['p2'], ['p3', 'p1']]),
      dueAt: now + this.#pick([0, 0, 0, MINUTE, 15 * MINUTE, HOUR]),
      expiresAt,
      startBy: expiresAt === null ? null : expiresAt - 3 * SECOND,
      giveUpAt: now + this.#pick([MINUTE, HOUR, DAY]),
      after: earlier && this.#chance(0.8) ? [earlier.id] : [],
      slot: earlier?.slot ?? id,
      slotSeries: c ? c.persons.map((person) => `send:${c.opener}:${person}`) : this.#some(['send:x', 'send:y']),
    }
  }

  #admission(now: number): Admission {
    const old = this.#challenges.slice(-4)
    const resend = old.length > 0 && this.#chance(0.35) ? this.#pick(old) : null
    const c = resend ?? (this.#chance(0.5) ? this.#challenge(now) : null)
    const messages: NewMessage[] = []
    for (let n = this.#pick([0, 1, 1, 1, 2, 3]); n > 0; n--) messages.push(this.#message(now, c, messages.at(-1)))
    const [first] = messages
    const send = {
      id: c?.id ?? '',
      channel: first?.channel ?? 'email',
      codeExpiresAt: now + 10 * MINUTE,
      resendAt: now,
    }
    const slot = first?.slot ?? this.#id('req')
    return {
      idempotency: this.#chance(0.3)
        ? {
            ...this.#pick([{}, {}, { keptMs: HOUR }]),
            key: this.#pick(['k1', 'k2']),
            fingerprint: this.#pick(['f', 'g']),
          }
        : null,
      takes: this.#chance(0.3) ? this.#takes(slot) : [],
      sends: (first?.slotSeries ?? []).map((series) => ({ series, slot, rules: this.#rules() })),
      challenge: c === null ? null : resend ? { resend: send } : { open: c },
      messages,
      session: this.#chance(0.15) ? this.#accounts.session(now) : null,
      bearer: this.#chance(0.15) ? this.#accounts.bearer(now) : null,
      audit: this.#chance(0.3) ? this.#accounts.audit(now) : null,
      claim: this.#chance(0.5) ? this.#lease() : null,
      now,
    }
  }

  #admit(now: number): Step {
    const last = this.#admissions.at(-1)
    const again = last && now - last.now < 4 * MINUTE && this.#chance(0.3)
    const fresh = Array.from({ length: this.#pick([1, 1, 1, 3]) }, () => this.#admission(now))
    if (!again) this.#admissions.push(...fresh)
    const groups = again ? [{ ...last, now }] : fresh
    this.#asked = groups
    return { name: `admit ${JSON.stringify(groups)}`, call: (store) => store.outbox.admit(groups) }
  }

  #claim(now: number): Step {
    const what = this.#chance(0.5) ? ({ due: true } as const) : { ids: [...new Set([this.#known(), this.#known()])] }
    const [max, lease] = [this.#pick([1, 2, 3, 6]), this.#lease()]
    return { name: `claim ${JSON.stringify(what)} ${max}`, call: (store) => store.outbox.claim(what, max, lease, now) }
  }

  #settle(now: number): Step {
    const row = this.#claimed.length > 0 ? this.#pick(this.#claimed.slice(-3)) : null
    if (!row) return this.#look(now)
    const outcome = this.#pick([...OUTCOMES, 'unavailable'] as const)
    const dueAt = now + this.#pick([0, SECOND, MINUTE, 20 * MINUTE])
    const release = this.#chance(0.4)
    const candidates = this.#chance(0.5) ? row.providers : row.providers.slice(-1)
    const otherwise = later(candidates, dueAt, { release, plan: `plan ${now}` })
    const ended = this.#pick(['failed', 'unknown', 'expired'] as const)
    const next: Next =
      outcome === 'accepted' ? sent : this.#pick<Next>([ends(ended, release), otherwise, again(candidates, otherwise)])
    const more = next.kind === 'later' && this.#chance(0.2) ? { record: null, breaker: 'none' as const } : {}
    const one = settlement(row, outcome, next, now, {
      startedAt: now - this.#pick([0, MINUTE]),
      ...more,
    })
    return { name: `settle ${JSON.stringify(one)}`, call: (store) => store.outbox.settle(one) }
  }

  #report(now: number): Step {
    const type = this.#pick(REPORT_TYPES)
    const one: Report = { messageId: this.#known(), provider: 'p1', type, at: now, eventId: `e${this.#below(60)}`, now }
    return { name: `report ${JSON.stringify(one)}`, call: (store) => store.outbox.report(one) }
  }

  #check(now: number): Step {
    const c = this.#challenges.length > 0 ? this.#pick(this.#challenges.slice(-4)) : this.#challenge(now)
    const slot = this.#id('req')
    const [judged] = this.#takes(slot)
    const one: Check = {
      id: c.id,
      audience: this.#chance(0.9) ? c.audience : 'service',
      effect: this.#chance(0.9) ? (c.effect ?? null) : 'reset',
      bearer: this.#chance(0.15) ? this.#accounts.bearer(now) : null,
      origin: this.#chance(0.5) ? { agent: 'Firefox', ip: null } : null,
      token: slot,
      proof: this.#chance(0.15) ? { link: 'email' } : { macs: [this.#pick(['1', '3', 'x', 'x', 'y', 'z'])] },
      takes: this.#chance(0.2) ? this.#takes(slot) : [],
      wrong: judged && this.#chance(0.3) ? { ...judged, series: 'wrong' } : null,
      now,
    }
    return { name: `check ${JSON.stringify(one)}`, call: (store) => store.challenges.check(one) }
  }

  #take(now: number): Step {
    const takes = this.#takes(this.#id('req'))
    return { name: `take ${JSON.stringify(takes)}`, call: (store) => store.limits.take(takes, now) }
  }

  #operate(now: number): Step {
    const id = this.#known()
    const at = now + this.#pick([MINUTE, HOUR])
    const force = this.#chance(0.5)
    return this.#pick<Step>([
      { name: `cancel ${id}`, call: (store) => store.outbox.cancel(id, now) },
      { name: `reschedule ${id} ${at}`, call: (store) => store.outbox.reschedule(id, at, now) },
      { name: `replay ${id} ${force}`, call: (store) => store.outbox.replay(id, force, at, now) },
    ])
  }

  #due(now: number): Step {
    const horizonMs = this.#pick([0, 5 * MINUTE, HOUR])
    return { name: `due ${horizonMs}`, call: (store) => store.outbox.due(horizonMs, 100, now) }
  }

  #look(now: number): Step {
    const id = this.#known()
    const challenge = this.#challenges.at(-1)?.id ?? 'ch_none'
    const filter: ListFilter = {
      limit: this.#pick([1, 3, 100]),
      ...(this.#chance(0.3) ? { recipient: this.#pick(['r1', 'r2']) } : {}),
      ...(this.#chance(0.3) ? { dead: true } : {}),
      ...(this.#chance(0.2) ? { status: this.#pick(['queued', 'sent', 'failed'] as const) } : {}),
      ...(this.#chance(0.2) ? { channel: 'email' } : {}),
      ...(this.#chance(0.2) ? { priority: 'low' } : {}),
      ...(this.#chance(0.2) ? { since: now - HOUR } : {}),
      ...(this.#chance(0.2) ? { cursor: id } : {}),
    }
    return this.#pick<Step>([
      { name: `find ${id}`, call: (store) => store.outbox.find(id) },
      { name: `list ${JSON.stringify(filter)}`, call: (store) => store.outbox.list(filter) },
      { name: 'stats', call: (store) => store.outbox.stats(now) },
      this.#due(now),
      { name: `view ${challenge}`, call: (store) => store.challenges.view(challenge, now) },
      { name: 'events', call: (store) => store.events.after(0, 1_000) },
      { name: 'audit', call: (store) => store.audit.list(100) },
    ])
  }
}
