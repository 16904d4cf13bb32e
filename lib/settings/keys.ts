// Settings that are keys of other services. A key of the wrong kind is accepted by nobody, and what the vendor then says
// names no variable: so whatever can be known from how a key looks is known here.
import { fromBase64, fromUtf8 } from '../bytes.ts'
import { plainOf, type Read, Wrong } from './readers.ts'

/** What keys are, and how they look. The first that fits is what a text is taken for. */
const KINDS: [what: string, looks: RegExp][] = [
  ['a Resend API key', /^re_/],
  ['a SendGrid API key', /^SG\./],
  ['a Mailgun API key', /^key-/],
  ['a public Mailgun key', /^pubkey-/],
  ['a QStash signing key', /^sig_/],
  ['a publishable Supabase key', /^sb_publishable_/],
  ['a secret Supabase key', /^sb_secret_/],
  ['a webhook secret', /^(?:v1,)?whsec_/],
  ['an API key of posta', /^posta_/],
  ['an entry of POSTA_API_KEYS', /:(?:send|admin):[0-9a-f]{64}/],
  ['a Twilio account', /^AC[0-9a-f]{32}$/],
  ['a Stripe key', /^[spr]k_(?:live|test)_/],
  ['a JSON web token', /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/],
  ['a URL', /^[a-z]+:\/\//i],
  ['an e-mail address', /^[^@]+@[^@]+\.[^@]+$/],
]

const kindOf = (text: string): string | undefined => KINDS.find(([, looks]) => looks.test(text))?.[0]

/** A text somebody was to replace. */
const PLACEHOLDER = /^<.*>$|\.\.\.|…|^(?:your|change|replace)[-_ ]?(?:me|this|key|token|secret|api)/i

/** One word that a header can carry; anything else makes the request fail before it leaves. */
export const word: Read<string> = (text) => {
  if (PLACEHOLDER.test(text)) return new Wrong('holds a placeholder, not a key')
  if (/^Bearer\s/i.test(text)) return new Wrong('must be the key alone, without Bearer')
  if (!/^[\x21-\x7e]+$/.test(text) || /["'`]/.test(text)) {
    return new Wrong('must be one word of plain letters and signs: no spaces, line ends or quotes')
  }
  return text
}

/**
 * A key of this kind, which begins with `begins` where the vendor's keys have a common beginning.
 *
 *     RESEND_API_KEY: optional(key('a Resend API key', 're_'))
 */
export const key =
  (what: string, begins = ''): Read<string> =>
  (text) => {
    const kind = kindOf(text)
    if (kind !== undefined && kind !== what) return new Wrong(`must be ${what}; this is ${kind}`)
    const found = word(text)
    if (found instanceof Wrong) return found
    if (!text.startsWith(begins)) return new Wrong(`must be ${what}, which begins with ${begins}`)
    return text.length > begins.length ? text : new Wrong(`must go on after ${begins}`)
  }

/** What the project signs tokens with: bytes of any kind, so a space is no mistake. */
export const sharedSecret: Read<string> = (text) => {
  const kind = kindOf(text)
  if (kind !== undefined) return new Wrong(`must be the shared secret of tokens; this is ${kind}`)
  return plainOf(32, Number.POSITIVE_INFINITY, 'must have at least 32 characters')(text)
}

/** The claims of a JWT, unverified; null when it is none. */
function claimsOf(text: string): { role?: unknown; ref?: unknown } | null {
  const [, payload, signature] = text.split('.')
  const bytes = payload && signature !== undefined ? fromBase64(payload) : null
  try {
    const claims: unknown = bytes && JSON.parse(fromUtf8(bytes))
    return typeof claims === 'object' ? claims : null
  } catch {
    return null
  }
}

/** A secret key of Supabase, or the older JWT of the role that may do everything. */
export const supabaseServiceKey: Read<string> = (text) => {
  if (text.startsWith('sb_secret_')) return key('a secret Supabase key', 'sb_secret_')(text)
  const claims = claimsOf(text)
  if (!claims) return key('a secret key of Supabase or the JWT of its service_role', 'sb_secret_')(text)
  if (claims.role === 'service_role') return word(text)
  // Only names we know are repeated.
  const role = ['anon', 'authenticated'].find((one) => one === claims.role)
  return new Wrong(`must be the key of service_role; this is one of ${role ?? 'another role'}`)
}

/** True when a service key says itself that it is of another project than the URL. */
export function isOfAnotherProject(url: string, serviceKey: string): boolean {
  const [, project] = /^https:\/\/([a-z0-9]+)\.supabase\.co$/.exec(url) ?? []
  const ref = claimsOf(serviceKey)?.ref
  return project !== undefined && typeof ref === 'string' && ref !== project
}

/**
 * True for a token of Upstash Redis that may only read. A token is base64: one byte of kind (1 may write, 2 may only read)
 * and the number that ends the database's host name. No page says so, so all of it has to fit.
 */
export function isReadOnlyToken(url: string, token: string): boolean {
  const [, number] = /-(\d+)\.(?:upstash\.io|kv\.vercel-storage\.com)$/.exec(new URL(url).hostname) ?? []
  const bytes = fromBase64(token)
  if (number === undefined || !bytes || bytes.length < 8) return false
  return bytes[0] === 2 && (bytes[1] ?? 0) * 256 + (bytes[2] ?? 0) === Number(number)
}
