// An address as it may be shown to who need not know it.
import { maskEmail } from '../names/address.ts'

/** `a…@e….com`, `+57…22`. */
export const masked = (address: string): string =>
  address.includes('@') ? maskEmail(address) : `${address.slice(0, 3)}…${address.slice(-2)}`
