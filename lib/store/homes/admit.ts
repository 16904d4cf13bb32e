// Accepting in two homes: a group goes where its ids say, a new one to the current store.

import type { Admission, Admitted } from '../../ports/admission.ts'
import type { Cancelled } from '../../ports/row.ts'
import type { Store } from '../../ports/store.ts'
import { bearerIn, type Homes } from './homes.ts'

interface Asked {
  group: Admission
  store: Store
  answer: Admitted | null
}

export async function admit(homes: Homes, groups: Admission[]): Promise<Admitted[]> {
  const asked = await Promise.all(groups.map((group) => askedOf(homes, group)))
  await repeatedElsewhere(homes, asked)
  // One worker has six places in all: what else is due in the other store, its own clock rings for.
  let isClaimed = false
  for (const store of [homes.current, homes.old]) {
    const own = asked.filter((one) => one.store === store && !one.answer)
    if (own.length === 0) continue
    const told = await store.outbox.admit(own.map(({ group }) => (isClaimed ? { ...group, claim: null } : group)))
    isClaimed = true
    for (const [n, one] of own.entries()) one.answer = told[n] ?? null
  }
  return Promise.all(asked.map((one) => cancelElsewhere(homes, one)))
}

async function askedOf(homes: Homes, group: Admission): Promise<Asked> {
  const { challenge, messages, session, now } = group
  const opened = challenge && ('open' in challenge ? challenge.open.id : challenge.resend.id)
  const id = opened ?? messages[0]?.id ?? session?.id
  const store = id === undefined ? homes.current : await homes.of(id)
  const bearer = await bearerIn(homes, store, group.bearer, now)
  if (bearer === 'revoked') return { group, store, answer: { kind: 'revoked' } }
  return { group: { ...group, bearer }, store, answer: null }
}

/** A key that was used in the old store is told what it made there. */
async function repeatedElsewhere(homes: Homes, asked: Asked[]): Promise<void> {
  const keyed = asked.filter(({ group, store, answer }) => group.idempotency && store === homes.current && !answer)
  const [first] = keyed
  if (!first || (await homes.held()).names === 0) return
  const names = keyed.flatMap(({ group: { idempotency } }) =>
    idempotency ? [{ key: idempotency.key, fingerprint: idempotency.fingerprint }] : [],
  )
  const known = await homes.old.known(names, first.group.now)
  for (const [n, one] of keyed.entries()) one.answer = known[n] ?? null
}

/** What an admission cancels may still wait in the old store. A repeat cancels what a crash has left. */
async function cancelElsewhere(homes: Homes, { group, store, answer }: Asked): Promise<Admitted> {
  if (!answer) throw new Error('admit: a store answered for fewer than it was asked')
  if (store !== homes.current || !group.cancels?.length) return answer
  if (answer.kind !== 'admitted' && answer.kind !== 'repeated') return answer
  if ((await homes.held()).messages === 0) return answer
  const cancelled: ({ id: string } & Cancelled)[] = []
  for (const reference of group.cancels) cancelled.push(...(await homes.old.outbox.cancelBy(reference, group.now)))
  if (answer.kind === 'repeated' || cancelled.length === 0) return answer
  return { ...answer, cancelled: [...(answer.cancelled ?? []), ...cancelled] }
}
