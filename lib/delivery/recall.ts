// Calling a message back, or moving it: exact against a send that is under way.
import type { Core } from '../core.ts'
import { isId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Brief, Cancelled } from '../ports/row.ts'
import { wake } from './deliver.ts'
import { referenceHash, tooFarAhead } from './message-rows.ts'

/** What is cancelled already is as it was asked for. */
export async function cancelMessage(core: Core, id: string): Promise<Result<{ id: string; status: 'cancelled' }>> {
  const answer = isId('msg', id) ? await core.store.outbox.cancel(id, core.now()) : ({ kind: 'missing' } as const)
  const isCancelled = answer.kind === 'cancelled' || (answer.kind === 'ended' && answer.status === 'cancelled')
  return isCancelled ? ok({ id, status: 'cancelled' }) : whyNot(answer)
}

export const cancelByReference = async (core: Core, reference: string): Promise<({ id: string } & Cancelled)[]> =>
  core.store.outbox.cancelBy(await referenceHash(core, reference), core.now())

/** `sendAt` in the past means now; one behind the message's own end is refused. */
export async function moveMessage(core: Core, id: string, sendAt: number): Promise<Result<Brief>> {
  const now = core.now()
  const dueAt = Math.max(sendAt, now)
  const record = isId('msg', id) ? await core.store.outbox.find(id) : null
  if (!record) return refuse({ code: 'not_found' })
  const far = tooFarAhead(dueAt, now)
  if (far) return refuse({ code: 'invalid_request', errors: [far] })
  if (record.expiresAt !== null && dueAt >= record.expiresAt) {
    const params = { end: 'expires_at' }
    return refuse({ code: 'invalid_request', errors: [{ path: 'send_at', code: 'not_before_end', params }] })
  }
  const answer = await core.store.outbox.reschedule(id, dueAt, now)
  if (answer.kind !== 'rescheduled') return whyNot(answer)
  await wake(core, [answer])
  return ok({ id, channel: record.channel, status: 'queued', dueAt })
}

function whyNot(answer: Exclude<Cancelled, { kind: 'cancelled' }> | { kind: 'cancelled' }) {
  switch (answer.kind) {
    case 'sent':
      return refuse({ code: 'already_sent' })
    case 'maybe':
      return refuse({ code: 'may_be_sent' })
    case 'ended':
      return refuse({ code: 'already_ended', status: answer.status })
    default:
      return refuse({ code: 'not_found' })
  }
}
