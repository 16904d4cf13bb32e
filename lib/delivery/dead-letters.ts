// Messages that nobody tries any more: sent once more, one, or all that a filter names.
import type { Core } from '../core.ts'
import { isId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Replayed } from '../ports/outbox.ts'
import type { ListFilter, MessageRecord } from '../ports/record.ts'
import type { Waiting } from '../ports/row.ts'
import { GIVE_UP_MS, REPLAY } from '../rules/numbers.ts'
import { wake } from './deliver.ts'

/** Why a message was not sent again. */
export const SKIPS = {
  'needs-force': 'needs_force',
  'payload-gone': 'payload_gone',
  expired: 'expired',
  refused: 'not_dead',
  missing: 'not_found',
} as const
export type Skip = (typeof SKIPS)[keyof typeof SKIPS]

const giveUpAt = ({ priority }: MessageRecord, now: number): number => now + GIVE_UP_MS[priority]

export async function replayMessage(
  core: Core,
  id: string,
  force: boolean,
): Promise<Result<{ id: string; status: 'queued'; dueAt: number }>> {
  const now = core.now()
  const record = isId('msg', id) ? await core.store.outbox.find(id) : null
  if (!record) return refuse({ code: 'not_found' })
  const answer = await core.store.outbox.replay(id, force, giveUpAt(record, now), now)
  if (answer.kind === 'replayed') {
    await wake(core, [answer])
    return ok({ id, status: 'queued', dueAt: answer.dueAt })
  }
  return refuse(whyNot(answer))
}

function whyNot(answer: Exclude<Replayed, { kind: 'replayed' }>) {
  switch (answer.kind) {
    case 'refused':
      return { code: 'not_dead', status: answer.status } as const
    case 'needs-force':
      return { code: 'needs_force' } as const
    case 'payload-gone':
      return { code: 'payload_gone' } as const
    case 'expired':
      return { code: 'already_over' } as const
    case 'missing':
      return { code: 'not_found' } as const
  }
}

export interface ReplayedAll {
  replayed: number
  skipped: { id: string; code: Skip }[]
  /** How many more the filter names, as far as they were counted. */
  remaining: number
  /** Where to go on; null = all were looked at. */
  cursor: string | null
}

export type DeadFilter = Pick<ListFilter, 'provider' | 'code' | 'template' | 'since' | 'until' | 'cursor'>

/** At most `limit` of what the filter names, newest first. A dry run counts what would be sent again. */
export async function replayAll(
  core: Core,
  filter: DeadFilter,
  { limit, dryRun, force }: { limit: number; dryRun: boolean; force: boolean },
): Promise<ReplayedAll> {
  const now = core.now()
  const done: ReplayedAll = { replayed: 0, skipped: [], remaining: 0, cursor: filter.cursor ?? null }
  const wakes: Waiting[] = []
  for (let looked = 0; looked < limit; ) {
    const size = Math.min(REPLAY.stepMax, limit - looked)
    const page = await deadPage(core, filter, done.cursor, size)
    looked += Math.max(page.messages.length, 1)
    const asked = page.messages.map((one) => ({ id: one.id, giveUpAt: giveUpAt(one, now) }))
    const answers = dryRun ? [] : await core.store.outbox.replayAll(asked, force, now)
    wakes.push(...answers.flatMap((one) => (one.kind === 'replayed' ? [one] : [])))
    const kinds = dryRun ? page.messages.map((one) => ({ id: one.id, kind: dryKind(one, force, now) })) : answers
    for (const { id, kind } of kinds) {
      if (kind === 'replayed') done.replayed++
      else done.skipped.push({ id, code: SKIPS[kind] })
    }
    done.cursor = page.cursor
    if (page.cursor === null) break
  }
  if (done.cursor !== null) done.remaining = await countDead(core, filter, done.cursor)
  await wake(core, wakes)
  return done
}

const deadPage = (core: Core, filter: DeadFilter, cursor: string | null, limit: number) => {
  const { cursor: _, ...rest } = filter
  return core.store.outbox.list({ ...rest, dead: true, limit, ...(cursor === null ? {} : { cursor }) })
}

async function countDead(core: Core, filter: DeadFilter, from: string): Promise<number> {
  let [count, cursor]: [number, string | null] = [0, from]
  for (let pages = 0; cursor !== null && pages < REPLAY.countedPages; pages++) {
    const page = await deadPage(core, filter, cursor, REPLAY.stepMax)
    count += page.messages.length
    cursor = page.cursor
  }
  return count
}

/** As the step would say. */
function dryKind(record: MessageRecord, force: boolean, now: number): Replayed['kind'] {
  if (record.status === 'unknown' && !force) return 'needs-force'
  if (record.sealed === null) return 'payload-gone'
  return record.expiresAt !== null && record.expiresAt <= now ? 'expired' : 'replayed'
}
