// What POST /v1/admin/doctor found, as lines for people.
import { CLOCK_SKEW_MS, SWEEP_EVERY_MS } from '../lib/rules/numbers.ts'
import { SECOND } from '../lib/rules/units.ts'

/** As the route answers it. */
export interface Examination {
  providers: {
    name: string
    answer: string
    code: string | null
    failure: string | null
    what: string | null
    ms: number | null
    domain: { name: string; state: string }
    webhook: { setting: string; set: boolean } | null
    last_report_at: string | null
  }[]
  sending: string
  store: { name: string; ms: number }
  scheduler: { name: string; answer: string; ms: number }
  cron_last_at: string | null
  clock: { at: string }
  webhook_urls: Record<string, string>
}

export interface Finding {
  /** wrong = something does not work; note = it works, and perhaps not as was meant. */
  kind: 'good' | 'wrong' | 'note'
  about: string
  message: string
}

/** A sweep that is late by so many turns has not come. */
const TURNS_MISSED = 3

/** `now`: the clock of this machine when the answer came, epoch ms. */
export function findingsOf(found: Examination, now: number): Finding[] {
  const findings: Finding[] = []
  const say = (kind: Finding['kind'], about: string, message: string) => findings.push({ kind, about, message })
  for (const one of found.providers) {
    say(...answerOf(one, found.sending))
    const { name, webhook, last_report_at: reportedAt } = one
    if (webhook === null) continue
    const url = found.webhook_urls[name]
    if (!url) say('note', name, 'its delivery reports are not taken by this version')
    else say('note', name, `its delivery reports go to ${url}`)
    if (url && !webhook.set)
      say('note', name, `${webhook.setting} is not set: its reports are refused, and a message stays sent`)
    else if (url) say('note', name, reportedAt ? `last report at ${reportedAt}` : 'no report has come yet')
  }
  if (found.sending !== 'on') say('note', 'SENDING', `is ${found.sending}: no provider was called`)
  say('good', 'store', `${found.store.name} answered in ${found.store.ms} ms`)
  const { scheduler } = found
  if (scheduler.answer === 'ok') say('good', 'scheduler', `${scheduler.name} answered in ${scheduler.ms} ms`)
  else say('wrong', 'scheduler', `${scheduler.name} does not answer: what waits is found by the cron, a minute late`)
  say(...cronOf(found))
  const ahead = Date.parse(found.clock.at) - now
  if (Math.abs(ahead) <= CLOCK_SKEW_MS.own) say('good', 'clock', 'agrees with this machine')
  else
    say(
      'wrong',
      'clock',
      `${Math.round(Math.abs(ahead) / SECOND)} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`,
    )
  return findings
}

type Args = [kind: Finding['kind'], about: string, message: string]

function answerOf(
  { name, answer, code, failure, what, ms, domain }: Examination['providers'][number],
  sending: string,
): Args {
  if (answer === 'accepted') return ['good', name, `took a mail from ${domain.name} in ${ms} ms`]
  // Told once, for all of them.
  if (sending !== 'on') return ['note', name, `${answer}: not called`]
  const why = [failure, code].filter((word, at, all) => word !== null && all.indexOf(word) === at).join(', ')
  const after = ms === null ? '' : ` after ${ms} ms`
  return ['wrong', name, `${answer}${after}${why && ` (${why})`}${what ? `. ${what}` : ''}`]
}

function cronOf({ cron_last_at: seenAt, clock }: Examination): Args {
  if (seenAt === null)
    return ['wrong', 'cron', 'was never here: after a deployment it takes a minute; see [triggers] in wrangler.toml']
  const agoMs = Date.parse(clock.at) - Date.parse(seenAt)
  const kind = agoMs > TURNS_MISSED * SWEEP_EVERY_MS ? 'wrong' : 'good'
  return [
    kind,
    'cron',
    `last here ${Math.round(agoMs / SECOND)} s ago${kind === 'wrong' ? ', and is to come every minute' : ''}`,
  ]
}
