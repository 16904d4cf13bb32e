// Queueing many dead rows again, each by itself.
import type { Replayed } from '../../ports/outbox.ts'
import { replayOne } from './replay.ts'
import { work } from './work.ts'

export const replayAll = (
  sql: SqlStorage,
  asked: { id: string; giveUpAt: number }[],
  force: boolean,
  now: number,
): ({ id: string } & Replayed)[] =>
  work(sql, (rows) => asked.map(({ id, giveUpAt }) => ({ id, ...replayOne(rows, id, force, giveUpAt, now) })))
