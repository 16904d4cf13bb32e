// One JSON line per event, from an allow-list of fields: what is not on the list cannot reach a log.
import { Fault } from './outcome/fault.ts'
import { failureOf } from './rules/failure.ts'

/** Fields that may be logged. None of them can hold an address, a code, a token, a key or a body. */
export interface LogFields {
  request_id?: string | undefined
  method?: string | undefined
  /** The route's pattern, never the path: ids in paths are capabilities. */
  route?: string | undefined
  status?: number | undefined
  duration_ms?: number | undefined
  code?: string | null | undefined
  message_id?: string | undefined
  user_id?: string | undefined
  provider?: string | undefined
  outcome?: string | undefined
  attempt?: number | undefined
  state?: string | undefined
  count?: number | undefined
  port?: string | undefined
  error?: string | undefined
  /** Why, in a word of ours. */
  reason?: string | undefined
  /** A URL of our own, without anything that a request brought. */
  expected?: string | undefined
  /** Of a page that called: a host name and perhaps a port, nothing else. */
  host?: string | undefined
  /** Of settings: names and reasons, never a value. */
  problems?: { variable: string; message: string }[] | undefined
}

export type Level = 'info' | 'warn' | 'error'

export type Log = (level: Level, event: string, fields?: LogFields) => void

const ALLOWED: readonly (keyof LogFields)[] = [
  'request_id',
  'method',
  'route',
  'status',
  'duration_ms',
  'code',
  'message_id',
  'user_id',
  'provider',
  'outcome',
  'attempt',
  'state',
  'count',
  'port',
  'error',
  'reason',
  'expected',
  'host',
  'problems',
]

/** What a provider said gets a `failure` beside its `code`: one of a few words, whoever the vendor is. */
export function jsonLog(write: (line: string) => void, now: () => number): Log {
  return (level, event, fields = {}) => {
    const line: Record<string, unknown> = { at: new Date(now()).toISOString(), level, event }
    // Copied by name, so that a wider object passed by mistake loses the rest here.
    for (const name of ALLOWED) if (fields[name] !== undefined && fields[name] !== null) line[name] = fields[name]
    if (fields.provider && fields.code) line.failure = failureOf(fields.code)
    write(JSON.stringify(line))
  }
}

/** Each event once in `ms` at most, for what strangers can cause as often as they like. An isolate counts for itself. */
export function seldom(log: Log, ms: number, now: () => number): Log {
  const last = new Map<string, number>()
  return (level, event, fields) => {
    if (now() - (last.get(event) ?? Number.NEGATIVE_INFINITY) < ms) return
    last.set(event, now())
    log(level, event, fields)
  }
}

/** An error as the log may have it: its class and port. Messages of vendors and runtimes may quote what was sent. */
export function errorFields(error: unknown): LogFields {
  if (error instanceof Fault) {
    return { error: error.cause instanceof Error ? error.cause.name : 'Fault', port: error.port }
  }
  return { error: error instanceof Error ? error.name : typeof error }
}
