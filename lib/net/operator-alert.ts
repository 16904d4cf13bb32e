// Telling the operator of a provider's outage through ALERT_WEBHOOK_URL: a way that is not the dead one.

import type { Log } from '../log.ts'
import type { Alert } from '../ports/outbox.ts'
import { type Failure, failureOf } from '../rules/failure.ts'
import { ALERT_WAITS_MS, TIMEOUTS } from '../rules/numbers.ts'
import type { Call, Called } from './call.ts'

interface Outside {
  call: (request: Call, bounds: { timeoutMs: number; maxBytes: number }) => Promise<Called>
  log: Log
  now: () => number
  sleep: (ms: number) => Promise<void>
  /** Names of all that are configured; without them the text does not say where messages go. */
  providers?: readonly string[]
}

const WHY: Record<Failure, string> = {
  sender_domain_not_verified: 'it has not verified the domain of the sender',
  sender_refused: 'it refuses our sender address',
  key_refused: 'it refuses our key',
  quota: 'our quota there is used up',
  address_refused: 'it refuses the addresses it is given',
  mail_refused: 'it refuses the mails it is given',
  throttled: 'it takes no more for now',
  provider_failed: 'it answers with errors',
  no_answer: 'it does not answer',
  ours: 'it could not be called',
  other: 'it refuses, for a reason of its own',
}

/** `it refuses our key (key_refused, invalid_api_key)`: a sentence, and the words to look for in the log. */
function reasonOf(code: string | null): string {
  if (code === null) return 'it does not work'
  const failure = failureOf(code)
  return `${WHY[failure]} (${failure === code ? code : `${failure}, ${code}`})`
}

/** Never promises what nobody checked: another provider may be down as well. */
function whereTo(down: string, providers: readonly string[] | undefined): string {
  if (!providers) return 'Messages wait, or leave through another provider where there is one.'
  const others = providers.filter((name) => name !== down)
  if (others.length === 0) return 'There is no other provider: messages wait for it until they expire.'
  return `Messages are tried at ${others.join(', ')}.`
}

/**
 * Posts `{text, type, provider, code, failure, at}` as JSON: `text` is what Slack, Mattermost and Google Chat show, the rest
 * is for programs. Tried three times; the log line of the outage has been written before.
 */
export function alertCall(url: string | null, appName: string, { call, log, now, sleep, providers }: Outside) {
  return async ({ provider, state, code }: Alert): Promise<void> => {
    if (url === null) return
    const text =
      state === 'down'
        ? `${appName}: e-mail provider ${provider} is down: ${reasonOf(code)}. ${whereTo(provider, providers)}`
        : `${appName}: e-mail provider ${provider} has recovered.`
    const failure = code === null ? null : failureOf(code)
    const at = new Date(now()).toISOString()
    const body = JSON.stringify({ text, type: `provider.${state}`, provider, code, failure, at })
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
