// What QStash reads from a publish, and when it tries again: https://upstash.com/docs/qstash/features/retry

export type Headers = Record<string, string>

export const lowerCase = (headers: Iterable<[string, unknown]>): Headers =>
  Object.fromEntries([...headers].map(([name, value]) => [name.toLowerCase(), String(value)]))

/** One publish as it was asked for. */
export interface Published {
  messageId: string
  url: string
  method: string
  /** As they came, `upstash-*` and all, lower case. */
  headers: Headers
  body: string
  /** Epoch ms; null = at once. */
  notBefore: number | null
  retries: number
  /** Expression in ms; null = the default. */
  retryDelay: string | null
  failureCallback: string | null
  callback: string | null
  deduplicationId: string | null
  label: string | null
  at: number
}

export interface Refused {
  status: number
  error: string
}

const SECOND = 1_000
const DAY_SECONDS = 86_400
/** The free plan's longest delay. */
const DELAY_MAX_MS = 7 * DAY_SECONDS * SECOND

/** `10s`, `1m`, `1d10h30m` in seconds; null when it is no such thing. */
function seconds(text: string): number | null {
  const parts = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(text)
  if (!parts || text === '') return null
  const [d, h, m, s] = parts.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number]
  return d * DAY_SECONDS + h * 3_600 + m * 60 + s
}

const refused = (error: string, status = 400): Refused => ({ status, error })

/** `headers` in lower case. */
export function readPublish(
  messageId: string,
  url: string,
  headers: Headers,
  body: string,
  now: number,
): Published | Refused {
  if (!/^https?:\/\//.test(url)) {
    return refused('invalid destination url: endpoint has invalid scheme, add http:// or https://')
  }
  const deduplicationId = headers['upstash-deduplication-id'] ?? null
  if (deduplicationId?.includes(':')) return refused("DeduplicationId cannot contain ':'")
  const delay = headers['upstash-delay'] === undefined ? 0 : seconds(headers['upstash-delay'])
  if (delay === null) return refused('invalid delay')
  const instant = headers['upstash-not-before']
  if (instant !== undefined && !/^\d+$/.test(instant)) return refused('invalid notBefore')
  const notBefore = instant !== undefined ? Number(instant) * SECOND : delay > 0 ? now + delay * SECOND : null
  if (notBefore !== null && notBefore - now > DELAY_MAX_MS) return refused('max delay exceeded', 412)
  const retries = headers['upstash-retries'] ?? '3'
  if (!/^\d+$/.test(retries)) return refused('invalid retries')
  const retryDelay = headers['upstash-retry-delay'] ?? null
  if (retryDelay !== null && evaluate(retryDelay, 0) === null) return refused('invalid retry delay')
  return {
    messageId,
    url,
    method: headers['upstash-method'] ?? 'POST',
    headers,
    body,
    notBefore,
    retries: Number(retries),
    retryDelay,
    failureCallback: headers['upstash-failure-callback'] ?? null,
    callback: headers['upstash-callback'] ?? null,
    deduplicationId,
    label: headers['upstash-label'] ?? null,
    at: now,
  }
}

const FUNCTIONS = ['pow', 'sqrt', 'abs', 'exp', 'floor', 'ceil', 'round', 'min', 'max'] as const
const EXPRESSION = new RegExp(String.raw`^(?:\d+(?:\.\d+)?|retried|${FUNCTIONS.join('|')}|[-+*/(),\s])+$`)

/** Ms an `Upstash-Retry-Delay` gives for the retry after `retried` earlier ones; null when it is no expression. */
export function evaluate(expression: string, retried: number): number | null {
  if (!EXPRESSION.test(expression)) return null
  try {
    const value: unknown = new Function('retried', ...FUNCTIONS, `return (${expression})`)(
      retried,
      ...FUNCTIONS.map((name) => Math[name]),
    )
    return typeof value === 'number' && value >= 0 ? value : null
  } catch {
    return null
  }
}

const RESETS = ['retry-after', 'x-ratelimit-reset', 'x-ratelimit-reset-requests', 'x-ratelimit-reset-tokens']

/** Ms until the retry after `retried` earlier ones: what the answer asked for, the message's own rule, or the default. */
export function waitMs(message: Pick<Published, 'retryDelay'>, retried: number, answer: Headers, now: number): number {
  for (const name of RESETS) {
    const text = answer[name]
    if (text === undefined) continue
    const asked = /^\d+$/.test(text) ? Number(text) : (seconds(text) ?? (Date.parse(text) - now) / SECOND)
    // More than a day is not believed.
    if (asked >= 0 && asked <= DAY_SECONDS) return asked * SECOND
  }
  const own = message.retryDelay === null ? null : evaluate(message.retryDelay, retried)
  return own ?? Math.min(DAY_SECONDS, Math.exp(2.5 * (retried + 1))) * SECOND
}
