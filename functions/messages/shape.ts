// A message's record as it goes over the wire.
import * as z from 'zod'
import type { Read } from '../../lib/delivery/read.ts'
import { OUTCOMES } from '../../lib/rules/status.ts'
import { at, instant, priority, sentBy, status } from '../http/schemas.ts'

const attempt = () =>
  z.object({
    provider: z.string(),
    at: instant(),
    outcome: z.enum(OUTCOMES),
    code: z.string().nullable(),
    duration_ms: z.number(),
  })

export const messageShape = () =>
  z.object({
    id: z.string(),
    template: z.string(),
    channel: sentBy(),
    priority: priority(),
    status: status(),
    due_at: instant(),
    created_at: instant(),
    sent_at: instant().nullable(),
    to_masked: z.string().nullable(),
    reference: z.string().nullable(),
    metadata: z.record(z.string(), z.string()).nullable(),
    ambiguous: z.boolean(),
    attempts: z.array(attempt()),
    events: z.array(z.object({ at: instant(), type: z.string(), provider: z.string().nullable() })),
  })

export function told({ record, toMasked, reference, metadata }: Read) {
  const sent = record.events.find((one) => one.type === 'sent')
  return {
    id: record.id,
    template: record.template,
    channel: record.channel,
    priority: record.priority,
    status: record.status,
    due_at: at(record.dueAt),
    created_at: at(record.createdAt),
    sent_at: sent ? at(sent.at) : null,
    to_masked: toMasked,
    reference,
    metadata,
    ambiguous: record.ambiguous,
    attempts: record.attempts.map(({ durationMs, ...one }) => ({ ...one, at: at(one.at), duration_ms: durationMs })),
    events: record.events.map((one) => ({ at: at(one.at), type: one.type, provider: one.provider })),
  }
}
