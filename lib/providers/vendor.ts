// What a vendor's file says of itself: its name, its settings, when it is ready, and how its provider is made.
import type { Provider } from '../ports/provider.ts'
import type { Settings, Values } from '../settings/readers.ts'
import type { Desk } from './desk.ts'

/** What a provider may use besides its settings. */
export interface VendorWorld {
  /** Epoch ms. */
  now: () => number
  /** Takes one line for the terminal. */
  write: (line: string) => void
  sleep: (ms: number) => Promise<void>
  /** The inbox of development; null in production. */
  desk: Desk | null
}

/**
 * One vendor is one file that exports one of these, and its line in vendors.ts. Settings are read by lib/config.ts, so a
 * wrong one is told by its variable's name:
 *
 *     const SETTINGS = { POSTMARK_TOKEN: optional(key('a Postmark token')) }
 *
 *     export const postmark = vendor({
 *       name: 'postmark',
 *       settings: SETTINGS,
 *       ready: ({ POSTMARK_TOKEN }) => POSTMARK_TOKEN !== undefined,
 *       make: ({ POSTMARK_TOKEN = '' }, { now }) => postmarkProvider({ token: POSTMARK_TOKEN, now }),
 *     })
 */
export interface Vendor<S extends Settings = Settings> {
  /** As EMAIL_PROVIDERS and every attempt name it. */
  name: string
  settings: S
  /** Settings that only make sense all at once. */
  together?: (keyof S & string)[]
  /** The setting by which its delivery reports are verified; without one it sends none. */
  reportsWith?: keyof S & string
  /** Plays vendors, and can be named in development alone. */
  development?: boolean
  /** What it needs is there. */
  ready(settings: Values<S>): boolean
  /** Asked only when it is ready. */
  make(settings: Values<S>, world: VendorWorld): Provider
}

/** Binds the two functions to the vendor's own settings. */
export const vendor = <S extends Settings>(spec: Vendor<S>): Vendor<S> => spec
