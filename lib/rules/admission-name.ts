// What tells one admission from another, for what must be written once however often it is repeated.
import type { Admission } from '../ports/outbox.ts'

/** The first of the names its caller gave; null when there is none, and so nothing a repeat could be known by. */
export function admissionName({
  messages,
  session,
  challenge,
  idempotency,
  sends,
  takes,
  bearer,
}: Admission): string | null {
  const opened = challenge && 'open' in challenge ? challenge.open.id : undefined
  const slot = [...sends, ...takes][0]?.slot
  return messages[0]?.id ?? session?.id ?? opened ?? idempotency?.key ?? slot ?? bearer?.sessionId ?? null
}
