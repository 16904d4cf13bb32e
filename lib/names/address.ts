// Addresses: what is accepted, what is looked up by, and what may be shown.
import { trimmed } from './typed.ts'

/** An address that may be delivered to. */
export interface Address {
  /** As typed, but for an international domain in its ASCII form (RFC 5890), which is what providers take. */
  deliver: string
  /** For limits and look-ups: lower case, IDN form, `+tag` stripped, dots ignored for Gmail. */
  normal: string
}

/** RFC 5321 §4.5.3.1, with room for the angle brackets. */
export const EMAIL_MAX = 254
const LOCAL_MAX = 64
/** RFC 5322 dot-atom: quoted local parts and comments are refused, providers disagree about them. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const GMAIL = new Set(['gmail.com', 'googlemail.com'])

/** As typed or pasted; null when it is not an address mail can be sent to. */
export function parseEmail(typed: string): Address | null {
  const text = trimmed(typed)
  if (text.length > EMAIL_MAX) return null
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  const domain = asciiDomain(text.slice(at + 1))
  if (at < 1 || local.length > LOCAL_MAX || !LOCAL.test(local) || domain === null) return null
  if (local.length + 1 + domain.length > EMAIL_MAX) return null
  const typedDomain = text.slice(at + 1)
  // Only ASCII letters may differ in case: a Kelvin sign too is a k in lower case, and no provider takes it.
  const isAsTyped = /^[\x21-\x7e]+$/.test(typedDomain) && typedDomain.toLowerCase() === domain
  const deliver = `${local}@${isAsTyped ? typedDomain : domain}`
  return { deliver, normal: `${normalLocal(local, domain)}@${domain === 'googlemail.com' ? 'gmail.com' : domain}` }
}

function normalLocal(local: string, domain: string): string {
  const untagged = local.toLowerCase().replace(/(?<=.)\+.*$/, '')
  return GMAIL.has(domain) ? untagged.replaceAll('.', '') : untagged
}

/** A registrable-looking host name in ASCII form; null for address literals, single labels and bad labels. */
function asciiDomain(text: string): string | null {
  // Checked before `new URL`, which would silently drop tabs and newlines and read the rest as a path or a port.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(text)) return null
  let host: string
  try {
    host = new URL(`http://${text}`).hostname
  } catch {
    return null
  }
  const labels = host.split('.')
  if (labels.length < 2 || host.length > 253 || !labels.every((label) => LABEL.test(label))) return null
  return /^(?:[a-z]|xn--)[a-z0-9-]*[a-z0-9]$/.test(labels.at(-1) ?? '') ? host : null
}

/** `Name <address>` or an address, as settings write a sender; null when the address is bad or the name would break a header. */
export function parseMailbox(text: string): { address: string; name: string | null } | null {
  const [, name, inner] = /^\s*([^<>]*?)\s*<([^<>]+)>\s*$/.exec(text) ?? []
  const address = parseEmail(inner ?? text)
  if (!address || hasControls(text)) return null
  return { address: address.deliver, name: name?.replace(/^"(.*)"$/, '$1') || null }
}

/** Control characters, line separators included: nothing that reaches a header may hold one. */
export function hasControls(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text)
}

/** Enough of an E.164 number to know it again: `+57…34`. */
export const maskPhone = (phone: string): string => `${phone.slice(0, 3)}…${phone.slice(-2)}`

/** What an operator may see: `a…@e….com`. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@')
  const labels = address.slice(at + 1).split('.')
  const last = labels.pop() ?? ''
  return `${address.slice(0, 1)}…@${labels.join('.').slice(0, 1)}….${last}`
}
