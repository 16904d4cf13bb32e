// Hosts that only this machine or this network can mean: what development trusts.

/** `localhost`, its subdomains, 127.0.0.0/8 and ::1 (RFC 6761 §6.3, RFC 6890); a host as `URL` writes it. */
export const isLoopbackHost = (host: string): boolean => /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(host)

/** Private and link-local addresses (RFC 1918, 3927, 4193, 4291), and names of multicast DNS (RFC 6762). */
export const isLanHost = (host: string): boolean =>
  /^(?:10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}|169\.254(?:\.\d+){2})$/.test(host) ||
  /^\[(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(host) ||
  /^.+\.local$/.test(host)

/** An http(s) origin of such a host, at any port. */
export const isLocalOrigin = (origin: string): boolean =>
  isOriginOf(origin, (host) => isLoopbackHost(host) || isLanHost(host))

export const isLoopbackOrigin = (origin: string): boolean => isOriginOf(origin, isLoopbackHost)

function isOriginOf(origin: string, holds: (host: string) => boolean): boolean {
  if (!URL.canParse(origin)) return false
  const url = new URL(origin)
  // An origin is written one way only: whatever else stands in the text makes it none.
  return /^https?:$/.test(url.protocol) && url.origin === origin && holds(url.hostname)
}
