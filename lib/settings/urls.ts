// Settings that are URLs: normalised where that is safe, and refused with the part that is wrong.
import { parseEmail } from '../names/address.ts'
import { originPattern } from '../net/urls.ts'
import { type Read, textThat, Wrong } from './readers.ts'

/** What is pasted instead of the URL that is asked for. */
const OTHER_SCHEMES: [RegExp, string][] = [
  [/^rediss?:/i, 'must be the REST URL, which begins with https://, not the one of redis'],
  [/^postgres(ql)?:/i, 'must be the URL of the project, which begins with https://, not the one of its database'],
]

function parsed(text: string): URL | Wrong {
  const scheme = OTHER_SCHEMES.find(([pattern]) => pattern.test(text))
  if (scheme) return new Wrong(scheme[1])
  // Without its scheme `host:8080` would be read as one, and `new URL` drops line ends from the middle.
  if (!/^https?:\/\//i.test(text)) return new Wrong('must begin with https://')
  if (/[\s\p{Cc}]/u.test(text)) return new Wrong('must not hold spaces or line ends')
  if (/[<>"'`,]|…|\.\.\./.test(text))
    return new Wrong('must be one URL, without quotes, brackets, commas or dots to fill in')
  if (!URL.canParse(text)) return new Wrong('must be a URL')
  const url = new URL(text)
  if (url.username || url.password) return new Wrong('must not hold a user name or a password')
  if (url.hash || text.includes('#')) return new Wrong('must not hold a fragment (#…)')
  return url
}

/** A URL that is called as it stands. */
export const url: Read<string> = (text) => {
  const found = parsed(text)
  return found instanceof Wrong ? found : found.href
}

/** A URL that paths are put behind: kept without the slash at its end. */
export const baseUrl: Read<string> = (text) => {
  const found = parsed(text)
  if (found instanceof Wrong) return found
  if (text.includes('?')) return new Wrong('must not hold a query (?…)')
  return found.href.replace(/\/+$/, '')
}

/** Scheme, host and port; whoever compares it with another origin compares what a browser sends. */
export const origin: Read<string> = (text) => {
  const base = baseUrl(text)
  if (base instanceof Wrong) return base
  const found = new URL(base)
  if (found.pathname !== '/') return new Wrong('must be an origin: nothing may follow the host')
  return found.origin
}

/** The origin of pages that may call, or `https://*.example.com`; see `originPattern`. */
export const page: Read<string> = (text) => {
  if (!text.includes('*')) return origin(text)
  return originPattern(text) ?? new Wrong('must be origins such as https://app.example.com or https://*.example.com')
}

/** The endpoint of a vendor's API, to which `ours` is added by us: whoever copies it from the vendor's pages copies that too. */
export const apiUrl =
  (ours: string): Read<string> =>
  (text) => {
    const base = baseUrl(text)
    if (base instanceof Wrong) return base
    const path = new URL(base).pathname
    return `${path}/`.startsWith(`${ours}/`) ? new Wrong(`must end before ${ours}, which is added to it`) : base
  }

/** A domain as mail has it behind the @. */
export const domainName = textThat(
  (text) => parseEmail(`a@${text}`)?.deliver === `a@${text}`,
  'must be a domain such as mg.example.com, without https://, path or @',
)
