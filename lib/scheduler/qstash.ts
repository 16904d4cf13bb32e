// QStash as Scheduler, by its SDK: https://upstash.com/docs/qstash/api/publish and …/api/messages/batch
import { type Called, call } from '../net/call.ts'
import { Fault } from '../outcome/fault.ts'
import type { Waiting } from '../ports/row.ts'
import type { Scheduler } from '../ports/scheduler.ts'
import { ANSWER_BYTES_MAX, ARM_HORIZON_MS, QSTASH, TIMEOUTS } from '../rules/numbers.ts'

export interface QstashConfig {
  /** Origin of the account's region, e.g. `https://qstash.upstash.io`. */
  url: string
  token: string
  /** Origin under which QStash reaches this Worker. */
  publicUrl: string
  timeoutMs?: number
  now?: () => number
}

/**
 * Wakes call `<publicUrl>/hooks/qstash/deliver`; those given up, `<publicUrl>/hooks/qstash/failed`. A drain is the object's
 * work: a thousand messages of QStash would cost more than they do.
 */
export function qstashScheduler(config: QstashConfig): Omit<Scheduler, 'drain'> {
  const { url, token, publicUrl, timeoutMs = TIMEOUTS.qstashMs, now = Date.now } = config
  const publish = async (rows: Waiting[], leftMs: number): Promise<Called | null> => {
    let answer = null as Called | null
    const { qstashClient } = await import('./qstash-client.ts')
    const client = qstashClient(url, token)
    // The SDK builds the request and we carry it: it knows no timeout, and writes failures to the console.
    client.http.request = async (request) => {
      const headers = new Headers(request.headers)
      headers.set('Authorization', `Bearer ${token}`)
      const sent = { url: [url, ...request.path].join('/'), method: 'POST', headers, body: String(request.body) }
      answer = await call(sent, { timeoutMs: leftMs, maxBytes: ANSWER_BYTES_MAX })
      // Judged below.
      return undefined as never
    }
    const messages = rows.map((row) => message(row, publicUrl, now()))
    // Not batchJSON, which changes the objects it is given.
    await (messages.length === 1 && messages[0] ? client.publish(messages[0]) : client.batch(messages))
    return answer
  }

  return {
    free: false,
    horizonMs: ARM_HORIZON_MS,
    async wake(rows) {
      if (rows.length === 0) return
      const startedAt = now()
      let failure: string | null = null
      // Once more where it may help: the deduplication id makes a second copy of the same wake harmless.
      for (let tries = 0; tries < 2; tries++) {
        const leftMs = startedAt + timeoutMs - now()
        if (tries > 0 && (leftMs <= 0 || !isPassing(failure))) break
        failure = await publish(rows, leftMs).then(
          (answer) => failureIn(answer, rows.length),
          () => 'QstashNotSent',
        )
        if (failure === null) return
      }
      throw new Fault('scheduler', { cause: named(failure) })
    },
  }
}

function message({ id, generation, dueAt }: Waiting, publicUrl: string, now: number) {
  return {
    url: `${publicUrl}/hooks/qstash/deliver`,
    headers: { 'Content-Type': 'application/json' },
    // QStash keeps bodies in logs, dead letters and callbacks: nothing else may be in here.
    body: JSON.stringify({ id, generation }),
    // Whole seconds, rounded up so that no wake comes before its instant.
    ...(dueAt > now && { notBefore: Math.ceil(dueAt / 1_000) }),
    // It must not hold a colon.
    deduplicationId: `${id}-${generation}`,
    retries: QSTASH.retries,
    retryDelay: `${QSTASH.retryDelayMs} * pow(2, retried)`,
    failureCallback: `${publicUrl}/hooks/qstash/failed`,
    label: 'posta-wake',
  }
}

/** Name of what went wrong, for the log: never QStash's words, which may quote what was sent. null = all were taken. */
function failureIn(answer: Called | null, count: number): string | null {
  if (answer === null) return 'QstashNotSent'
  if (answer.kind !== 'answered') return answer.kind === 'timeout' ? 'QstashTimeout' : 'QstashLost'
  if (answer.status < 200 || answer.status > 299) return `QstashHttp${answer.status}`
  const taken = [answer.json].flat() as ({ messageId?: unknown } | null | undefined)[]
  // A duplicate is answered with the id of the first: as good as taken.
  return taken.filter((one) => typeof one?.messageId === 'string').length === count ? null : 'QstashPartial'
}

const isPassing = (failure: string | null): boolean =>
  failure === 'QstashLost' || failure === 'QstashPartial' || /^QstashHttp5/.test(failure ?? '')

function named(name: string | null): Error {
  const error = new Error('QStash did not take the wake')
  error.name = name ?? 'QstashNotSent'
  return error
}
