// POST /v1/messages and /batch: what a product has to say, now or later.
import * as z from 'zod'
import { type Entry, type Once, type Sent, type SentAll, sendAll } from '../../lib/delivery/send.ts'
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import type { Cancelled } from '../../lib/ports/row.ts'
import { MESSAGE } from '../../lib/rules/message.ts'
import { IDEMPOTENCY_KEY_MAX } from '../../lib/rules/numbers.ts'
import type { Status } from '../../lib/rules/status.ts'
import { codeOf, fieldErrorsOf } from '../http/field-errors.ts'
import { callerIn, idempotencyOf, onceOf, replayed } from '../http/idempotency.ts'
import { applied, preferredWaitMs } from '../http/prefer.ts'
import { problemWithin } from '../http/problems.ts'
import { answer, type Context, once, type Route, route } from '../http/route.ts'
import { at, instant, sentBy, status, text } from '../http/schemas.ts'
import { dataObjections, requestOf, sendBody } from './send-body.ts'

export const accepted = () => z.object({ id: z.string(), channel: sentBy(), status: status(), due_at: instant() })
const notCancelled = () =>
  z.array(z.object({ id: z.string(), code: z.enum(['already_sent', 'may_be_sent', 'already_ended']) }))

const PROBLEMS = [
  'invalid_idempotency_key',
  'idempotency_mismatch',
  'template_not_sendable',
  'already_over',
  'too_many_sends',
  'too_many_requests',
] as const

const sendRoute = route({
  method: 'POST',
  path: '/v1/messages',
  who: ['service', 'admin'],
  tag: 'messages',
  summary: 'Sends a message to one person, by each of the channels or the first that works, now or later',
  body: sendBody,
  objections: (_, given) => dataObjections(given),
  bodyBytesMax: MESSAGE.bodyBytesMax,
  answers: {
    202: () =>
      z.object({
        messages: z.array(accepted()),
        cancelled: z.array(z.string()).optional(),
        not_cancelled: notCancelled().optional(),
      }),
  },
  problems: PROBLEMS,
  handle: async function sendMessage(context, { body }) {
    const { core } = context.deps
    const key = await idempotencyOf(context, '/v1/messages', body)
    if (!key.ok) return key
    const request = await requestOf(context, body)
    if (!request.ok) return request
    const sent = await sendAll(core, [ok({ request: request.value, once: key.value })], context.caller, null)
    if (!sent.ok) return sent
    const [one] = sent.value.entries
    if (!one?.ok) return one ?? refuse({ code: 'not_found' })
    context.background(sent.value.first)
    const waitMs = preferredWaitMs(context.request, MESSAGE.waitMaxMs)
    const known = await statusesAfter(context, sent.value, waitMs)
    const { cancelled } = one.value
    const told = {
      messages: toldMessages(one.value, known),
      ...(cancelled.length > 0 ? cancellations(cancelled) : {}),
    }
    const headers = { ...applied(waitMs), ...replayed(one.value.repeated) }
    return answer(202, told, { headers, usage: sent.value.usage })
  },
})

/** Of an entry: its fields are those of a message, and a key of its own. */
const entryBody = once(() => sendBody().extend({ idempotency_key: text().min(1).max(IDEMPOTENCY_KEY_MAX).optional() }))

const batchRoute = route({
  method: 'POST',
  path: '/v1/messages/batch',
  who: ['service', 'admin'],
  tag: 'messages',
  summary: 'Sends up to 100 messages; each is accepted or refused by itself, in order',
  body: () => z.object({ messages: z.array(z.unknown()).min(1).max(MESSAGE.batchMax) }),
  bodyBytesMax: MESSAGE.bodyBytesMax,
  answers: {
    202: () =>
      z.object({
        messages: z.array(
          z.union([
            // `others`: what goes by other channels.
            accepted().extend({ others: z.array(accepted()).optional() }),
            z.object({ problem: z.record(z.string(), z.unknown()) }),
          ]),
        ),
      }),
  },
  problems: [...PROBLEMS, 'none_accepted'],
  handle: async function sendBatch(context, { body }) {
    const { core } = context.deps
    const key = await idempotencyOf(context, '/v1/messages/batch', body)
    if (!key.ok) return key
    const entries = await Promise.all(body.messages.map((given) => entryOf(context, given)))
    const sent = await sendAll(core, withinBytes(entries), context.caller, key.value)
    if (!sent.ok) return sent
    context.background(sent.value.first)
    const waitMs = preferredWaitMs(context.request, MESSAGE.waitMaxMs)
    const known = await statusesAfter(context, sent.value, waitMs)
    const { entries: ends } = sent.value
    const problems = ends.flatMap((one) => (one.ok ? [] : [{ problem: { ...problemWithin(one.refusal, context) } }]))
    if (problems.length === ends.length) return refuse({ code: 'none_accepted', messages: problems })
    const rest = problems[Symbol.iterator]()
    const messages = ends.map((one) => {
      if (!one.ok) return rest.next().value ?? { problem: {} }
      const [first, ...others] = toldMessages(one.value, known)
      if (!first) throw new Error('sendBatch: an accepted entry without a message')
      return { ...first, ...(others.length > 0 ? { others } : {}) }
    })
    const repeated = ends.every((one) => !one.ok || one.value.repeated)
    const headers = { ...applied(waitMs), ...replayed(repeated) }
    return answer(202, { messages }, { headers, usage: sent.value.usage })
  },
})

async function entryOf(context: Context, given: unknown): Promise<Result<Entry>> {
  const fields =
    typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Record<string, unknown>) : {}
  const parsed = entryBody().safeParse(given, { error: codeOf })
  if (!parsed.success) {
    const errors = parsed.error.issues.flatMap((issue) => fieldErrorsOf(issue))
    const more = dataObjections(fields).filter(({ path }) => !errors.some((error) => error.path === path))
    return refuse({ code: 'invalid_request', errors: [...errors, ...more] })
  }
  const { idempotency_key, ...body } = parsed.data
  const request = await requestOf(context, body)
  if (!request.ok) return request
  const own: Once | null =
    idempotency_key === undefined
      ? null
      : await onceOf(context.deps.core.keys, [callerIn(context), '/v1/messages', idempotency_key], body)
  return ok({ request: request.value, once: own })
}

/** What is attached counts for the whole call: from the entry that is too much on, those with attachments are refused. */
function withinBytes(entries: Result<Entry>[]): Result<Entry>[] {
  let left = MESSAGE.attachmentBytesMax
  return entries.map((entry) => {
    if (!entry.ok || entry.value.request.attachments.length === 0) return entry
    left -= entry.value.request.attachments.reduce((sum, one) => sum + Math.floor((one.content.length * 3) / 4), 0)
    const params = { max: MESSAGE.attachmentBytesMax }
    return left >= 0
      ? entry
      : refuse({ code: 'invalid_request', errors: [{ path: 'attachments', code: 'too_many_bytes', params }] })
  })
}

/** What the first attempts have come to by then. */
async function statusesAfter(context: Context, { first }: SentAll, waitMs: number): Promise<Map<string, Status>> {
  if (waitMs === 0) return new Map()
  const ends = await Promise.race([first, context.deps.sleep(waitMs).then(() => [])])
  return new Map(ends.map((end) => [end.id, end.status]))
}

const toldMessages = ({ messages }: Sent, known: Map<string, Status>) =>
  messages.map(({ id, channel, status, dueAt }) => ({
    id,
    channel,
    status: known.get(id) ?? status,
    due_at: at(dueAt),
  }))

const CODES = { sent: 'already_sent', maybe: 'may_be_sent', ended: 'already_ended', missing: 'already_ended' } as const

/** Of a cancellation by reference. */
export function cancellations(all: ({ id: string } & Cancelled)[]) {
  const not_cancelled = all.flatMap((one) => (one.kind === 'cancelled' ? [] : [{ id: one.id, code: CODES[one.kind] }]))
  return { cancelled: all.flatMap((one) => (one.kind === 'cancelled' ? [one.id] : [])), not_cancelled }
}

export const cancellationsShape = () => z.object({ cancelled: z.array(z.string()), not_cancelled: notCancelled() })

export const sendRoutes: readonly Route[] = [sendRoute, batchRoute]
