// From what a handler answered to a Response, by what its route declares for that status.
import type { Context as Hono } from 'hono'
import type { AppEnv } from './env.ts'
import { rateLimitHeaders } from './rate-limit.ts'
import type { Answer, FileBody, Route, SuccessStatus } from './route.ts'

/** As the table has it, its types erased. */
interface Erased {
  status: SuccessStatus
  body?: unknown
  location?: string
  headers?: Record<string, string>
  usage?: Parameters<typeof rateLimitHeaders>[0]
}

export function respond(c: Hono<AppEnv>, route: Route, answer: Answer): Response {
  const { status, body, location = '', headers, usage } = answer as Erased
  const all = { 'Cache-Control': 'no-store', ...rateLimitHeaders(usage ?? []), ...headers }
  const shape = route.answers[status]
  switch (shape) {
    case 'html':
    case 'text':
      return c.body(body as string, status as 200, {
        'Content-Type': `text/${shape === 'text' ? 'plain' : 'html'}; charset=utf-8`,
        ...all,
      })
    case 'file':
      return file(c, status, body as FileBody, all)
    case 'redirect':
      return c.body(null, status as 303, { ...all, Location: location })
    case null:
    case undefined:
      return c.body(null, status, all)
    default:
      return c.json(body as object, status as 200, all)
  }
}

function file(c: Hono<AppEnv>, status: SuccessStatus, body: FileBody, headers: Record<string, string>): Response {
  const { bytes, contentType, filename } = body
  // RFC 6266: the encoded form alone, so that no name can end the header.
  const saved = filename === undefined ? 'inline' : `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`
  return c.body(bytes, status as 200, { 'Content-Type': contentType, 'Content-Disposition': saved, ...headers })
}
