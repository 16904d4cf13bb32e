// Hosts that only this machine or this network can mean: what development trusts. A host is as `URL.hostname` has it.

const isLoopbackIp = (host: string) => /^127(?:\.\d{1,3}){3}$/.test(host) || host === '[::1]'

/** This machine: nothing on the way can listen. */
export const isLoopback = (host: string): boolean =>
  isLoopbackIp(host) || host === 'localhost' || host.endsWith('.localhost')

/** RFC 1918, RFC 3927, RFC 4193 and RFC 4291 §2.5.6; 0.0.0.0 is what a server that listens everywhere calls itself. */
const PRIVATE_IP =
  /^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)[\d.]+$|^0\.0\.0\.0$|^\[(?:::|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)\]$/
/** Names that no public name server answers for: RFC 6761, RFC 6762, RFC 8375, and ICANN's .internal. */
const PRIVATE_NAME = /\.(?:local|internal|test|example|invalid|home\.arpa)$/

/** Loopback, or a network of one's own: an address, a reserved name, or a name without a dot, as containers have. */
export function isLocalHost(host: string): boolean {
  const name = host.replace(/\.$/, '')
  return isLoopback(name) || PRIVATE_IP.test(name) || PRIVATE_NAME.test(name) || /^[a-z0-9_-]+$/i.test(name)
}

/** An http(s) origin, at any port, of this machine or of an address or a name (RFC 6762) of this network. */
export const isLocalOrigin = (origin: string): boolean =>
  isOriginOf(origin, (host) => isLoopback(host) || PRIVATE_IP.test(host) || /^.+\.local$/.test(host))

export const isLoopbackOrigin = (origin: string): boolean => isOriginOf(origin, isLoopback)

function isOriginOf(origin: string, holds: (host: string) => boolean): boolean {
  if (!URL.canParse(origin)) return false
  const url = new URL(origin)
  // An origin is written one way only: whatever else stands in the text makes it none.
  return /^https?:$/.test(url.protocol) && url.origin === origin && holds(url.hostname)
}
