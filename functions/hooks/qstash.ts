// QStash's callbacks: deliver a message, or hear that it was given up. Signed, and verified before anything is parsed.
import * as z from 'zod'
import { fromBase64, fromStrictUtf8 } from '../../lib/bytes.ts'
import { type Delivered, deliver } from '../../lib/delivery/deliver.ts'
import { isId } from '../../lib/names/ids.ts'
import { BODY_BYTES_MAX, LEASE_MS } from '../../lib/rules/numbers.ts'
import { readBytes } from '../http/body.ts'
import { PROBLEMS, problemResponse } from '../http/problems.ts'
import { type Call, once, route } from '../http/route.ts'

const wake = once(() => z.object({ id: z.string().refine((id) => isId('msg', id)), generation: z.int().min(0) }))
/** What a failure callback tells, as far as it is read: https://upstash.com/docs/qstash/features/callbacks */
const failure = once(() => z.object({ status: z.int().catch(0), sourceBody: z.string() }))

export const deliverRoute = route({
  method: 'POST',
  path: '/hooks/qstash/deliver',
  who: 'public',
  summary: 'QStash wakes a message: 200 done, 503 later, 489 never; signed',
  answers: { 200: null },
  async handle(call) {
    const body = await signedBody(call, '/hooks/qstash/deliver')
    if (body instanceof Response) return body
    const parsed = wake().safeParse(json(body))
    if (!parsed.success) return never('malformed', call)
    const { id, generation } = parsed.data
    const { core } = call.deps
    // Nothing is claimed while SENDING is off: the row stays queued for the sweeper, which no retry would outlast.
    const waitMs = leftToDo(await deliver(core, { ids: [id] }), generation, core.now())
    if (waitMs === 'never') return never('not_deliverable', call)
    if (waitMs === null) return new Response(null)
    return problemResponse('message_busy', PROBLEMS.unavailable(waitMs), call)
  },
})

export const failedRoute = route({
  method: 'POST',
  path: '/hooks/qstash/failed',
  who: 'public',
  summary: 'QStash has given up waking a message; signed',
  answers: { 200: null },
  async handle(call) {
    const body = await signedBody(call, '/hooks/qstash/failed')
    if (body instanceof Response) return body
    const told = failure().safeParse(json(body))
    const source = told.success ? wake().safeParse(json(fromBase64(told.data.sourceBody))) : null
    if (!told.success || !source?.success) return never('malformed', call)
    const { status } = told.data
    // 489 was our own word. Otherwise the row is still in the outbox: the sweeper takes it, but somebody should look.
    call.deps.core.log(status === 489 ? 'info' : 'error', 'wake_given_up', { message_id: source.data.id, status })
    return new Response(null)
  },
})

/** The raw body of a call that QStash signed for this path; a Response when it is not to be read. */
async function signedBody(call: Call, path: string): Promise<Uint8Array | Response> {
  const { deps, request, requestId } = call
  if (!deps.qstash) {
    const detail = 'There is nothing here, or nothing you may see.'
    return problemResponse('not_found', { status: 404, title: 'Not found', detail }, { requestId })
  }
  const signature = request.headers.get('Upstash-Signature')
  const body = signature === null ? null : await readBytes(request, BODY_BYTES_MAX)
  if (body && (await deps.qstash.isSigned(signature, body, path))) return body
  const detail = 'Only calls that QStash signed for this address are taken.'
  return problemResponse('signature_invalid', { status: 401, title: 'Signature not valid', detail }, { requestId })
}

/** Ms after which QStash is to call again; null when its work is done. */
function leftToDo({ attempted, unclaimed }: Delivered, generation: number, now: number): number | 'never' | null {
  // The store failed in the middle, or the lease was lost: whoever has the row now has it no longer than this.
  if (attempted.some((one) => one.status === 'sending')) return LEASE_MS
  const row = unclaimed[0]
  switch (row?.why) {
    case undefined:
      return null
    case 'leased':
      return row.until - now
    case 'later':
      // Of this very generation: the call came early, and a new wake would be dropped as a duplicate of this one.
      return row.generation === generation ? row.dueAt - now : null
    case 'ended':
    case 'missing':
      return 'never'
  }
}

/** https://upstash.com/docs/qstash/features/retry: no retries, straight to the dead letters; status and header are both needed. */
function never(code: string, { requestId }: Call): Response {
  const detail = 'This call will never succeed.'
  const headers = { 'Upstash-NonRetryable-Error': 'true' }
  return problemResponse(code, { status: 489, title: 'Not deliverable', detail, headers }, { requestId })
}

/** undefined when it is no JSON in UTF-8. */
function json(bytes: Uint8Array | null): unknown {
  try {
    return bytes ? JSON.parse(fromStrictUtf8(bytes)) : undefined
  } catch {
    return undefined
  }
}
