// Shadowed messages, to be compared with what an older system sent: what would have left, when, and under which subject.
import type { Core } from '../core.ts'
import { errorFields } from '../log.ts'
import type { Address } from '../names/address.ts'
import type { ListFilter, MessageRecord } from '../ports/record.ts'
import { SHADOW } from '../rules/shadow.ts'
import type { Channel } from '../rules/status.ts'
import { type Facts, factsOf } from './facts.ts'
import { openPayload } from './payload.ts'

export interface Shadowed extends Pick<Facts, 'toMasked'> {
  id: string
  /** The place of its person in the list that was asked for; null without one. */
  person: number | null
  template: string
  channel: Channel
  /** null once its words are gone, 14 days after it ended. */
  subject: string | null
  /** When it would have left, epoch ms. */
  at: number
}

/** By when they would have left; the addresses themselves are never told. */
export interface ShadowFilter {
  since?: number
  until?: number
}

/** A page of all, newest first by when they were accepted; it may be short and still carry a cursor. */
export async function shadowedPage(
  core: Core,
  filter: ShadowFilter,
  page: { limit: number; cursor?: string },
): Promise<{ messages: Shadowed[]; cursor: string | null }> {
  const { messages, cursor } = await core.store.outbox.list({ ...page, ...wanted(filter) })
  return { messages: await told(core, messages, filter, null), cursor }
}

/** The newest of each of these people, in their order. */
export async function shadowedOf(core: Core, people: Address[], filter: ShadowFilter): Promise<Shadowed[]> {
  const found = await Promise.all(
    people.map(async ({ normal }, person) => {
      const recipient = await core.keys.hash('address', normal)
      const asked = { recipient, limit: SHADOW.perPersonMax, ...wanted(filter) }
      const { messages } = await core.store.outbox.list(asked)
      return told(core, messages, filter, person)
    }),
  )
  return found.flat()
}

/** Nothing leaves before it was accepted. */
const wanted = ({ until }: ShadowFilter): Pick<ListFilter, 'status' | 'until'> => ({
  status: 'shadowed',
  ...(until === undefined ? {} : { until }),
})

function told(core: Core, records: MessageRecord[], { since, until }: ShadowFilter, person: number | null) {
  const at = (record: MessageRecord) => record.endedAt ?? record.dueAt
  const within = records.filter(
    (record) => (since === undefined || at(record) >= since) && (until === undefined || at(record) < until),
  )
  return Promise.all(
    within.map(async (record): Promise<Shadowed> => {
      const { id, template, channel } = record
      const { toMasked } = await factsOf(core, record)
      return { id, person, template, channel, toMasked, subject: await subjectOf(core, record), at: at(record) }
    }),
  )
}

/** A code is derived for nobody but its person: its mail is rendered with another in its place. */
const NO_CODE = { code: '000000', link: null }

async function subjectOf(core: Core, { id, sealed }: MessageRecord): Promise<string | null> {
  const payload = sealed === null ? null : await openPayload(core, id, sealed)
  if (!payload) return null
  if (payload.subject) return payload.subject
  const { data } = payload.render
  try {
    const rendered = await core.renderer.render({
      ...payload.render,
      data: payload.code ? { ...data, ...NO_CODE } : data,
    })
    return rendered.subject
  } catch (error) {
    core.log('error', 'render_failed', { message_id: id, ...errorFields(error) })
    return null
  }
}
