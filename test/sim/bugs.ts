// Planted bugs: each breaks one promise around the real code, to show that the simulation can fail.
//
// lib/ stays as it is. A bug wraps what passes between core and ports (`runner`, `provider`), or stands at a store's door
// and changes what a step is asked, answers or leaves behind (`step`).

import type { Settlement } from '../../lib/ports/outbox.ts'
import { STATES } from '../../lib/rules/status.ts'
import { giveBack } from '../../lib/store/sqlite/limits.ts'
import type { StepAnswer, StepArgs, StepName } from '../../lib/store/sqlite/steps.ts'
import { answerOf, argsOf } from './bug-step.ts'
import { accountBugs } from './bugs-accounts.ts'
import { checkBugs } from './bugs-check.ts'
import type { Around, Bug, World } from './world.ts'

/** Changes what a step is asked. */
const asking =
  <K extends StepName>(which: K, change: (args: StepArgs<K>, world: World) => StepArgs<K>): Around =>
  (name, args, run, world) =>
    run((name as StepName) === which ? (change(argsOf(which, args), world) as never) : args)

/** Does something more after a step. */
const afterwards =
  <K extends StepName>(which: K, more: (args: StepArgs<K>, answer: StepAnswer<K>, world: World) => void): Around =>
  (name, args, run, world) => {
    const answer = run(args)
    if ((name as StepName) === which) more(argsOf(which, args), answerOf(which, answer), world)
    return answer
  }

/** `unknown` treated like a refusal: the next provider at once, although the first may have taken it. */
function fallingBack(s: Settlement, world: World): Settlement {
  if (s.record?.outcome !== 'unknown' || s.next.kind !== 'later') return s
  const row = world.db.row<{ class: string; providers: string }>(
    'SELECT class, providers FROM messages WHERE id = ?',
    s.id,
  )
  const rest = (JSON.parse(row?.providers ?? '[]') as string[]).filter((name) => name !== s.record?.provider)
  if (row?.class === 'security' || rest.length === 0) return s
  const { plan } = s.next
  return {
    ...s,
    next: { kind: 'again', candidates: rest, leaseMs: 30_000, plan, otherwise: { ...s.next, candidates: rest } },
  }
}

export const BUGS: Bug[] = [
  {
    name: 'record before send',
    how: 'provider: answers `accepted` before its call has ended',
    breaks: ['sent ⇒ the provider took it'],
    within: 10,
    provider: (provider) => ({
      ...provider,
      async send(outgoing, timeoutMs) {
        void provider.send(outgoing, timeoutMs)
        return { kind: 'accepted', providerId: null }
      },
    }),
  },
  {
    name: 'no lease reclaim',
    how: 'store: rows whose lease has ended are never handed out again',
    breaks: ['every row ends soon after faults stop'],
    within: 60,
    step: (name, args, run) => {
      const answer = run(args)
      if (name !== 'claim') return answer
      const claims = answerOf('claim', answer)
      return { ...claims, claimed: claims.claimed.filter((row) => !row.lost) } as typeof answer
    },
  },
  {
    name: 'new key per attempt',
    how: 'provider: a number is added to the key on each call',
    breaks: ["no second copy within a keyed provider's window"],
    within: 50,
    provider(provider) {
      let calls = 0
      return {
        ...provider,
        send: (outgoing, timeoutMs) => provider.send({ ...outgoing, key: `${outgoing.key}-${++calls}` }, timeoutMs),
      }
    },
  },
  {
    name: 'fallback on unknown for receipts',
    how: 'settle: `later` after `unknown` becomes `again` with the other providers',
    breaks: ['a provider in doubt is asked again before another'],
    within: 80,
    step: asking('settle', ([s], world) => [fallingBack(s, world)]),
  },
  {
    name: 'no expiry check',
    how: 'admit: rows are stored without `startBy` and with a late `giveUpAt`',
    breaks: ['no attempt starts that cannot land before expires_at'],
    within: 50,
    step: asking('admit', ([groups]) => [
      groups.map((group) => ({
        ...group,
        messages: group.messages.map((one) => ({ ...one, startBy: null, giveUpAt: one.giveUpAt + 86_400_000 })),
      })),
    ]),
  },
  {
    name: 'no sweeper',
    how: 'the cron never runs',
    breaks: ['every row ends soon after faults stop'],
    within: 30,
    sweeper: false,
  },
  {
    name: 'slot refunded at first refusal',
    how: 'settle: any refusal of a code returns its places',
    breaks: ['never more sends per person and opener than the rule'],
    within: 50,
    step: afterwards('settle', ([s], _answer, { db }) => {
      if (s.record === null || s.record.outcome === 'accepted') return
      const row = db.row<{ slot: string; slot_series: string }>(
        'SELECT slot, slot_series FROM messages WHERE id = ?',
        s.id,
      )
      if (row) giveBack(db.sql, JSON.parse(row.slot_series) as string[], row.slot)
    }),
  },
  {
    name: 'budget shared with strangers',
    how: 'admit: the opener is left out of the series of sends',
    breaks: ['a send is refused only for its own budget'],
    within: 50,
    step: asking('admit', ([groups]) => [
      groups.map((group) => ({
        ...group,
        sends: group.sends.map((one) => ({ ...one, series: one.series.replace(/^send:[a-z]+:/, 'send:all:') })),
      })),
    ]),
  },
  {
    name: 'report moves status back',
    how: 'report: the status becomes whatever the report says',
    breaks: ['a status follows only what it may'],
    within: 30,
    step: afterwards('report', ([{ messageId, type }], _answer, { db }) => {
      if ((STATES.reported as Record<string, string>)[type])
        db.rows('UPDATE messages SET status = ? WHERE id = ? AND ended_at > 0', type, messageId)
    }),
  },
  {
    name: 'breaker lets all through',
    how: 'settle: the breaker it has opened is closed again',
    breaks: ['an open breaker lets only its probe through'],
    within: 60,
    step: afterwards('settle', (_args, _answer, { db }) => {
      db.rows('UPDATE breakers SET open_until = NULL')
    }),
  },
  {
    name: 'cancel of what is under way',
    how: 'cancel: a row under lease is called cancelled',
    breaks: ['cancelled, expired, failed ⇒ no provider took it', 'nothing after an acknowledged cancel'],
    within: 100,
    step: (name, args, run, { db }) => {
      if (name === 'cancel') {
        const [id] = argsOf('cancel', args)
        db.rows("UPDATE messages SET status = 'queued' WHERE id = ? AND status = 'sending'", id)
      }
      return run(args)
    },
  },
  {
    name: 'idempotency key forgotten',
    how: 'admit: the key is not looked at',
    breaks: ['one idempotency key, one creation'],
    within: 40,
    step: asking('admit', ([groups]) => [groups.map((group) => ({ ...group, idempotency: null }))]),
  },
  {
    name: 'address in the log',
    how: 'settle: the recipient of a payload is written beside it',
    breaks: ['no secret at rest or in a log'],
    within: 5,
    step: afterwards('admit', (_args, _answer, { lines, secrets }) => {
      lines.push(`{"event":"admitted","to":"${[...secrets][0]}"}`)
    }),
  },
  ...checkBugs,
  ...accountBugs,
]
