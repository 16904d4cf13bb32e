// A mail that a person writes, and waits for: sent now by one of the providers, or told at once that none would take it.
import type { Core } from '../core.ts'
import type { Address } from '../names/address.ts'
import { newId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { MessageRecord } from '../ports/record.ts'
import type { Locale } from '../ports/renderer.ts'
import type { Bearer } from '../ports/sessions.ts'
import type { BreakerStateName } from '../rules/breaker.ts'
import type { Status } from '../rules/status.ts'
import { USER_MAIL, USER_MAIL_RULES } from '../rules/user-mail.ts'
import type { Usage } from '../rules/windows.ts'
import { userMail } from '../templates/user-mail.ts'
import { accept } from './accept.ts'
import { type Caller, callerTakes, callerUsage, KEY_ONLY, limitRefusal } from './caller.ts'
import { rowsFor, type SendRequest } from './message-rows.ts'
import type { Once } from './send.ts'

export interface UserMail extends Pick<SendRequest, 'from' | 'replyTo' | 'owner' | 'provider' | 'useFallback'> {
  to: { email: Address; name: string | null }
  subject: string
  /** As it was written; it is cleaned here. */
  html: string
  /** In the place of what can be read of the HTML. */
  text: string | null
  locale: Locale
}

export interface Asking {
  caller: Caller
  bearer: Bearer | null
  once: Once | null
  /** Lets the first round go on after the answer. */
  background: (work: Promise<unknown>) => void
}

export interface UserMailSent {
  id: string
  status: Status
  /** The provider that took it; null = nobody is known to have. */
  provider: string | null
  /** Told from the present state of what an earlier request with the same key created. */
  repeated: boolean
  usage: Usage[]
}

/**
 * Waits for the first round, 10 s at most. Whatever is not known to be taken or refused by then goes on as any message
 * does; refused by all it may go to, it has ended: who waited for it has been told so and will write again, and a copy
 * that left hours later would surprise them both.
 */
export async function sendUserMail(core: Core, mail: UserMail, from: Asking): Promise<Result<UserMailSent>> {
  const request = await requestOf(core, mail)
  if (!request.ok) return request
  const now = core.now()
  const rows = await rowsFor(core, request.value, now)
  if (!rows.ok) return rows
  const [row] = rows.value.messages
  if (!row) throw new Error('sendUserMail: no row')
  const { caller, bearer, once } = from
  // Kept even if nothing comes of it: made-up addresses would otherwise cost nothing.
  const own = bearer ? [{ series: `user-mail:${bearer.userId}`, slot: row.id, rules: USER_MAIL_RULES }] : []
  const { admitted, first } = await accept(core, {
    idempotency: once,
    takes: await callerTakes(core, caller, newId('req', now, core.random), KEY_ONLY),
    sends: [...own, ...rows.value.sends],
    challenge: null,
    messages: [row],
    bearer,
    now,
  })
  from.background(first)
  switch (admitted.kind) {
    case 'admitted':
      await Promise.race([first, core.sleep(USER_MAIL.waitMs)])
      return endOf(core, await settledRecord(core, row.id), row.providers, callerUsage(admitted.usage), false)
    case 'repeated': {
      const record = await core.store.outbox.find(admitted.messageIds[0] ?? '')
      return endOf(core, record, row.providers, [], true)
    }
    case 'mismatch':
      return refuse({ code: 'idempotency_mismatch' })
    case 'revoked':
      return refuse({ code: 'unauthorized' })
    case 'limited':
      return refuse(limitRefusal(admitted, now), callerUsage(admitted.usage))
    default:
      throw new Error(`sendUserMail: ${admitted.kind}`)
  }
}

async function requestOf(core: Core, mail: UserMail): Promise<Result<SendRequest>> {
  const { html, text } = await core.renderer.clean(mail.html)
  if (html.trim() === '') {
    return refuse({ code: 'invalid_request', errors: [{ path: 'html_content', code: 'nothing_left' }] })
  }
  const { subject, ...rest } = mail
  return ok({
    ...rest,
    template: userMail,
    // An image alone has no words: then its subject is what there is to read.
    data: { subject, html, text: mail.text?.trim() || text || subject },
    subject: null,
    channels: ['email'],
    mode: 'each',
    priority: null,
    class: null,
    sendAt: null,
    leadMs: null,
    expiresAt: null,
    attachments: [],
    reference: null,
    metadata: null,
    cancels: false,
  })
}

/**
 * The record after the first round. A row that waits behind an open breaker was refused as well, by what the breaker
 * remembers: it is taken back in a step that fails where a copy may have left.
 */
async function settledRecord(core: Core, id: string): Promise<MessageRecord | null> {
  const record = await core.store.outbox.find(id)
  if (record?.status !== 'queued' || record.ambiguous || !core.policy.sending) return record
  const cancelled = await core.store.outbox.cancel(id, core.now())
  return cancelled.kind === 'cancelled' ? { ...record, status: 'cancelled' } : core.store.outbox.find(id)
}

const TAKEN: readonly Status[] = ['sent', 'delivered', 'bounced', 'complained']
const REFUSED: readonly Status[] = ['failed', 'cancelled']

function endOf(
  core: Core,
  record: MessageRecord | null,
  allowed: string[],
  usage: Usage[],
  repeated: boolean,
): Result<UserMailSent> {
  if (!record) return refuse({ code: 'not_found' })
  const { id, status } = record
  if (REFUSED.includes(status)) return refuse({ code: 'not_sent', providers: refusals(core, record, allowed) }, usage)
  return ok({ id, status, provider: TAKEN.includes(status) ? takerOf(record) : null, repeated, usage })
}

/** Without the attempt's own yes it is a report that told of it. */
const takerOf = ({ attempts, events }: MessageRecord): string | null =>
  attempts.findLast((one) => one.outcome === 'accepted')?.provider ??
  events.findLast((one) => one.provider !== null)?.provider ??
  null

/** Why each would not: its last word, or `held` where an earlier one still counts. */
function refusals(core: Core, { status, attempts }: MessageRecord, allowed: string[]) {
  const told = new Map(attempts.map(({ provider, code }) => [provider, code ?? 'not_sent']))
  const held = status === 'cancelled' ? allowed.filter((name) => !told.has(name)) : []
  for (const name of held) told.set(name, 'held')
  const order = core.providers.map((one) => one.name)
  return [...told]
    .map(([provider, code]) => ({ provider, code }))
    .toSorted((a, b) => order.indexOf(a.provider) - order.indexOf(b.provider))
}

/** Who may be asked for by name, in the order they are tried, and how each is. */
export async function mailProviders(core: Core): Promise<{ name: string; state: BreakerStateName }[]> {
  const { breakers } = await core.store.outbox.stats(core.now())
  const states = new Map(breakers.map(({ provider, state }) => [provider, state]))
  return core.providers
    .filter(({ channel }) => channel === 'email')
    .map(({ name }) => ({ name, state: states.get(name) ?? 'closed' }))
}
