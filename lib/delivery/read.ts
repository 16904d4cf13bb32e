// Records of messages, with their addresses masked.
import type { Core } from '../core.ts'
import { isId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { ListFilter, MessageRecord } from '../ports/record.ts'
import { type Facts, factsOf } from './facts.ts'

export interface Read extends Facts {
  record: MessageRecord
}

const read = async (core: Core, record: MessageRecord): Promise<Read> => ({ record, ...(await factsOf(core, record)) })

/** `owner`: the user who asks, who sees nobody else's; null = a caller who may see all. */
export async function readMessage(core: Core, id: string, owner: string | null = null): Promise<Result<Read>> {
  const record = isId('msg', id) ? await core.store.outbox.find(id) : null
  if (!record || (owner !== null && record.owner !== owner)) return refuse({ code: 'not_found' })
  return ok(await read(core, record))
}

/** Newest first; a page may be short and still carry a cursor. */
export async function listMessages(
  core: Core,
  filter: ListFilter,
): Promise<{ messages: Read[]; cursor: string | null }> {
  const { messages, cursor } = await core.store.outbox.list(filter)
  return { messages: await Promise.all(messages.map((record) => read(core, record))), cursor }
}
