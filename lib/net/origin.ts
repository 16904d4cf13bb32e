// Where a call came from, as far as it is kept: enough for people to know their own sessions, too little to name anybody.
import { ipPrefix } from './ip.ts'

/** The network of an IP: `203.0.113.0/24`, `2001:db8:1::/48`; null when it is not an IP. IPv4-mapped IPv6 counts as IPv4. */
export function truncatedIp(ip: string): string | null {
  const prefix = ipPrefix(ip)
  if (prefix === null) return null
  if (prefix.includes('.')) return prefix.replace(/\d+$/, '0/24')
  const groups = prefix.split(':').slice(0, 3).join(':')
  // RFC 5952: what is zero up to the end belongs to the `::`.
  return `${groups.replace(/(?:(?:^|:)0)+$/, '')}::/48`
}

/** The first that fits: most browsers also say that they are another one. */
const PROGRAMS: [name: string, pattern: RegExp][] = [
  ['Edge', /Edg(?:e|A|iOS)?\//],
  ['Opera', /OPR\/|OPiOS\/|OPT\/|Opera/],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Firefox', /Firefox\/|FxiOS\//],
  ['Chrome', /Chrome\/|CriOS\//],
  ['Internet Explorer', /MSIE |Trident\//],
  ['Safari', /Mac OS X.*Safari\//],
  ['curl', /^curl\//],
  ['Wget', /^Wget\//],
  ['Postman', /^PostmanRuntime\//],
  ['Python', /^(?:python-|Python\/|aiohttp)/],
  ['Go', /^Go-http-client\//],
  ['Node.js', /^(?:node|undici|axios)\b/],
  ['OkHttp', /^okhttp\//],
  ['Dart', /^Dart\//],
]

/** Android says that it is Linux, iOS that it is like macOS, and Windows Phone that it is both. */
const SYSTEMS: [name: string, pattern: RegExp][] = [
  ['Windows', /Windows/],
  ['Android', /Android/],
  ['iOS', /iPhone|iPad|iPod/],
  ['ChromeOS', /CrOS/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux|X11/],
]

/** No browser says more; a longer header is somebody's play. */
const AGENT_MAX = 512

/**
 * `Firefox, Windows`, `Safari, iOS`, `curl`, or `Other`; null when nothing was told. Only ever words of these tables: nothing
 * of the header itself reaches a store or a page.
 */
export function agentFamily(userAgent: string | null): string | null {
  const told = userAgent?.trim().slice(0, AGENT_MAX)
  if (!told) return null
  const first = (table: [string, RegExp][]) => table.find(([, pattern]) => pattern.test(told))?.[0]
  const [program, system] = [first(PROGRAMS), first(SYSTEMS)]
  if (program === undefined) return 'Other'
  return system === undefined ? program : `${program}, ${system}`
}
