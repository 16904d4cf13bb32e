// Origins as settings name them and as browsers send them.

/** http(s), nothing after the host but an optional slash, and no credentials. */
function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return false
  return url.pathname === '/' && !url.search && !url.hash
}

/**
 * An origin as a setting names it: exact, or with `*.` before a host of two labels or more, in place of exactly one
 * label. null for anything else; otherwise as `matchesOrigin` takes it.
 */
export function originPattern(text: string): string | null {
  const [, scheme = '', rest = text] = /^(https?:\/\/)\*\.(.+)$/i.exec(text) ?? []
  const exact = `${scheme}${rest}`
  if (exact.includes('*') || !isOrigin(exact)) return null
  const { protocol, host, hostname, origin } = new URL(exact)
  if (scheme === '') return origin
  const isName = hostname.includes('.') && /\.[a-z][a-z0-9-]*$/.test(hostname)
  return isName ? `${protocol}//*.${host}` : null
}

/** `origin` as a browser sends it: `https://*.vercel.app` matches `https://my-app.vercel.app`, no deeper and no shallower one. */
export function matchesOrigin(pattern: string, origin: string): boolean {
  const [start = '', end] = pattern.split('*')
  if (end === undefined) return pattern === origin
  const label = origin.slice(start.length, origin.length - end.length)
  return origin.startsWith(start) && origin.endsWith(end) && /^[a-z0-9_-]+$/.test(label)
}

/** Host of an origin that a stranger sent, `app.example.com:8443`; undefined when it is none, or odd or long. */
export function hostOf(origin: string): string | undefined {
  const host = isOrigin(origin) ? new URL(origin).host : ''
  return /^[a-z0-9.:[\]_-]{1,100}$/.test(host) ? host : undefined
}
