// Nothing is done by halves: whichever write of a step is refused, the step repeated ends where it would have ended.
import { expect, it } from 'vitest'
import { Fault } from '../../../lib/outcome/fault.ts'
import type { Store } from '../../../lib/ports/store.ts'
import { LOGIN_RULE } from '../../../lib/rules/numbers.ts'
import { SCRIPTS, type ScriptName } from '../../../lib/store/redis/scripts.ts'
import {
  again,
  challenge,
  codeRow,
  ends,
  group,
  guess,
  HOUR,
  id,
  later,
  MINUTE,
  message,
  newLease,
  one,
  opening,
  place,
  resending,
  right,
  SECOND,
  sending,
  sent,
  session,
  settlement,
  wrong,
} from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

// Redis as a script sees it, but that it refuses the write whose number stands in `test:refuse`.
const REFUSING = `local real = redis
local refused, written = tonumber(real.call('GET', 'test:refuse') or 0), 0
local WRITES = {}
for name in string.gmatch('SET DEL ZADD ZREM ZREMRANGEBYSCORE SADD SREM HSET HINCRBY PEXPIREAT PERSIST XADD XTRIM', '%S+') do
  WRITES[name] = true
end
local function guarded(call, tell)
  return function(name, ...)
    if WRITES[name] and refused > 0 then
      written = written + 1
      real.call('SET', 'test:written', written)
      if written == refused then return tell({ err = 'ERR refused' }) end
    end
    return call(name, ...)
  end
end
local redis = { call = guarded(real.call, error), pcall = guarded(real.pcall, function(why) return why end) }
`
// Before the first step runs: the client names a script by the hash of its text.
for (const name of Object.keys(SCRIPTS) as ScriptName[]) SCRIPTS[name] = REFUSING + SCRIPTS[name]

const now = Date.now()

/** Each makes its ground and answers the step; names are made once, so that every run is alike. */
const STEPS: Record<string, () => (store: Store) => Promise<() => Promise<unknown>>> = {
  'admit of a code, claimed'() {
    const c = challenge(now, { subject: id('usr', now), effect: 'verify', audience: 'account' })
    const rows = [codeRow(now, c), codeRow(now, c, { channel: 'sms' })]
    const audit = { at: now, kind: 'sign_up', person: 'p', opener: null, agent: null, ip: null }
    const more = { session: session(now), idempotency: { key: 'k', fingerprint: 'f' }, audit, claim: newLease(now) }
    const takes = [place('ip', [one('few', 5, HOUR)], 'slot')]
    const whole = { ...opening(now, c, rows[0], { ...more, takes }), messages: rows }
    return async (store) => () => store.outbox.admit([whole])
  },
  'admit of a message for later, behind another'() {
    const first = message(now, { dueAt: now + HOUR })
    const second = message(now, { dueAt: now + 2 * HOUR, after: [first.id], slot: first.slot })
    return async (store) => () => store.outbox.admit([group(now, [first, second])])
  },
  'admit of a resend'() {
    const c = challenge(now)
    const first = opening(now, c, codeRow(now, c), { claim: newLease(now) })
    const whole = resending(now + MINUTE, c, { claim: newLease(now) })
    return async (store) => {
      await store.outbox.admit([first])
      return () => store.outbox.admit([whole])
    }
  },
  'admit that hastens'() {
    const c = challenge(now)
    const first = opening(now, c, codeRow(now, c, { dueAt: now + HOUR }))
    const whole = resending(now + MINUTE, c, { claim: newLease(now), idempotency: { key: 'k', fingerprint: 'f' } })
    return async (store) => {
      await store.outbox.admit([first])
      return () => store.outbox.admit([whole])
    }
  },
  claim() {
    const [rows, lease] = [[message(now), message(now)], newLease(now)]
    return async (store) => {
      await store.outbox.admit([group(now, rows)])
      return () => store.outbox.claim({ ids: rows.map((row) => row.id) }, 1, lease, now)
    }
  },
  'settle as sent': settling(() => ['accepted', sent]),
  'settle as failed, which frees the next stage': settling(() => ['rejected', ends('failed', true)]),
  'settle for later': settling((providers) => ['unavailable', later(providers, now + HOUR)]),
  'settle and go on': settling((providers) => ['unavailable', again(providers, later(providers, now + HOUR))]),
  'settle that opens a breaker': settling((providers) => ['misconfigured', later(providers, now + HOUR)]),
  report() {
    const [row, lease] = [message(now), newLease(now)]
    return async (store) => {
      const { claimed } = await held(store, [row], lease)
      const told = { messageId: row.id, provider: claimed[0]?.intent ?? '', at: now, eventId: 'e', now }
      return () => store.outbox.report({ ...told, type: 'delivered' })
    }
  },
  reschedule() {
    const row = message(now, { dueAt: now + MINUTE })
    return async (store) => {
      await store.outbox.admit([group(now, [row])])
      return () => store.outbox.reschedule(row.id, now + HOUR, now)
    }
  },
  'check that approves'() {
    const c = challenge(now, { audience: 'account', subject: id('usr', now), effect: 'reset' })
    const rows = [codeRow(now, c), codeRow(now, c, { channel: 'sms', dueAt: now + MINUTE })]
    const asked = guess(c, right(c), now, { effect: 'reset', takes: [place('ip', [one('few', 5, HOUR)], 'slot')] })
    return async (store) => {
      await store.outbox.admit([{ ...opening(now, c, rows[0]), messages: rows }])
      return () => store.challenges.check(asked)
    }
  },
  'check that is wrong for the fifth time'() {
    const c = challenge(now)
    const row = codeRow(now, c, { dueAt: now + MINUTE })
    const guesses = [1, 2, 3, 4, 5].map(() => guess(c, wrong(), now))
    return async (store) => {
      await store.outbox.admit([opening(now, c, row)])
      for (const earlier of guesses.slice(0, 4)) await store.challenges.check(earlier)
      return () => store.challenges.check(guesses[4] ?? guess(c, wrong(), now))
    }
  },
  confirm() {
    const c = challenge(now, { audience: 'account', subject: id('usr', now), effect: 'verify' })
    const audit = { at: now, kind: 'verified', person: 'p', opener: null, agent: null, ip: null }
    const asked = guess(c, right(c), now, { effect: 'verify' })
    return async (store) => {
      await store.outbox.admit([group(now, [], { challenge: { open: c } })])
      await store.challenges.check(asked)
      return () => store.challenges.confirm(c.id, now, audit)
    }
  },
  take() {
    const takes = [place('a', [one('few', 5, HOUR)], 'slot'), place('b', [one('few', 5, HOUR)], 'slot')]
    return async (store) => () => store.limits.take(takes, now)
  },
  throttle() {
    const asked = { series: 'login', rule: LOGIN_RULE, token: id('req', now), takes: [], now }
    return async (store) => () => store.limits.throttle(asked)
  },
  'opening a session'() {
    const s = session(now)
    const audit = { at: now, kind: 'login', person: 'p', opener: null, agent: null, ip: null }
    return async (store) => () => store.sessions.open(s, ['login'], now, audit)
  },
  'turning a session'() {
    const [s, token] = [session(now), id('req', now)]
    return async (store) => {
      await store.sessions.open(s, [], now)
      return () => store.sessions.turn({ id: s.id, n: 0, nonce: s.nonce, token, now: now + SECOND })
    }
  },
}

const held = async (store: Store, rows: ReturnType<typeof message>[], claim: ReturnType<typeof newLease>) => {
  await store.outbox.admit([group(now, rows)])
  return store.outbox.claim({ ids: [rows[0]?.id ?? ''] }, 1, claim, now)
}

function settling(how: (providers: string[]) => [Parameters<typeof settlement>[1], Parameters<typeof settlement>[2]]) {
  return () => {
    const [first, lease] = [message(now, { slotSeries: ['series'] }), newLease(now)]
    const second = message(now, { after: [first.id], slot: first.slot, dueAt: now + HOUR })
    return async (store: Store) => {
      const { claimed } = await held(store, [first, second], lease)
      const [outcome, next] = how(first.providers)
      const row = claimed[0] ?? (await sending(store, now))
      return () => store.outbox.settle(settlement(row, outcome, next, now + SECOND))
    }
  }
}

onRedis('a step on redis', (on) => {
  /** What is true, and what indexes say; figures and the feed may miss one, see base.lua. */
  async function state(): Promise<{ truth: unknown[]; members: string[] }> {
    const lines = (await on.upstash.dump())
      .split('\n')
      .filter((line) => !/^(test:|posta:(events|schema|stats:|answer:|epoch:))/.test(line))
    const isIndex = (line: string) =>
      /^posta:(live|unarmed|dead|messages|recipient|hours|subject|sessions)\b/.test(line)
    const members = lines.filter(isIndex).flatMap((line) => {
      const [key = '', list = '[]'] = line.split(/ (.*)/s)
      return (JSON.parse(list) as string[]).filter((_, at) => at % 2 === 0).map((member) => `${key} ${member}`)
    })
    return {
      truth: lines.filter((line) => !isIndex(line)).map(alike),
      members,
    }
  }
  /** Without what differs from run to run: the order of fields, names of calls, and places in the feed. */
  const alike = (line: string) => {
    const [key = '', value = ''] = line.split(/ (.*)/s)
    const plain = (text: string): unknown => {
      try {
        return JSON.parse(text, (name, inner) => {
          if (name === 'seq' || name === 'toldTo') return undefined
          if (typeof inner === 'string' && /^[[{]/.test(inner)) return plain(inner)
          if (typeof inner === 'string' && /^\d{16}$/.test(inner)) return 'seq'
          return inner
        })
      } catch {
        return text
      }
    }
    return [key, plain(value)]
  }

  async function run(make: (store: Store) => Promise<() => Promise<unknown>>, refuse: number) {
    await on.upstash.redis('FLUSHALL')
    const step = await make(on.store)
    if (refuse > 0) await on.upstash.redis('SET', 'test:refuse', refuse)
    const first = await step().catch((error: unknown) => error)
    const written = Number((await on.upstash.redis('GET', 'test:written')) ?? 0)
    await on.upstash.redis('DEL', 'test:refuse')
    const answer = first instanceof Error ? await step() : first
    return { first, answer, written, ...(await state()) }
  }

  it.each(Object.entries(STEPS))('%s', { timeout: 60_000 }, async (_, prepare) => {
    const make = prepare()
    const calm = await run(make, 0)
    for (let n = 1; ; n++) {
      const broken = await run(make, n)
      if (broken.written < n) {
        expect(n).toBeGreaterThan(1)
        break
      }
      if (broken.first instanceof Error) expect(broken.first, `write ${n}`).toBeInstanceOf(Fault)
      else expect(broken.first, `write ${n}`).toEqual(calm.first)
      expect(broken.truth, `write ${n}`).toEqual(calm.truth)
      expect(broken.members, `write ${n}`).toEqual(expect.arrayContaining(calm.members))
      expect(broken.answer, `write ${n}`).toEqual(calm.answer)
    }
  })
})
