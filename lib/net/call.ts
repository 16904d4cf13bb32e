// The one way out to a vendor: a bounded HTTP call that never throws and never logs.
import { fromUtf8, joined } from '../bytes.ts'
import { RETRY_AFTER_MAX_MS } from '../rules/numbers.ts'

/** Equals package.json's; a test holds the two together. */
export const VERSION = '0.1.0'
/** workerd sends none of its own, and Resend answers 403 to a call without one. */
export const USER_AGENT = `posta/${VERSION}`

export interface Call {
  url: string
  method: string
  headers: Record<string, string> | Headers
  body?: string | FormData | Uint8Array<ArrayBuffer>
}

export interface Bounds {
  /** From the first byte out to the last byte in. */
  timeoutMs: number
  /** The answer's body is read so far and no further. */
  maxBytes: number
}

/**
 * `answered`: a status line was seen; `body` is what arrived of it within the bounds, cut where it grew too large,
 * stalled or broke off; `json` is undefined when `body` is no JSON.
 * `lost`: no answer; a refused, a dropped and an unresolved connection look the same in workerd.
 * `unsent`: nothing left: what was to be sent is no request, or the platform lets this invocation call nobody any more.
 */
export type Called =
  | { kind: 'answered'; status: number; headers: Headers; body: string; json: unknown }
  | { kind: 'timeout' }
  | { kind: 'lost' }
  | { kind: 'unsent' }

/** What workerd throws when an invocation has made all the calls its plan allows: https://developers.cloudflare.com/workers/platform/limits/#subrequests */
const SPENT = /too many subrequests/i

/**
 * Calls once, within bounds; every end is a value.
 *
 *     const called = await call({ url, method: 'POST', headers, body }, { timeoutMs: 8_000, maxBytes: 65_536 })
 *     if (called.kind === 'answered' && called.status === 200) …
 */
export async function call({ url, method, headers, body }: Call, { timeoutMs, maxBytes }: Bounds): Promise<Called> {
  const sent = headersOf(headers)
  if (!sent) return { kind: 'unsent' }
  const signal = AbortSignal.timeout(timeoutMs)
  let response: Response
  try {
    // A redirect from an API is an error, and following it would hand our key to somebody else.
    response = await fetch(url, { method, headers: sent, body: body ?? null, redirect: 'manual', signal })
  } catch (error) {
    if (error instanceof Error && SPENT.test(error.message)) return { kind: 'unsent' }
    return { kind: signal.aborted ? 'timeout' : 'lost' }
  }
  const text = await readText(response.body, maxBytes)
  return { kind: 'answered', status: response.status, headers: response.headers, body: text, json: parseJson(text) }
}

/** null when they cannot be sent: a line break in one, a character that no header has. */
function headersOf(headers: Call['headers']): Headers | null {
  try {
    const sent = new Headers(headers)
    sent.set('User-Agent', USER_AGENT)
    return sent
  } catch {
    return null
  }
}

async function readText(stream: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<string> {
  if (stream === null) return ''
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  try {
    for (let left = maxBytes; left > 0; ) {
      const { done, value } = await reader.read()
      if (done) return fromUtf8(joined(chunks))
      chunks.push(value.subarray(0, left))
      left -= value.byteLength
    }
  } catch {
    // The status is known: what is missing of the body does not make it unknown.
  }
  reader.cancel().catch(() => {})
  return fromUtf8(joined(chunks))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `Retry-After` in ms from `now` (RFC 9110 §10.2.3: seconds or an HTTP-date), at most an hour; null without a usable one. */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get('Retry-After')?.trim() ?? ''
  if (/^\d+$/.test(value)) return waitMs(now + Number(value) * 1_000, now)
  return value.endsWith(' GMT') ? waitMs(Date.parse(value), now) : null
}

/** Ms from `now` until the instant `at`: 0 when it has passed, at most an hour; null when `at` is NaN. */
export function waitMs(at: number, now: number): number | null {
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now, 0), RETRY_AFTER_MAX_MS)
}

/** Text that goes into a header or a subject: whatever could end the line becomes a space. */
export function headerText(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
