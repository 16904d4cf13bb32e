// What the record of a message keeps as long as itself, sealed: what its caller said of it, and whom it went to, masked.
import type { Core } from '../core.ts'
import type { MessageRecord } from '../ports/record.ts'
import { masked } from './masked.ts'
import { openPayload } from './payload.ts'

export interface Facts {
  reference: string | null
  metadata: Record<string, string> | null
  toMasked: string | null
}

const NONE: Facts = { reference: null, metadata: null, toMasked: null }
const nameOf = (id: string): string => `${id}:facts`

export const sealFacts = (core: Core, id: string, facts: Facts): Promise<string> =>
  core.keys.seal(nameOf(id), JSON.stringify(facts))

/** A row without facts, such as a code's, tells its address for as long as its payload is kept. */
export async function factsOf(
  core: Core,
  { id, facts, sealed }: Pick<MessageRecord, 'id' | 'facts' | 'sealed'>,
): Promise<Facts> {
  const kept = facts === null ? null : await core.keys.open(nameOf(id), facts)
  if (kept !== null) return JSON.parse(kept) as Facts
  const payload = sealed === null ? null : await openPayload(core, id, sealed)
  return payload ? { ...NONE, toMasked: masked(payload.to.address) } : NONE
}
