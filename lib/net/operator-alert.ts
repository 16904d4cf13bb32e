// Telling the operator of a provider's outage through ALERT_WEBHOOK_URL: a way that is not the dead one.

import type { Log } from '../log.ts'
import type { Alert } from '../ports/outbox.ts'
import { ALERT_WAITS_MS, TIMEOUTS } from '../rules/numbers.ts'
import type { Call, Called } from './call.ts'

interface Outside {
  call: (request: Call, bounds: { timeoutMs: number; maxBytes: number }) => Promise<Called>
  log: Log
  now: () => number
  sleep: (ms: number) => Promise<void>
}

/**
 * Posts `{text, type, provider, code, at}` as JSON: `text` is what Slack, Mattermost and Google Chat show, the rest is
 * for programs. Tried three times; the log line of the outage has been written before.
 */
export function alertCall(url: string | null, appName: string, { call, log, now, sleep }: Outside) {
  return async ({ provider, state, code }: Alert): Promise<void> => {
    if (url === null) return
    const text =
      state === 'down'
        ? `${appName}: e-mail provider ${provider} is down (${code ?? 'no answer'}); messages leave through the others.`
        : `${appName}: e-mail provider ${provider} has recovered.`
    const body = JSON.stringify({ text, type: `provider.${state}`, provider, code, at: new Date(now()).toISOString() })
    for (const waitMs of ALERT_WAITS_MS) {
      if (waitMs > 0) await sleep(waitMs)
      const headers = { 'Content-Type': 'application/json' }
      const called = await call(
        { url, method: 'POST', headers, body },
        { timeoutMs: TIMEOUTS.alertMs, maxBytes: 1_024 },
      )
      // Whoever does not answer in time may still have heard it: once is enough.
      if (called.kind === 'timeout' || (called.kind === 'answered' && called.status < 500)) return
    }
    log('error', 'alert_not_delivered', { provider, state })
  }
}
