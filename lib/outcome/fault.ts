// A Fault is an adapter that could not do its work: 503 on the wire, retried where that is safe.
import { RETRY_AFTER_MS } from '../rules/numbers.ts'

export type FaultPort = 'store' | 'scheduler' | 'users' | 'passwords'

export class Fault extends Error {
  readonly port: FaultPort
  /** Ms after which the same call may work; becomes `Retry-After`. */
  readonly retryAfterMs: number

  /** `cause` is kept for the log's error name only: vendor messages may hold keys and addresses. */
  constructor(port: FaultPort, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(`${port} unavailable`, { cause: options.cause })
    this.name = 'Fault'
    this.port = port
    this.retryAfterMs = options.retryAfterMs ?? RETRY_AFTER_MS
  }
}
