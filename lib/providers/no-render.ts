// Stands in for `@react-email/render` in the Worker (wrangler.toml alias): the Resend SDK imports it, we render ourselves.

export function render(): never {
  throw new Error('mail reaches a provider rendered; the SDK must not render')
}
