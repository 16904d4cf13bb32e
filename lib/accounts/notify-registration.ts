// A new account elsewhere or here: a welcome to the person and a word to the operators, once per person.

import { accept } from '../delivery/accept.ts'
import { limitRefusal } from '../delivery/caller.ts'
import type { Address } from '../names/address.ts'
import { parseEmail } from '../names/address.ts'
import { newId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { NewMessage } from '../ports/admission.ts'
import type { MessageRecord } from '../ports/record.ts'
import type { Locale } from '../ports/renderer.ts'
import type { Bearer } from '../ports/sessions.ts'
import { NOTIFIED_MS, RECIPIENT_RULE } from '../rules/numbers.ts'
import type { SupabasePerson } from '../secrets/supabase-token.ts'
import type { Accounts } from './accounts.ts'
import { userOf } from './me.ts'
import { noticeRow } from './notice.ts'

interface Person {
  /** Who it is, whatever says so: `posta:usr_…` or `supabase:…`. */
  subject: string
  email: Address | null
  name: string | null
  locale: Locale | null
}

export type Notified = Pick<MessageRecord, 'id' | 'channel' | 'status' | 'dueAt'>

/** For whoever asks: the holder of a token of Supabase Auth, or of a session here. */
export async function notifyFor(
  accounts: Accounts,
  { bearer, supabase }: { bearer: Bearer | null; supabase: SupabasePerson | null },
): Promise<Result<{ messages: Notified[]; repeated: boolean }>> {
  if (supabase) {
    const { subject, email, name, locale } = supabase
    const person = { subject: `supabase:${subject}`, email: email ? parseEmail(email) : null, name, locale }
    return notifyRegistration(accounts, person, null)
  }
  if (!bearer) return refuse({ code: 'unauthorized' })
  const found = await userOf(accounts, bearer)
  if (!found.ok) return found
  const { id, email, username, locale } = found.value
  return notifyRegistration(accounts, { subject: `posta:${id}`, email, name: username.typed, locale }, bearer)
}

/** Repeated, it is answered from what the first call wrote. `bearer`: of a session here, which must not be over. */
async function notifyRegistration(
  accounts: Accounts,
  person: Person,
  bearer: Bearer | null,
): Promise<Result<{ messages: Notified[]; repeated: boolean }>> {
  const { core } = accounts
  const now = core.now()
  const messages = await rowsFor(accounts, person)
  if (messages.length === 0) return ok({ messages: [], repeated: false })
  const key = await core.keys.hash('idempotency', `notify-registration ${person.subject}`)
  const { admitted, first } = await accept(core, {
    idempotency: { key, fingerprint: key, keptMs: NOTIFIED_MS },
    takes: [],
    // The operators' own addresses have no window: no number of sign-ups may silence them.
    sends: messages
      .filter((one) => one.template === 'welcome')
      .map((one) => ({ series: `recipient:${one.recipient}`, slot: one.id, rules: [RECIPIENT_RULE] })),
    challenge: null,
    messages,
    bearer,
    now,
  })
  if (admitted.kind === 'revoked') return refuse({ code: 'unauthorized' })
  if (admitted.kind === 'limited') return refuse(limitRefusal(admitted, now), admitted.usage)
  if (admitted.kind === 'repeated') return ok({ messages: await found(accounts, admitted.messageIds), repeated: true })
  if (admitted.kind !== 'admitted') throw new Error(`notifyRegistration: ${admitted.kind}`)
  accounts.background(first)
  const claimed = new Set(admitted.claimed.map((row) => row.id))
  return ok({
    messages: messages.map(({ id, channel, dueAt }) => ({
      id,
      channel,
      status: claimed.has(id) ? 'sending' : 'queued',
      dueAt,
    })),
    repeated: false,
  })
}

async function rowsFor(accounts: Accounts, person: Person): Promise<NewMessage[]> {
  const { core, policy } = accounts
  const { email, name } = person
  const shown = name ?? email?.deliver.split('@')[0] ?? ''
  const newOne = (template: string, to: Address, locale: Locale, data: Record<string, unknown>) =>
    noticeRow(core, { id: newId('msg', core.now(), core.random, core.store.home), template, to, locale, data })
  const at = new Date(core.now()).toISOString()
  const facts = { username: shown, email: email?.deliver ?? '—', at, timeZone: policy.timeZone }
  return Promise.all([
    ...(email ? [newOne('welcome', email, person.locale ?? core.policy.locale, { name: shown })] : []),
    ...policy.operators.map((operator) => newOne('new-sign-up', operator, core.policy.locale, facts)),
  ])
}

/** Records are kept for 90 days; what is gone by then is left out. */
async function found({ core }: Accounts, ids: string[]): Promise<Notified[]> {
  const records = await Promise.all(ids.map((id) => core.store.outbox.find(id)))
  return records.flatMap((one) =>
    one ? [{ id: one.id, channel: one.channel, status: one.status, dueAt: one.dueAt }] : [],
  )
}
