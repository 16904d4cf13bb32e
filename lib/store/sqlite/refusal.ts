// Why a row can no longer be called back.

import type { Cancelled } from '../../ports/row.ts'
import { recallOf } from '../../rules/status.ts'
import type { MessageRow } from './rows.ts'
import { statusOf } from './rows.ts'

/** Why a row can no longer be called back; null while nothing of it can have left. */
export function refusal(row: MessageRow): Exclude<Cancelled, { kind: 'cancelled' }> | null {
  const status = statusOf(row)
  const kind = recallOf(status, row.ambiguous === 1)
  if (kind === null) return null
  return kind === 'maybe' ? { kind } : { kind, status }
}
