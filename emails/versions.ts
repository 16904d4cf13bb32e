// The newest version of every template. A row keeps the one it was admitted with, so an older one stays as long as rows do.

export const VERSIONS: Record<string, number> = {
  'purchase-confirmed': 1,
  'purchase-cancelled': 1,
  'show-reminder': 1,
  note: 1,
  'verification-code': 1,
  'recovery-code': 1,
  'password-changed': 1,
  'address-changed': 1,
  'already-registered': 1,
  welcome: 1,
  'new-sign-up': 1,
  'provider-down': 1,
  'provider-recovered': 1,
}
