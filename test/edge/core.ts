// The use cases over a real store, with one provider that takes everything.
import type { OpenRequest } from '../../lib/codes/open.ts'
import type { Core } from '../../lib/core.ts'
import type { Outgoing } from '../../lib/ports/provider.ts'
import { mailRenderer } from '../../lib/renderer/mail.ts'
import { keysFrom } from '../../lib/secrets/keys.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

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

/** `sent` collects what the provider took. */
export function coreOf(store: Core['store'], sent: Outgoing[]): Core {
  return {
    store,
    scheduler: { free: false, horizonMs: 0, wake: async () => {} },
    providers: [
      {
        name: 'fake',
        channel: 'email',
        keyed: true,
        reports: false,
        send: async (outgoing) => {
          sent.push(outgoing)
          return { kind: 'accepted', providerId: null }
        },
      },
    ],
    renderer: mailRenderer(),
    keys: keysFrom([{ kid: 'k', bytes: random(32) }], random),
    policy: {
      codeDigits: 6,
      codeLifeMs: null,
      sending: true,
      limits: true,
      appName: 'posta',
      appUrl: null,
      from: { address: 'a@b.test', name: null },
      replyTo: null,
      locale: 'en',
    },
    log: () => {},
    now: Date.now,
    random,
    tellOperator: async () => {},
  }
}
