// What tells one admission from another, for what must be written once however often it is repeated.

/** The fields of an admission by which a repeat of it can be known. */
interface Named {
  messages: { id: string }[]
  sends: { slot: string }[]
  takes: { slot: string }[]
  challenge?: { open: { id: string } } | object | null
  session?: { id: string } | null
  idempotency?: { key: string } | null
  bearer?: { sessionId: string } | null
}

/** The first of the names its caller gave; null when there is none, and so nothing a repeat could be known by. */
export function admissionName({
  messages,
  session,
  challenge,
  idempotency,
  sends,
  takes,
  bearer,
}: Named): string | null {
  const opened = challenge && 'open' in challenge ? challenge.open.id : undefined
  const slot = [...sends, ...takes][0]?.slot
  return messages[0]?.id ?? session?.id ?? opened ?? idempotency?.key ?? slot ?? bearer?.sessionId ?? null
}
