// What works, found out from where it counts: one test mail by every provider, and a question to each part behind us.
import type { Core } from '../core.ts'
import type { Address } from '../names/address.ts'
import { newId } from '../names/ids.ts'
import { Fault } from '../outcome/fault.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { NewMessage } from '../ports/admission.ts'
import type { BreakerState, MessageRecord } from '../ports/record.ts'
import type { Locale } from '../ports/renderer.ts'
import { DOCTOR } from '../rules/doctor.ts'
import { type Failure, failureOf } from '../rules/failure.ts'
import type { OutcomeKind, ReportType, Status } from '../rules/status.ts'
import { note } from '../templates/note.ts'
import { accept } from './accept.ts'
import { limitRefusal } from './caller.ts'
import { rowsFor } from './message-rows.ts'

export interface TestMails {
  to: Address
  locale: Locale
  /** What the mail by this provider says. */
  wordsOf: (provider: string) => { title: string; text: string }
  /** Lets the calls go on after the answer. */
  background: (work: Promise<unknown>) => void
}

/**
 * What one call came to, or why there was none. held = left alone for an earlier failure; off, dropped, shadowed: by
 * SENDING; suppressed: the address takes no mail; waiting: not known yet.
 */
export const ANSWERS_WITHOUT_CALL = ['held', 'off', 'dropped', 'shadowed', 'suppressed', 'waiting'] as const
export type DoctorAnswer = OutcomeKind | (typeof ANSWERS_WITHOUT_CALL)[number]

export interface ExaminedProvider {
  name: string
  answer: DoctorAnswer
  /** Of the failure, also of the earlier one for which it is held. */
  code: string | null
  failure: Failure | null
  /** Of the call; null without one. */
  ms: number | null
  messageId: string
  /** Whether it sends from the domain of EMAIL_FROM, as far as this answer tells. */
  domain: 'accepted' | 'refused' | 'unknown'
  /** When the newest report of its newest messages came. */
  lastReportAt: number | null
}

export interface Examined {
  providers: ExaminedProvider[]
  store: { ms: number }
  scheduler: { answers: boolean; ms: number }
  /** When the sweeper last ran. */
  sweptAt: number | null
}

/**
 * Sends one mail by each provider, beside each other and without fallback, and tells what came of it. They are messages
 * like all others: written first, counted, with a record; whatever has not left by the answer is called back.
 *
 *     const examined = await examine(core, { to, locale: 'en', wordsOf, background })
 */
export async function examine(core: Core, mails: TestMails): Promise<Result<Examined>> {
  const askedAt = core.now()
  const { breakers, sweptAt } = await core.store.outbox.stats(askedAt)
  const now = core.now()
  const rows: { provider: string; row: NewMessage }[] = []
  for (const { name, channel } of core.providers) {
    if (channel !== 'email') continue
    const made = await rowFor(core, mails, name, now)
    if (!made.ok) return made
    rows.push({ provider: name, row: made.value })
  }
  const { admitted, first } = await accept(core, {
    idempotency: null,
    takes: [{ series: 'doctor', slot: newId('req', now, core.random), rules: [DOCTOR.rule] }],
    // Three examinations an hour are what one person gets: the place of a receipt is not theirs.
    sends: [],
    challenge: null,
    messages: rows.map(({ row }) => row),
    now,
  })
  mails.background(first)
  if (admitted.kind === 'limited') return refuse(limitRefusal(admitted, now), admitted.usage)
  if (admitted.kind !== 'admitted') throw new Error(`examine: ${admitted.kind}`)
  await Promise.race([first, core.sleep(DOCTOR.waitMs)])
  const ids = rows.map(({ row }) => row.id)
  const records = await core.store.outbox.findAll(ids)
  const left = records.filter((record) => record?.status === 'queued')
  await Promise.all(left.map((record) => record && core.store.outbox.cancel(record.id, core.now())))
  const providers = await Promise.all(
    rows.map(async ({ provider, row }, at) => {
      const lastReportAt = await lastReport(core, provider)
      return { ...judged(core, provider, row.id, records[at] ?? null, breakers), lastReportAt }
    }),
  )
  const scheduler = await askScheduler(core, ids[0] ?? '', records[0]?.generation ?? 0)
  return ok({ providers, store: { ms: now - askedAt }, scheduler, sweptAt })
}

async function rowFor(core: Core, mails: TestMails, provider: string, now: number): Promise<Result<NewMessage>> {
  const { title, text } = mails.wordsOf(provider)
  const rows = await rowsFor(
    core,
    {
      template: note,
      data: { title, text },
      to: { email: mails.to, name: null },
      ...{ locale: mails.locale, subject: title, channels: ['email'], mode: 'each', priority: 'high', class: null },
      ...{ sendAt: null, leadMs: null, expiresAt: now + DOCTOR.mailLifeMs, provider, useFallback: false },
      ...{ attachments: [], reference: null, metadata: null, cancels: false, owner: null, from: null, replyTo: null },
    },
    now,
  )
  if (!rows.ok) return rows
  const [row] = rows.value.messages
  if (!row) throw new Error('examine: no row')
  return ok({ ...row, slotSeries: [] })
}

const WITHOUT_CALL: readonly Status[] = ['dropped', 'shadowed', 'suppressed']

function answerOf(core: Core, record: MessageRecord | null, breaker: BreakerState | undefined) {
  const last = record?.attempts.at(-1)
  if (last) return { answer: last.outcome, code: last.code, ms: last.durationMs }
  const none = { code: null, ms: null }
  if (record && WITHOUT_CALL.includes(record.status)) return { ...none, answer: record.status as DoctorAnswer }
  if (!core.policy.sending) return { ...none, answer: 'off' as const }
  if (breaker && breaker.state !== 'closed') return { ...none, answer: 'held' as const, code: breaker.code }
  return { ...none, answer: 'waiting' as const }
}

function judged(core: Core, name: string, messageId: string, record: MessageRecord | null, breakers: BreakerState[]) {
  const told = answerOf(
    core,
    record,
    breakers.find((one) => one.provider === name),
  )
  const failure = told.code === null ? null : failureOf(told.code)
  const isRefused = failure === 'sender_domain_not_verified' || failure === 'sender_refused'
  const domain = told.answer === 'accepted' ? 'accepted' : isRefused ? 'refused' : 'unknown'
  return { name, ...told, failure, messageId, domain } as const
}

/** What an attempt of ours never says of a message. */
const REPORTED: readonly string[] = ['delayed', 'delivered', 'bounced', 'complained'] satisfies ReportType[]

async function lastReport(core: Core, provider: string): Promise<number | null> {
  const { messages } = await core.store.outbox.list({ provider, limit: DOCTOR.lookedAt })
  const reports = messages
    .flatMap((message) => message.events)
    .filter((event) => event.provider === provider && REPORTED.includes(event.type))
  return reports.length === 0 ? null : Math.max(...reports.map((event) => event.at))
}

/** A wake for a message that has ended harms nobody: whom it wakes finds nothing to do. */
async function askScheduler(core: Core, id: string, generation: number): Promise<Examined['scheduler']> {
  const startedAt = core.now()
  let answers = true
  try {
    await core.scheduler.wake([{ id, generation, dueAt: startedAt }])
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    answers = false
  }
  return { answers, ms: core.now() - startedAt }
}
