// A person with an account: what they remember, what they hold, what lies in their mailbox.
import type { Tokens } from '../../lib/accounts/accounts.ts'
import type { Client } from './account-client.ts'
import type { Rng } from './prng.ts'
import type { Copy, World } from './world.ts'

/** A browser that is signed in. */
export interface Device {
  access: string
  refresh: string | null
  /** Refresh tokens that were turned. */
  past: string[]
}

export interface Somebody extends Client {
  username: string
  /** Where they read mail; the account's own comes first. */
  addresses: string[]
  /** Their code goes there at first; null = by mail. */
  phone: string | null
  /** What they believe it to be. */
  password: string
  /** Others that it was, or may have become by a request nobody answered. */
  others: string[]
  devices: Device[]
  /** Challenges they were told of. */
  known: { id: string; effect: 'verify' | 'reset' }[]
}

export function somebody(world: World, rng: Rng, name: string, n: number): Somebody {
  const email = `${rng.chance(0.06) ? 'bad-' : ''}${name}@buzon.example`
  const hasSms = world.plan.providers.some((provider) => provider.channel === 'sms')
  const one: Somebody = {
    world,
    rng,
    ip: `192.0.2.${n}`,
    username: `${name[0]?.toUpperCase()}${name.slice(1)}`,
    addresses: [email],
    phone: hasSms && rng.chance(0.3) ? `+525511111${n}` : null,
    password: newPassword(world, rng),
    others: [],
    devices: [],
    known: [],
  }
  for (const text of [email, one.username, one.ip, one.phone]) if (text) world.secrets.add(text)
  return one
}

/** One nobody has had: what was typed tells which it was. */
export function newPassword(world: World, rng: Rng): string {
  const password = `frase larga ${Buffer.from(rng.bytes(9)).toString('base64url')}`
  world.secrets.add(password)
  return password
}

export function holds(one: Somebody, tokens: Tokens): Device {
  const { accessToken, refreshToken } = kept(one, tokens)
  const device: Device = { access: accessToken, refresh: refreshToken, past: [] }
  one.devices.push(device)
  return device
}

/** Tokens nobody else may ever see: of a refresh token the MAC alone is the secret. */
export function kept({ world }: Somebody, tokens: Tokens): Tokens {
  for (const text of [tokens.accessToken, tokens.refreshToken?.split('.').at(-1)]) if (text) world.secrets.add(text)
  return tokens
}

/** Mails with a code for this, the newest first. */
export function mailsOf({ world, addresses, phone }: Somebody, effect: 'verify' | 'reset'): Copy[] {
  const template = effect === 'reset' ? 'recovery-code' : 'verification-code'
  const own = [...addresses, phone]
  const theirs = (copy: Copy) => copy.code !== null && copy.template === template && own.includes(copy.address)
  return world.copies.filter(theirs).toReversed()
}

export const wrongCode = (rng: Rng): string => String(rng.int(0, 999_999)).padStart(6, '0')
