// Checks on URLs that settings and callers name.

const parse = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null)

/** http(s), no credentials, no fragment. */
export function isBaseUrl(text: string): boolean {
  const url = parse(text)
  return !!url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash
}

/** An http(s) origin: nothing after the host but an optional slash. */
export function isOrigin(text: string): boolean {
  const url = parse(text)
  return !!url && isBaseUrl(text) && url.pathname === '/' && !url.search
}
