// The Store port over Redis: every method is one script, so one atomic step and one round trip.
import { Fault } from '../../outcome/fault.ts'
import type { AuditRecord } from '../../ports/audit.ts'
import type { Checked } from '../../ports/challenges.ts'
import type { Limited } from '../../ports/limits.ts'
import type { Replayed, Settled } from '../../ports/outbox.ts'
import type { Cancelled, Waiting } from '../../ports/row.ts'
import type { Store } from '../../ports/store.ts'
import { NEWEST_WALK_MAX } from '../../rules/numbers.ts'
import type { Usage } from '../../rules/windows.ts'
import { newToken, type RedisConfig, redisClient } from './client.ts'
import { AUDIT, EVENTS, key, SHARED, SWEPT } from './keys.ts'
import { redisLook } from './look.ts'
import { admissionKeys, asked, auditText, bearerKeys, messageKeys, seriesKeys, texts } from './requests.ts'
import {
  admitted,
  checked,
  claims,
  feedEvent,
  type List,
  list,
  type RawAdmitted,
  type RawClaims,
  type RawFeed,
  type RawView,
  settled,
  view,
} from './rows.ts'
import { redisSessions } from './sessions.ts'

export function redisStore(config: RedisConfig): Store {
  const client = redisClient(config)

  /** Runs a step that answers JSON. */
  async function step<T>(...args: Parameters<typeof client.run>): Promise<T> {
    const answer = String(await client.run(...args))
    try {
      return JSON.parse(answer) as T
    } catch {
      // The parser's own error would quote the answer.
      throw new Fault('store')
    }
  }

  /** Keys of a change to one named message. */
  const changing = (id: string): string[] => [...messageKeys(id), ...SHARED]

  return {
    home: 'redis',
    outbox: {
      async admit(groups) {
        const keys = new Set([...groups.flatMap(admissionKeys), ...SHARED])
        const raw = await step<RawAdmitted[]>('admit', [...keys], { groups: groups.map(asked) })
        return list(raw).map(admitted)
      },
      async claim(what, max, lease, now) {
        const ids = 'ids' in what ? what.ids : []
        const token = newToken()
        const keys = [...ids.flatMap(messageKeys), key('lease', lease.token), key('answer', token), ...SHARED]
        const request = { ids, due: what.due ?? false, max, lease, now }
        return claims(await step<RawClaims>('claim', keys, request, token))
      },
      async settle(settlement) {
        const { id, next } = settlement
        const keys = [...messageKeys(id), ...SHARED]
        const request = { ...settlement, next: texts(next) }
        return settled(await step<Settled>('settle', keys, request))
      },
      async due(horizonMs, max, now) {
        const token = newToken()
        const keys = [key('answer', token), SWEPT, ...SHARED]
        const raw = await step<{ overdue: number; upcoming: Waiting[]; lagMs: number }>(
          'due',
          keys,
          { horizonMs, max, now },
          token,
        )
        return { ...raw, upcoming: list<Waiting>(raw.upcoming) }
      },
      async cancel(id, now) {
        return step('cancel', changing(id), { id, now })
      },
      async cancelBy(reference, now) {
        const token = newToken()
        const name = `reference:${reference}`
        const keys = [key('link', name), key('answer', token), ...SHARED]
        return list(await step<List<{ id: string } & Cancelled>>('cancelBy', keys, { name, now }, token))
      },
      async reschedule(id, dueAt, now) {
        return step('reschedule', changing(id), { id, dueAt, now })
      },
      async replay(id, force, giveUpAt, now) {
        return step('replay', changing(id), { id, force, giveUpAt, now })
      },
      async replayAll(rows, force, now) {
        if (rows.length === 0) return []
        const token = newToken()
        const keys = [...rows.flatMap(({ id }) => messageKeys(id)), key('answer', token), ...SHARED]
        return list(await step<List<{ id: string } & Replayed>>('replayAll', keys, { rows, force, now }, token))
      },
      async closeBreaker(provider, now) {
        const token = newToken()
        const keys = [key('breaker', provider), key('answer', token), ...SHARED]
        type Closed = { closed: boolean; released: List<Waiting> }
        const raw = await step<Closed>('closeBreaker', keys, { provider, now }, token)
        return { ...raw, released: list(raw.released) }
      },
      async report(report) {
        return (await client.run('report', [...messageKeys(report.messageId), ...SHARED], report)) === 1
      },
      ...redisLook(step),
    },
    challenges: {
      async check(check) {
        const series = seriesKeys([...check.takes, ...(check.wrong ? [check.wrong] : [])])
        const own = [key('challenge', check.id), ...(check.bearer ? bearerKeys(check.bearer) : [])]
        return checked(await step<Checked>('check', [...own, ...series, ...AUDIT, ...SHARED], check, check.token))
      },
      async view(id, now) {
        const raw = await step<RawView | null>('view', [key('challenge', id)], { id })
        return raw && view(raw, now)
      },
      async newest(subject, effect, now) {
        const raw = await step<RawView | null>('view', [key('subject', subject)], {
          subject,
          effect,
          now,
          max: NEWEST_WALK_MAX,
        })
        return raw && view(raw, now)
      },
      async confirm(id, now, audit) {
        const request = { id, now, audit: audit ? auditText(audit, id) : null }
        await client.run('confirm', [key('challenge', id), ...(audit ? AUDIT : [])], request)
      },
    },
    limits: {
      async take(takes, now, bearer) {
        const keys = [...seriesKeys(takes), ...(bearer ? bearerKeys(bearer) : [])]
        type Answer = Awaited<ReturnType<Store['limits']['take']>>
        const raw = await step<Answer>('take', keys, { takes, now, bearer: bearer ?? null })
        return raw.kind === 'revoked' ? raw : { ...raw, usage: list<Usage>(raw.usage) }
      },
      async throttle(throttle) {
        const own = [key('throttle', throttle.series)]
        type Answer = { kind: 'taken'; usage: Usage[] } | Limited
        const raw = await step<Answer>('throttle', [...own, ...seriesKeys(throttle.takes)], throttle, throttle.token)
        return { ...raw, usage: list<Usage>(raw.usage) }
      },
      async forget(series) {
        await client.run('forget', [key('throttle', series)], { series })
      },
    },
    sessions: redisSessions(client, step),
    audit: {
      async append(entry) {
        await client.run('audit', AUDIT, { entry: auditText(entry, newToken()) })
      },
      async list(limit) {
        return list(await step<string[]>('audits', AUDIT, { limit })).map(auditEntry)
      },
    },
    events: {
      async after(seq, limit) {
        const raw = await step<RawFeed>('events', EVENTS, { seq, limit })
        return { events: list(raw.entries).map(feedEvent), behind: raw.behind }
      },
    },
    ping: () => client.ping(),
  }
}

function auditEntry(text: string): AuditRecord {
  const { at, kind, person, opener, agent, ip, count } = JSON.parse(text) as Partial<AuditRecord> & AuditRecord
  return {
    at,
    kind,
    person: person ?? null,
    opener: opener ?? null,
    agent: agent ?? null,
    ip: ip ?? null,
    count: count ?? 1,
  }
}
