// Stands in for the packages that vendor SDKs import for what posta does itself or never asks of them, so that an
// isolate need not read them at its start: [alias] of wrangler.toml says which.

/** `@react-email/render`: posta hands mail over rendered. */
export function render(): never {
  throw new Error('left out of the Worker: posta renders mail itself')
}

/** `postal-mime` (default) parses mail that comes in; `standardwebhooks` verifies Resend's webhooks. */
export class Webhook {
  constructor() {
    throw new Error('left out of the Worker: the Resend SDK is only asked to send')
  }
}

export default { parse: render }
