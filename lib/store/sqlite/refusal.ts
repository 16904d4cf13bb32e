// Why a row can no longer be called back.

import type { Cancelled } from '../../ports/outbox.ts'
import { wasTaken } from '../../rules/status.ts'
import type { MessageRow } from './rows.ts'
import { statusOf } from './rows.ts'

/** Why a row can no longer be called back; null while nothing of it can have left. */
export function refusal(row: MessageRow): Exclude<Cancelled, { kind: 'cancelled' }> | null {
  const status = statusOf(row)
  if (wasTaken(status)) return { kind: 'sent', status }
  if (status === 'sending' || (status === 'queued' && row.ambiguous === 1) || status === 'unknown')
    return { kind: 'maybe' }
  return status === 'queued' ? null : { kind: 'ended', status }
}
