// IPs as limits know them: an IPv4 address whole, of an IPv6 address the /64 that one customer has.

/** e.g. `203.0.113.7` or `2001:db8:1:2`; null when it is not an IP. IPv4-mapped IPv6 counts as IPv4. */
export function ipPrefix(text: string): string | null {
  if (isIpv4(text)) return text
  const groups = ipv6Groups(text)
  if (!groups) return null
  const [, , , , , mapped, high = 0, low = 0] = groups
  if (mapped === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  }
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}

/** The eight 16-bit groups, or null. */
function ipv6Groups(text: string): number[] | null {
  // The platform's own parser knows every form of RFC 4291 and answers the canonical one.
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !URL.canParse(`http://[${text}]`)) return null
  const host = new URL(`http://[${text}]`).hostname.slice(1, -1)
  const [left = '', right] = host.split('::')
  const head = left ? left.split(':') : []
  const tail = right ? right.split(':') : []
  const zeros = right === undefined ? 0 : 8 - head.length - tail.length
  return [...head, ...Array<string>(zeros).fill('0'), ...tail].map((group) => Number.parseInt(group, 16))
}
