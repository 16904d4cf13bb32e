// The record of one message, with its address masked.

import type { Core } from '../core.ts'
import { maskEmail } from '../names/address.ts'
import { isId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { MessageRecord } from '../ports/record.ts'
import { openPayload } from './payload.ts'

/** `toMasked` is null once the payload's retention has ended. */
export async function readMessage(
  core: Core,
  id: string,
): Promise<Result<{ record: MessageRecord; toMasked: string | null }>> {
  const record = isId('msg', id) ? await core.store.outbox.find(id) : null
  if (!record) return refuse({ code: 'not_found' })
  const payload = record.sealed === null ? null : await openPayload(core, id, record.sealed)
  return ok({ record, toMasked: payload ? maskEmail(payload.to.address) : null })
}
