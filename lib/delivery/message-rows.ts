// From what a caller wants sent to the rows of the outbox: whom it reaches, when it is due, when it is worth nothing.
import type { Core } from '../core.ts'
import type { Address } from '../names/address.ts'
import { newId } from '../names/ids.ts'
import type { FieldError } from '../outcome/field-error.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { NewMessage } from '../ports/admission.ts'
import type { Take } from '../ports/limits.ts'
import type { Attachment, Mailbox } from '../ports/provider.ts'
import type { Locale } from '../ports/renderer.ts'
import { MESSAGE } from '../rules/message.ts'
import { CHALLENGE, GIVE_UP_MS, RECIPIENT_RULE, sendTimeoutMs } from '../rules/numbers.ts'
import type { Channel, MessageClass, Priority } from '../rules/status.ts'
import { DAY } from '../rules/units.ts'
import { type Data, isSendable, type Template } from '../templates/template.ts'
import { sendable } from '../templates/templates.ts'
import { sealFacts } from './facts.ts'
import { masked } from './masked.ts'
import { sealMessage } from './payload.ts'
import { renderInputOf } from './preview.ts'
import { type Target, targetsOf } from './targets.ts'

/** What a caller wants sent, its fields checked one by one. Instants are epoch ms; null = not said. */
export interface SendRequest {
  template: Template
  /** Has passed the template's schema. */
  data: Data
  to: { email?: Address | undefined; phone?: string | undefined; name: string | null }
  locale: Locale
  subject: string | null
  channels: Channel[] | null
  mode: 'each' | 'first'
  priority: Priority | null
  class: MessageClass | null
  sendAt: number | null
  /** So long before the template's own end, ms. */
  leadMs: number | null
  expiresAt: number | null
  provider: string | null
  useFallback: boolean
  attachments: Attachment[]
  reference: string | null
  metadata: Record<string, string> | null
  /** A cancelled purchase cancels what of it is still to leave. */
  cancels: boolean
  owner: string | null
  from: Mailbox | null
  replyTo: Mailbox | null
}

export interface Rows {
  messages: NewMessage[]
  sends: Take[]
  /** References whose queued rows are not wanted any more. */
  cancels: string[]
}

const wrong = (...errors: FieldError[]) => refuse({ code: 'invalid_request', errors })

/** Of what callers may send. `ids`: those of an earlier call that is made anew. */
export async function rowsOf(core: Core, request: SendRequest, now: number, ids: string[] = []): Promise<Result<Rows>> {
  return isSendable(request.template)
    ? rowsFor(core, request, now, ids)
    : refuse({ code: 'template_not_sendable', templates: sendable() })
}

/** The same of any template. */
export async function rowsFor(
  core: Core,
  request: SendRequest,
  now: number,
  ids: string[] = [],
): Promise<Result<Rows>> {
  const targets = reached(core, request)
  if (!targets.ok) return targets
  const errors = objectionsTo(core, request, targets.value)
  if (errors.length > 0) return wrong(...errors)
  const times = timesOf(core, request, now)
  if (!times.ok) return times
  const names = await referencesOf(core, request)
  const messages: NewMessage[] = []
  const sends: Take[] = []
  for (const [index, target] of targets.value.entries()) {
    const id = ids[index] ?? newId('msg', now, core.random, core.store.home)
    const after = request.mode === 'first' ? messages.slice(-1).map((earlier) => earlier.id) : []
    // A later channel waits for the one before it, and no longer than this.
    const dueAt = times.value.dueAt + (after.length > 0 ? index * CHALLENGE.stageAfterMs : 0)
    const row = await rowOf(core, request, target, { id, ...times.value, dueAt })
    const series = `recipient:${row.recipient}`
    if (!sends.some((one) => one.series === series)) sends.push({ series, slot: id, rules: [RECIPIENT_RULE] })
    messages.push({ ...row, after, references: names.own, slotSeries: [series] })
  }
  return ok({ messages, sends, cancels: names.cancels })
}

/** Channels of the template that are asked for, and configured. */
function reached(core: Core, { template, channels, to }: SendRequest): Result<Target[]> {
  const strange = (channels ?? []).filter((channel) => !template.channels.includes(channel))
  if (strange.length > 0) return wrong({ path: 'channels', code: 'not_listed', params: { values: template.channels } })
  return targetsOf(core, to, channels)
}

function objectionsTo(core: Core, request: SendRequest, targets: Target[]): FieldError[] {
  const { template, provider, attachments } = request
  const errors: FieldError[] = []
  const known = core.providers.filter((one) => targets.some(({ channel }) => channel === one.channel))
  if (provider !== null && !known.some((one) => one.name === provider)) {
    errors.push({ path: 'provider', code: 'not_listed', params: { values: known.map((one) => one.name) } })
  }
  if (request.class === 'promotional' && template.name !== 'note') {
    errors.push({ path: 'class', code: 'not_listed', params: { values: ['transactional'] } })
  }
  if (request.leadMs !== null && !template.endsAt) errors.push({ path: 'lead', code: 'unknown' })
  if (attachments.length > 0 && !targets.some(({ channel }) => channel === 'email')) {
    errors.push({ path: 'attachments', code: 'no_address' })
  }
  return errors
}

/** What is wrong with an instant that nobody can plan for; null when nothing is. */
export function tooFarAhead(dueAt: number, now: number): FieldError | null {
  if (dueAt - now <= MESSAGE.aheadMaxMs) return null
  return { path: 'send_at', code: 'too_far_ahead', params: { days: Math.round(MESSAGE.aheadMaxMs / DAY) } }
}

interface Times {
  dueAt: number
  expiresAt: number | null
}

/** When it is due and when it ends; what ends before it begins is refused, not accepted and expired. */
function timesOf(core: Core, request: SendRequest, now: number): Result<Times> {
  const { template, data, sendAt, leadMs, expiresAt } = request
  const over = template.endsAt?.(data, core.policy.site) ?? null
  if (over !== null && over <= now) return refuse({ code: 'already_over' })
  const asked = sendAt ?? (leadMs !== null && over !== null ? over - leadMs : now)
  const dueAt = Math.max(asked, now)
  const far = tooFarAhead(dueAt, now)
  if (far) return wrong(far)
  if (expiresAt !== null && expiresAt <= now)
    return wrong({ path: 'expires_at', code: 'not_before_end', params: { end: 'now' } })
  if (expiresAt !== null && dueAt >= expiresAt) {
    return wrong({ path: 'send_at', code: 'not_before_end', params: { end: 'expires_at' } })
  }
  if (over !== null && dueAt >= over) {
    return wrong({ path: 'send_at', code: 'not_before_end', params: { end: template.name } })
  }
  const ends = [expiresAt, over].filter((end) => end !== null)
  return ok({ dueAt, expiresAt: ends.length > 0 ? Math.min(...ends) : null })
}

const PURCHASES = new Set(['purchase-confirmed', 'show-reminder'])

/** The caller's name for it, and the purchase it belongs to: a cancelled purchase takes the rest of it along. */
async function referencesOf(core: Core, { template, data, reference, cancels }: SendRequest) {
  const own = reference === null ? [] : [await referenceHash(core, reference)]
  const id = data.transaction_id
  if (typeof id !== 'string' && typeof id !== 'number') return { own, cancels: [] }
  const purchase = await core.keys.hash('idempotency', ['transaction', String(id)].join('\0'))
  if (PURCHASES.has(template.name)) return { own: [...own, purchase], cancels: [] }
  return { own, cancels: template.name === 'purchase-cancelled' && cancels ? [purchase] : [] }
}

export const referenceHash = (core: Core, reference: string): Promise<string> =>
  core.keys.hash('idempotency', ['reference', reference].join('\0'))

async function rowOf(
  core: Core,
  request: SendRequest,
  target: Target,
  { id, dueAt, expiresAt }: Times & { id: string },
): Promise<NewMessage> {
  const { template, data, locale, provider, useFallback } = request
  const messageClass = request.class ?? template.class
  const priority = request.priority ?? (messageClass === 'promotional' ? 'low' : template.priority)
  const names = core.providers.filter((one) => one.channel === target.channel).map((one) => one.name)
  const named = names.filter((name) => name === provider)
  const { reference, metadata } = request
  const giveUpAt = dueAt + GIVE_UP_MS[priority]
  return {
    id,
    challengeId: null,
    channel: target.channel,
    template: template.name,
    class: messageClass,
    priority,
    recipient: await core.keys.hash('address', target.normal),
    sealed: await sealMessage(core, id, {
      to: { address: target.deliver, name: request.to.name },
      from: request.from ?? core.policy.from,
      // A sender of its own says where answers go, also when that is nowhere else.
      replyTo: request.from ? request.replyTo : (request.replyTo ?? core.policy.replyTo),
      subject: request.subject,
      render: renderInputOf(core, template, data, locale),
      code: null,
      attachments: target.channel === 'email' ? request.attachments : [],
    }),
    owner: request.owner,
    facts: await sealFacts(core, id, { reference, metadata, toMasked: masked(target.deliver) }),
    providers:
      named.length === 0 ? names : useFallback ? [...named, ...names.filter((name) => name !== provider)] : named,
    dueAt,
    expiresAt,
    startBy: expiresAt === null ? null : expiresAt - sendTimeoutMs(messageClass),
    giveUpAt: Math.min(giveUpAt, expiresAt ?? giveUpAt),
    after: [],
    slot: id,
    slotSeries: [],
  }
}
