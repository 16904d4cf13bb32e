// Development providers: the inbox takes every mail, under any provider's name, and faults stand between.
import type { FaultMode } from '../ports/fault-modes.ts'
import type { SendOutcome } from '../ports/message.ts'
import type { Provider } from '../ports/provider.ts'
import type { Desk } from './desk.ts'
import { vendor } from './vendor.ts'

/** Never ready by itself: whatever is not ready is played by it, in development alone. */
export const inbox = vendor({
  name: 'inbox',
  settings: {},
  development: true,
  ready: () => false,
  make() {
    throw new Error('inbox: it plays others')
  },
})

/** Takes mails in the name of `name`, so that a fallback between providers can be watched without any account. */
export function inboxProvider(name: string, desk: Desk, now: () => number): Provider {
  return {
    name,
    channel: 'email',
    keyed: true,
    reports: false,
    async send(outgoing) {
      await desk.put(name, outgoing, now())
      return { kind: 'accepted', providerId: null }
    },
  }
}

/** What a provider in that mode looks like from here; null = the call itself is made. */
const SEEN: Record<FaultMode, SendOutcome | null> = {
  ok: null,
  // A refused and a dropped connection cannot be told apart in workerd.
  refuse: { kind: 'unknown', code: 'connection_lost' },
  hang: { kind: 'unknown', code: 'timeout' },
  throttle: { kind: 'throttled', code: 'rate_limit_exceeded', retryAfterMs: 1_000 },
  error: { kind: 'unavailable', code: 'http_500' },
  lose_answer: { kind: 'unknown', code: 'connection_lost' },
  reject: { kind: 'rejected', code: 'rejected' },
}

/** Puts the faults of POST /dev/faults in front of a provider. */
export function faulty(provider: Provider, desk: Desk, sleep: (ms: number) => Promise<void>): Provider {
  return {
    ...provider,
    async send(outgoing, timeoutMs) {
      const mode = (await desk.takeFault(provider.name)) ?? 'ok'
      if (mode === 'hang') await sleep(timeoutMs)
      if (mode === 'lose_answer') await provider.send(outgoing, timeoutMs)
      return SEEN[mode] ?? provider.send(outgoing, timeoutMs)
    },
  }
}
