// Sending what a product has to say: one message or a hundred, now or later, each at most once.
import type { Core } from '../core.ts'
import { newId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Admitted } from '../ports/admission.ts'
import type { Brief, Cancelled } from '../ports/row.ts'
import type { Usage } from '../rules/windows.ts'
import { acceptAll, type Group } from './accept.ts'
import type { Attempted } from './attempt.ts'
import { type Caller, callerTakes, KEY_ONLY, limitRefusal } from './caller.ts'
import { type Rows, rowsOf, type SendRequest } from './message-rows.ts'

/** An idempotency key, bound to caller and route, and what it was first used with. */
export interface Once {
  key: string
  fingerprint: string
}

export interface Sent {
  messages: Brief[]
  /** What the message cancelled by its references, and what it could not. */
  cancelled: ({ id: string } & Cancelled)[]
  /** Told from the present state of what an earlier request with the same key created. */
  repeated: boolean
}

export interface SentAll {
  entries: Result<Sent>[]
  usage: Usage[]
  /** The first attempts; they go on whether or not anybody waits for them. */
  first: Promise<Attempted[]>
}

export interface Entry {
  request: SendRequest
  once: Once | null
}

/**
 * One trip to the store for all entries, each all or nothing; a no to one leaves the others alone. `batch`: the key of the
 * whole call, which then takes a trip of its own.
 *
 *     const sent = await sendAll(core, [ok({ request, once: null })], caller, null)
 */
export async function sendAll(
  core: Core,
  entries: Result<Entry>[],
  caller: Caller,
  batch: Once | null,
): Promise<Result<SentAll>> {
  const now = core.now()
  const takes = await callerTakes(core, caller, newId('req', now, core.random), KEY_ONLY)
  const made = await Promise.all(entries.map((entry) => groupOf(core, entry, now)))
  const names = batch ? await gate(core, batch, made, takes, now) : null
  if (names && !names.ok) return names
  if (names?.value.done) return ok({ entries: names.value.done, usage: [], first: Promise.resolve([]) })
  const named = names ? await Promise.all(renamed(core, entries, made, names.value.ids, now)) : made
  const groups = named.flatMap((one) => (one.ok ? [one.value] : []))
  // The caller's window counts a batch as one request: the first of its groups takes the place.
  const [lead, ...rest] = groups
  const asked = lead && !batch ? [{ ...lead, takes }, ...rest] : groups
  const { admitted, first } = await acceptAll(core, asked)
  const told = admitted[Symbol.iterator]()
  const answers = named.map((one): Result<Sent> => {
    if (!one.ok) return one
    const answer = told.next().value
    if (!answer) throw new Error('sendAll: the store left an entry out')
    return sentOf(answer, one.value, now)
  })
  const usage = admitted.flatMap((one) => (one.kind === 'admitted' ? one.usage : [])).slice(0, 2)
  return ok({ entries: answers, usage, first })
}

async function groupOf(core: Core, entry: Result<Entry>, now: number, ids?: string[]): Promise<Result<Group>> {
  if (!entry.ok) return entry
  const { request, once } = entry.value
  const rows = await rowsOf(core, request, now, ids)
  return rows.ok ? ok(grouped(rows.value, once, now)) : rows
}

const grouped = ({ messages, sends, cancels }: Rows, idempotency: Once | null, now: number): Group => ({
  idempotency,
  takes: [],
  sends,
  cancels,
  challenge: null,
  messages,
  now,
})

const idsOf = (made: Result<Group>[]): string[] =>
  made.flatMap((one) => (one.ok ? one.value.messages.map((message) => message.id) : []))

/**
 * The batch's own key keeps the ids of all its messages before any of them is admitted: a repeat is told where they stand,
 * and makes those that a crash left out, under the same ids.
 */
async function gate(
  core: Core,
  batch: Once,
  made: Result<Group>[],
  takes: Group['takes'],
  now: number,
): Promise<Result<{ ids: string[]; done: Result<Sent>[] | null }>> {
  const names = idsOf(made)
  const own = { takes, sends: [], challenge: null, messages: [], claim: null, now }
  const [answer] = await core.store.outbox.admit([{ ...own, idempotency: { ...batch, names } }])
  if (answer?.kind === 'limited') return refuse(limitRefusal(answer, now), answer.usage)
  if (answer?.kind === 'mismatch') return refuse({ code: 'idempotency_mismatch' })
  if (answer?.kind !== 'repeated') return ok({ ids: names, done: null })
  const known = new Map(answer.messages.map((one) => [one.id, one]))
  const ids = answer.messageIds[Symbol.iterator]()
  const done = made.map((one): Result<Sent> | null => {
    if (!one.ok) return one
    const own = one.value.messages.map(() => known.get(ids.next().value ?? ''))
    const messages = own.flatMap((message) => message ?? [])
    return messages.length === own.length ? ok({ messages, cancelled: [], repeated: true }) : null
  })
  const all = done.flatMap((one) => one ?? [])
  return ok({ ids: answer.messageIds, done: all.length === done.length ? all : null })
}

/** The same groups under the ids that the batch's key has kept. */
function renamed(
  core: Core,
  entries: Result<Entry>[],
  made: Result<Group>[],
  ids: string[],
  now: number,
): Promise<Result<Group>>[] {
  const left = [...ids]
  return made.map((one, at) => {
    if (!one.ok) return Promise.resolve(one)
    const own = left.splice(0, one.value.messages.length)
    const isSame = one.value.messages.every((message, n) => message.id === own[n])
    const entry = entries[at]
    return isSame || !entry ? Promise.resolve(one) : groupOf(core, entry, now, own)
  })
}

function sentOf(answer: Admitted, group: Group, now: number): Result<Sent> {
  switch (answer.kind) {
    case 'admitted': {
      const claimed = new Set(answer.claimed.map((row) => row.id))
      const messages = group.messages.map(({ id, channel, dueAt }) => {
        const status = claimed.has(id) ? ('sending' as const) : ('queued' as const)
        return { id, channel, status, dueAt }
      })
      return ok({ messages, cancelled: answer.cancelled ?? [], repeated: false })
    }
    case 'repeated':
      return ok({ messages: answer.messages, cancelled: [], repeated: true })
    case 'mismatch':
      return refuse({ code: 'idempotency_mismatch' })
    case 'limited':
      return refuse(limitRefusal(answer, now), answer.usage)
    default:
      throw new Error(`sendAll: ${answer.kind}`)
  }
}
