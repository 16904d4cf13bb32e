// Every mail vendor there is, in the order they are tried by default. lib/config.ts and lib/wire.ts read this list.

import type { Provider } from '../ports/provider.ts'
import type { Values } from '../settings/readers.ts'
import { cloudflare } from './cloudflare.ts'
import { consoleVendor } from './console.ts'
import { faulty, inbox, inboxProvider } from './inbox.ts'
import { mailgun } from './mailgun.ts'
import { resend } from './resend.ts'
import { sendgrid } from './sendgrid.ts'
import type { Vendor, VendorWorld } from './vendor.ts'

const LISTED = [resend, sendgrid, mailgun, cloudflare, consoleVendor, inbox] as const

// Each takes its own settings; the list hands every one of them the whole table.
export const VENDORS = LISTED as unknown as readonly Vendor[]

type Every = (typeof LISTED)[number]['settings']
type Both<T> = (T extends unknown ? (one: T) => void : never) extends (all: infer All) => void ? All : never

/** The settings of all vendors as one table. */
export const VENDOR_SETTINGS = Object.assign({}, ...LISTED.map((one) => one.settings)) as Both<Every>
/** What they say; of a production that is not checked yet, some may be missing. */
export type VendorSettings = Partial<Values<Both<Every>>>

/** The real vendors that can send, in the default order. */
export const readyVendors = (settings: VendorSettings): string[] =>
  VENDORS.filter((one) => !one.development && one.ready(settings)).map((one) => one.name)

/** The setting by which a vendor's delivery reports are verified; null = it sends none, or plays another. */
export const reportsWith = (name: string): string | null =>
  VENDORS.find((one) => one.name === name)?.reportsWith ?? null

/** Who sends when nobody is named; without a vendor that is ready, the inbox. */
export function defaultVendors(settings: VendorSettings): string[] {
  const ready = readyVendors(settings)
  return ready.length > 0 ? ready : [inbox.name]
}

/**
 * The provider of that name. In development a vendor that is not ready is played by the inbox, under its name, and the
 * faults of the desk stand in front of all.
 */
export function providerOf(name: string, settings: VendorSettings, world: VendorWorld): Provider {
  const listed = VENDORS.find((one) => one.name === name)
  const made = listed?.ready(settings) ? listed.make(settings, world) : null
  if (world.desk) return faulty(made ?? inboxProvider(name, world.desk, world.now), world.desk, world.sleep)
  if (!made) throw new Error(`providerOf: ${name} is not configured`)
  return made
}
