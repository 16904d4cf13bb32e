// /v1/messages: what became of a message, and changing one that has not left.
import * as z from 'zod'
import { adminOf } from '../../lib/accounts/admin.ts'
import { OURS } from '../../lib/delivery/decide.ts'
import { explain } from '../../lib/delivery/explain.ts'
import { referenceHash } from '../../lib/delivery/message-rows.ts'
import { listMessages, readMessage } from '../../lib/delivery/read.ts'
import { cancelByReference, cancelMessage, moveMessage } from '../../lib/delivery/recall.ts'
import { parseEmail } from '../../lib/names/address.ts'
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import { templateOf } from '../../lib/templates/templates.ts'
import { given } from '../http/given.ts'
import { answer, type Context, type Read, type Route, route } from '../http/route.ts'
import {
  at,
  idInPath,
  instant,
  messageCursor,
  pageSize,
  priority,
  sentBy,
  status,
  text,
  typed,
} from '../http/schemas.ts'
import { cancellations, cancellationsShape } from './send.ts'
import { moment, reference } from './send-body.ts'
import { messageShape, told } from './shape.ts'
import { sentencesOf } from './words/words.ts'

const messageRoute = route({
  method: 'GET',
  path: '/v1/messages/:id',
  who: ['service', 'admin', 'owner'],
  tag: 'messages',
  summary: 'The record of a message: status, attempts and events, never address or body',
  params: idInPath,
  answers: { 200: messageShape },
  problems: [],
  handle: async function showMessage(context, { params }) {
    const owner = await ownerIn(context)
    if (!owner.ok) return owner
    const found = await readMessage(context.deps.core, params.id, owner.value)
    return found.ok ? answer(200, told(found.value)) : found
  },
})

const explainRoute = route({
  method: 'GET',
  path: '/v1/messages/:id/explain',
  who: ['service', 'admin', 'owner'],
  tag: 'messages',
  summary: 'Why a message is where it is, as sentences, and what happens next',
  params: idInPath,
  answers: {
    200: () =>
      z.object({
        sentences: z.array(z.string()),
        next: z.object({ at: instant(), what: z.string() }).nullable(),
      }),
  },
  problems: [],
  handle: async function explainMessage(context, { params }) {
    const { core } = context.deps
    const owner = await ownerIn(context)
    if (!owner.ok) return owner
    const found = await readMessage(core, params.id, owner.value)
    if (!found.ok) return found
    const { timeZone } = core.policy.site
    const { sentences, next } = sentencesOf(explain(found.value.record, OURS), context.locale, timeZone)
    return answer(200, { sentences, next: next && { at: at(next.at), what: next.what } })
  },
})

/** Whose messages alone the caller may see; null = everybody's. */
export async function ownerIn({ accounts, bearer, deps: { core } }: Context): Promise<Result<string | null>> {
  if (!bearer) return ok(null)
  if ((await adminOf(accounts, bearer)).ok) return ok(null)
  return (await core.store.sessions.live(bearer, core.now())) ? ok(bearer.userId) : refuse({ code: 'unauthorized' })
}

/** Numbers come as text in a query, and as numbers in a body. */
const filter = () =>
  z.object({
    status: status().optional(),
    template: text().max(64).optional(),
    priority: priority().optional(),
    channel: sentBy().optional(),
    provider: typed().max(32).optional(),
    code: typed().max(64).optional(),
    reference: reference().optional(),
    to: typed().max(320).optional(),
    since: moment().optional(),
    until: moment().optional(),
    cursor: messageCursor().optional(),
    limit: pageSize(),
  })

const page = () => z.object({ messages: z.array(messageShape()), cursor: z.string().nullable() })

const listRoute = route({
  method: 'GET',
  path: '/v1/messages',
  who: ['service', 'admin'],
  tag: 'messages',
  summary: 'Messages, newest first, by what the query says',
  query: filter,
  answers: { 200: page },
  problems: [],
  handle: async function listSome(context, { query }) {
    return pageOf(context, query)
  },
})

const searchRoute = route({
  method: 'POST',
  path: '/v1/messages/search',
  who: ['service', 'admin'],
  tag: 'messages',
  summary: 'The same with an address in the body, because a URL lands in logs',
  body: filter,
  answers: { 200: page },
  problems: [],
  handle: async function searchSome(context, { body }) {
    return pageOf(context, body)
  },
})

async function pageOf({ deps: { core } }: Context, { to, ...asked }: Read<typeof filter>) {
  const address = to === undefined ? undefined : parseEmail(to)?.normal
  if (to !== undefined && address === undefined && !/^\+\d+$/.test(to)) {
    return refuse({ code: 'invalid_request', errors: [{ path: 'to', code: 'not_email' }] })
  }
  const { template, reference: called, ...rest } = asked
  const wanted = {
    ...rest,
    template: template === undefined ? undefined : (templateOf(template)?.name ?? template),
    recipient: to === undefined ? undefined : await core.keys.hash('address', address ?? to),
    reference: called === undefined ? undefined : await referenceHash(core, called),
  }
  const { messages, cursor } = await listMessages(core, given(wanted))
  return answer(200, { messages: messages.map(told), cursor })
}

const cancelRoute = route({
  method: 'POST',
  path: '/v1/messages/:id/cancel',
  who: ['service', 'admin'],
  tag: 'messages',
  summary: 'Calls a message back that has not left',
  params: idInPath,
  answers: { 200: () => z.object({ id: z.string(), status: z.literal('cancelled') }) },
  problems: ['already_sent', 'may_be_sent', 'already_ended'],
  handle: async function cancelOne(context, { params }) {
    const cancelled = await cancelMessage(context.deps.core, params.id)
    return cancelled.ok ? answer(200, cancelled.value) : cancelled
  },
})

const cancelByRoute = route({
  method: 'POST',
  path: '/v1/messages/cancel',
  who: ['service', 'admin'],
  tag: 'messages',
  summary: 'Calls back whatever of a reference has not left, in one step',
  body: () => z.object({ reference: reference() }),
  answers: { 200: cancellationsShape },
  problems: [],
  handle: async function cancelAll(context, { body }) {
    return answer(200, cancellations(await cancelByReference(context.deps.core, body.reference)))
  },
})

const moveRoute = route({
  method: 'PATCH',
  path: '/v1/messages/:id',
  who: ['service', 'admin'],
  tag: 'messages',
  summary: 'Sends a message that was never tried at another time',
  params: idInPath,
  body: () => z.object({ send_at: moment() }),
  answers: { 200: () => z.object({ id: z.string(), channel: sentBy(), status: status(), due_at: instant() }) },
  problems: ['already_sent', 'may_be_sent', 'already_ended'],
  handle: async function moveOne(context, { params, body }) {
    const moved = await moveMessage(context.deps.core, params.id, body.send_at)
    if (!moved.ok) return moved
    const { dueAt, ...rest } = moved.value
    return answer(200, { ...rest, due_at: at(dueAt) })
  },
})

export const messageRoutes: readonly Route[] = [
  listRoute,
  searchRoute,
  cancelByRoute,
  messageRoute,
  explainRoute,
  cancelRoute,
  moveRoute,
]
