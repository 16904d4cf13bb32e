// QStash's callbacks: deliver a message, or hear that it was given up. Signed, and verified before anything is parsed.
import * as z from 'zod'
import { fromBase64, fromStrictUtf8 } from '../../lib/bytes.ts'
import { type Delivered, deliver } from '../../lib/delivery/deliver.ts'
import { isId } from '../../lib/names/ids.ts'
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import { HELD_RETRY_MS, LEASE_MS } from '../../lib/rules/numbers.ts'
import { answer, type Context, once, type Route, route } from '../http/route.ts'

const wake = once(() => z.object({ id: z.string().refine((id) => isId('msg', id)), generation: z.int().min(0) }))
/** What a failure callback tells, as far as it is read: https://upstash.com/docs/qstash/features/callbacks */
const failure = once(() => z.object({ status: z.int().catch(0), sourceBody: z.string() }))

const deliverRoute = route({
  method: 'POST',
  path: '/hooks/qstash/deliver',
  who: ['public'],
  tag: 'callbacks',
  summary: 'QStash wakes a message: 200 done, 503 later, 489 never; signed',
  kind: 'raw',
  answers: { 200: null },
  problems: ['signature_invalid', 'malformed', 'not_deliverable', 'message_busy'],
  handle: async function deliverWoken(context, { bytes }) {
    const body = await signedBody(context, bytes, '/hooks/qstash/deliver')
    if (!body.ok) return body
    const parsed = wake().safeParse(json(body.value))
    if (!parsed.success) return refuse({ code: 'malformed' })
    const { id, generation } = parsed.data
    const { core } = context.deps
    // The wake is kept as long as QStash keeps it; the sweeper has the row after that.
    if (!core.policy.sending) return refuse({ code: 'message_busy', retryAfterMs: HELD_RETRY_MS })
    const waitMs = leftToDo(id, await deliver(core, { ids: [id], due: true }), generation, core.now())
    if (waitMs === 'never') return refuse({ code: 'not_deliverable' })
    return waitMs === null ? answer(200) : refuse({ code: 'message_busy', retryAfterMs: waitMs })
  },
})

const failedRoute = route({
  method: 'POST',
  path: '/hooks/qstash/failed',
  who: ['public'],
  tag: 'callbacks',
  summary: 'QStash has given up waking a message; signed',
  kind: 'raw',
  answers: { 200: null },
  problems: ['signature_invalid', 'malformed'],
  handle: async function noteGivenUp(context, { bytes }) {
    const body = await signedBody(context, bytes, '/hooks/qstash/failed')
    if (!body.ok) return body
    const told = failure().safeParse(json(body.value))
    const source = told.success ? wake().safeParse(json(fromBase64(told.data.sourceBody))) : null
    if (!told.success || !source?.success) return refuse({ code: 'malformed' })
    const { status } = told.data
    // 489 was our own word. Otherwise the row is still in the outbox: the sweeper takes it, but somebody should look.
    const level = status === 489 ? 'info' : 'error'
    context.deps.core.log(level, 'wake_given_up', { message_id: source.data.id, status })
    return answer(200)
  },
})

/** The raw body of a call that QStash signed for this path; without a signature nothing is read. */
async function signedBody(
  { deps, request }: Context,
  bytes: () => Promise<Uint8Array | null>,
  path: string,
): Promise<Result<Uint8Array>> {
  if (!deps.qstash) return refuse({ code: 'not_found' })
  const signature = request.headers.get('Upstash-Signature')
  const body = signature === null ? null : await bytes()
  return body && (await deps.qstash.isSigned(signature, body, path)) ? ok(body) : refuse({ code: 'signature_invalid' })
}

/** Ms after which QStash is to call again; null when its work is done. */
function leftToDo(
  id: string,
  { attempted, unclaimed }: Delivered,
  generation: number,
  now: number,
): number | 'never' | null {
  // The store failed in the middle, or the lease was lost: whoever has the row now has it no longer than this.
  if (attempted.some((one) => one.status === 'sending')) return LEASE_MS
  const row = unclaimed.find((one) => one.id === id)
  switch (row?.why) {
    case undefined:
      return null
    case 'leased':
      return row.until - now
    case 'later':
      // Of this very generation: the call came early, and a new wake would be dropped as a duplicate of this one.
      return row.generation === generation ? row.dueAt - now : null
    // What a probe finds out releases it; it needs no wake of its own.
    case 'behind':
    // Cancelled, say: its work is done, and QStash must not tell us of a failure.
    case 'ended':
      return null
    case 'missing':
      return 'never'
  }
}

/** undefined when it is no JSON in UTF-8. */
function json(bytes: Uint8Array | null): unknown {
  try {
    return bytes ? JSON.parse(fromStrictUtf8(bytes)) : undefined
  } catch {
    return undefined
  }
}

export const qstashRoutes: readonly Route[] = [deliverRoute, failedRoute]
