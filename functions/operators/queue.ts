// Working off the queue, and messages that nobody tries any more.
import * as z from 'zod'
import { replayAll, replayMessage, SKIPS } from '../../lib/delivery/dead-letters.ts'
import { workQueue } from '../../lib/delivery/queue.ts'
import { listMessages } from '../../lib/delivery/read.ts'
import { resendMessage } from '../../lib/delivery/resend.ts'
import { QUEUE_WORK, REPLAY } from '../../lib/rules/numbers.ts'
import { given } from '../http/given.ts'
import { answer, type Route, route } from '../http/route.ts'
import { at, email, idInPath, instant, messageCursor, pageSize, text, typed } from '../http/schemas.ts'
import { accepted } from '../messages/send.ts'
import { moment } from '../messages/send-body.ts'
import { messageShape, told } from '../messages/shape.ts'

export const batchSize = () => z.int().min(1).max(QUEUE_WORK.batchMax).default(QUEUE_WORK.batchShown)

const processRoute = route({
  method: 'POST',
  path: '/v1/admin/queue/process',
  who: ['admin'],
  tag: 'operators',
  summary: 'Attempts what is due now, and says how much is left',
  body: () => z.object({ batch_size: batchSize() }),
  answers: {
    200: () => z.object({ processed: z.int(), sent: z.int(), failed: z.int(), remaining: z.int() }),
  },
  problems: [],
  handle: async function processQueue({ deps: { core } }, { body }) {
    return answer(200, await workQueue(core, body.batch_size))
  },
})

/** Which dead letters are meant. */
const filter = () =>
  z.object({
    provider: typed().max(32).optional(),
    code: typed().max(64).optional(),
    template: text().max(64).optional(),
    since: moment().optional(),
    until: moment().optional(),
    cursor: messageCursor().optional(),
  })

const deadRoute = route({
  method: 'GET',
  path: '/v1/admin/dead-letters',
  who: ['admin'],
  tag: 'operators',
  summary: 'Messages that failed or are in doubt, newest first',
  query: () => filter().extend({ limit: pageSize() }),
  answers: { 200: () => z.object({ messages: z.array(messageShape()), cursor: z.string().nullable() }) },
  problems: [],
  handle: async function listDead({ deps: { core } }, { query }) {
    const { messages, cursor } = await listMessages(core, { ...given(query), dead: true })
    return answer(200, { messages: messages.map(told), cursor })
  },
})

const replayRoute = route({
  method: 'POST',
  path: '/v1/admin/messages/:id/replay',
  who: ['admin'],
  tag: 'operators',
  summary: 'Sends a dead message again; one in doubt only with force',
  params: idInPath,
  body: () => z.object({ force: z.boolean().default(false) }),
  answers: { 200: () => z.object({ id: z.string(), status: z.literal('queued'), due_at: instant() }) },
  problems: ['not_dead', 'needs_force', 'payload_gone', 'already_over'],
  handle: async function replayOne({ deps: { core } }, { params, body }) {
    const replayed = await replayMessage(core, params.id, body.force)
    if (!replayed.ok) return replayed
    const { dueAt, ...rest } = replayed.value
    return answer(200, { ...rest, due_at: at(dueAt) })
  },
})

const resendRoute = route({
  method: 'POST',
  path: '/v1/admin/messages/:id/resend',
  who: ['admin'],
  tag: 'operators',
  summary: 'Makes a new message of one whose words are still kept, to the same person or a corrected address',
  params: idInPath,
  body: () => z.object({ to: email().optional() }),
  answers: { 202: () => z.object({ messages: z.array(accepted()) }) },
  problems: ['payload_gone', 'already_over', 'template_not_sendable', 'too_many_sends'],
  handle: async function resendOne({ deps: { core }, background }, { params, body }) {
    const resent = await resendMessage(core, params.id, body.to ?? null)
    if (!resent.ok) return resent
    background(resent.value.first)
    const { dueAt, ...message } = resent.value.message
    const messages = [{ ...message, due_at: at(dueAt) }]
    return answer(202, { messages })
  },
})

const SKIPPED = Object.values(SKIPS) as [(typeof SKIPS)['expired'], ...(typeof SKIPS)[keyof typeof SKIPS][]]

const replayAllRoute = route({
  method: 'POST',
  path: '/v1/admin/dead-letters/replay',
  who: ['admin'],
  tag: 'operators',
  summary: 'Sends again all dead messages that a filter names; a dry run counts them',
  body: () =>
    filter().extend({
      limit: z.int().min(1).max(REPLAY.max).default(REPLAY.shown),
      dry_run: z.boolean().default(false),
      force: z.boolean().default(false),
    }),
  answers: {
    200: () =>
      z.object({
        replayed: z.int(),
        skipped: z.array(z.object({ id: z.string(), code: z.enum(SKIPPED) })),
        remaining: z.int(),
        cursor: z.string().nullable(),
      }),
  },
  problems: [],
  handle: async function replaySome({ deps: { core } }, { body }) {
    const { limit, dry_run: dryRun, force, ...filter } = body
    return answer(200, await replayAll(core, given(filter), { limit, dryRun, force }))
  },
})

export const queueRoutes: readonly Route[] = [processRoute, deadRoute, replayRoute, replayAllRoute, resendRoute]
