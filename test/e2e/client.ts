// What a backend does with posta, as plain HTTP.
import { setTimeout as sleep } from 'node:timers/promises'
import { holdToDeclared } from './declared.ts'

export const KEY = { Authorization: 'Bearer posta_development' }
const JSON_TYPE = { 'Content-Type': 'application/json' }

export interface Answer<T = Record<string, unknown>> {
  status: number
  headers: Headers
  body: T
}

export interface Sends {
  challenge_id: string
  expires_at: string
  resend_after: string
  deliveries: { channel: string; message_id: string; status: string }[]
}

export interface MessageBody {
  id: string
  status: string
  ambiguous: boolean
  to_masked: string | null
  attempts: { provider: string; at: string; outcome: string; code: string | null; duration_ms: number }[]
  events: { at: string; type: string; provider: string | null }[]
}

export function clientOf(url: string) {
  async function ask<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
    const response = await fetch(`${url}${path}`, init)
    const text = await response.text()
    const body: unknown = text ? JSON.parse(text) : null
    holdToDeclared(init.method ?? 'GET', path, response.status, body)
    return { status: response.status, headers: response.headers, body: body as T }
  }
  const post = <T>(path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask<T>(path, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) })
  return {
    ask,
    post,
    open: (email: string, headers: Record<string, string> = {}, more: Record<string, unknown> = {}) =>
      post<Sends>('/v1/challenges', { to: { email }, purpose: 'login', ...more }, { ...KEY, ...headers }),
    check: (id: string, code: string, headers: Record<string, string> = {}) =>
      post<{ status?: string; code?: string; tries_left?: number }>(`/v1/challenges/${id}/check`, { code }, headers),
    resend: (id: string, headers: Record<string, string> = {}) =>
      post<Sends & { code?: string }>(`/v1/challenges/${id}/resend`, {}, headers),
    view: (id: string) => ask<Sends & { status: string }>(`/v1/challenges/${id}`),
    message: (id: string) => ask<MessageBody>(`/v1/messages/${id}`, { headers: KEY }),
    inbox: async (to: string) =>
      (
        await ask<{ messages: { id: string; text: string; subject: string; provider: string }[] }>(
          `/dev/inbox.json?to=${encodeURIComponent(to)}`,
        )
      ).body.messages,
  }
}

export type Client = ReturnType<typeof clientOf>

/** Asks again until it is true; the last answer is thrown on failure. */
export async function until<T>(what: () => Promise<T>, done: (value: T) => boolean, ms = 10_000): Promise<T> {
  const startedAt = Date.now()
  for (;;) {
    const value = await what()
    if (done(value)) return value
    if (Date.now() - startedAt > ms) throw new Error(`not within ${ms} ms; last: ${JSON.stringify(value)}`)
    await sleep(50)
  }
}

/** The first run of digits of a text part: the code. */
export const codeIn = (text: string): string => /\d+/.exec(text)?.[0] ?? ''

/** A code of the same length that is not it. */
export const wrongCode = (code: string): string => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))

export const person = (): string => `ana.${crypto.randomUUID().slice(0, 12)}@example.com`
