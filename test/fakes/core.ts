// What the use cases are given, over a real store, with one provider that takes everything.
import type { OpenRequest } from '../../lib/codes/open.ts'
import type { Core } from '../../lib/core.ts'
import { mailRenderer } from '../../lib/renderer/mail.ts'
import { keysFrom } from '../../lib/secrets/keys.ts'
import { mailbox } from './mailbox.ts'

/** A backend's request for a code to that address. */
export const codeFor = (address: string): OpenRequest => ({
  targets: [{ channel: 'email', deliver: address, normal: address }],
  addresses: [address],
  purpose: 'login',
  mode: 'first',
  locale: 'en',
  audience: 'service',
  opener: 'service',
  caller: { keyName: 'app', ip: null },
  idempotency: null,
})

/** `more` takes the place of what it names. */
export function coreOf(store: Core['store'], more: Partial<Core> = {}): Core {
  const random = more.random ?? ((bytes) => crypto.getRandomValues(new Uint8Array(bytes)))
  return {
    store,
    scheduler: { free: false, horizonMs: 0, wake: async () => {}, drain: async () => {} },
    providers: [mailbox()],
    renderer: mailRenderer(),
    keys: keysFrom([{ kid: 'k', bytes: random(32) }], random),
    policy: {
      codeDigits: 6,
      codeLifeMs: null,
      sending: true,
      instead: null,
      limits: true,
      appName: 'Cine Sur',
      appUrl: null,
      from: { address: 'no-reply@example.com', name: null },
      replyTo: null,
      locale: 'en',
      site: { timeZone: 'UTC', currency: 'USD', region: null },
    },
    log: () => {},
    now: Date.now,
    random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    tellOperator: () => {},
    ...more,
  }
}
