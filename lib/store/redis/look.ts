// Reading: records, pages of them, figures.
import type { Outbox } from '../../ports/outbox.ts'
import type { BreakerState, MessageRecord } from '../../ports/record.ts'
import { FIGURES_HOURS, LIST_WALK_MAX } from '../../rules/numbers.ts'
import { byName, figures, hourFigures, type RawHour, type RawStats } from './figures.ts'
import { HOURS, INDEXES, key, LIVE, SWEPT } from './keys.ts'
import { messageKeys } from './requests.ts'
import { type List, list, type RawRecord, record } from './rows.ts'
import type { ScriptName } from './scripts.ts'

type Step = <T>(name: ScriptName, keys: string[], request: object, token?: string) => Promise<T>

interface RawPage {
  records: List<RawRecord>
  cursor: string | null
}

const page = (raw: RawPage) => ({ messages: list(raw.records).map(record), cursor: raw.cursor })

/** `step` runs a script that answers JSON. */
export function redisLook(
  step: Step,
): Pick<Outbox, 'find' | 'findAll' | 'list' | 'scheduled' | 'stats' | 'breakers' | 'series'> {
  const findAll = async (ids: string[]): Promise<(MessageRecord | null)[]> =>
    list(await step<List<RawRecord | null>>('find', ids.flatMap(messageKeys), { ids })).map((raw) => raw && record(raw))
  return {
    findAll,
    find: async (id) => (await findAll([id]))[0] ?? null,
    async list(filter) {
      const { reference, person } = filter
      const links = [
        ...(reference === undefined ? [] : [key('link', `reference:${reference}`)]),
        ...(person === undefined ? [] : [key('link', `person:${person}`)]),
      ]
      return page(await step<RawPage>('list', [...HOURS, ...links], { ...filter, walkMax: LIST_WALK_MAX }))
    },
    async scheduled(now, limit, cursor) {
      const [at, id] = cursor?.split(' ') ?? []
      const after = at === undefined ? {} : { at: Number(at), id }
      return page(await step<RawPage>('scheduled', LIVE, { now, limit, ...after, walkMax: LIST_WALK_MAX }))
    },
    async stats(now) {
      const keys = [key('stats', 'total'), ...LIVE, ...HOURS, INDEXES.breakers, SWEPT]
      return figures(await step<RawStats>('stats', keys, { now, hours: FIGURES_HOURS }))
    },
    async breakers(now) {
      return byName(list(await step<List<BreakerState>>('breakers', [INDEXES.breakers], { now })))
    },
    async series(hours, now) {
      return list(await step<List<RawHour>>('series', [], { hours, now })).map(hourFigures)
    },
  }
}
