// The delivering half of the fake QStash: tries, retries, callbacks and dead letters of what was published.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SignAs, signature } from './qstash-jwt.ts'
import { type Headers, lowerCase, type Published, readPublish, waitMs } from './qstash-message.ts'

/** One call of a destination. */
export interface Delivery {
  messageId: string
  url: string
  body: string
  signature: string | null
  /** Earlier tries of this message. */
  retried: number
  at: number
  /** null until it answered; 0 when it never did. */
  status: number | null
  answerHeaders: Headers
  answer: string
}

export interface DeadLetter extends Delivery {
  dlqId: string
  message: Published
}

/** A message on its way; `dueAt` is that of its next try. */
interface Pending {
  message: Published
  retried: number
  dueAt: number
  /** Being tried now. */
  active: boolean
}

/** How it misbehaves. */
interface Settings {
  signAs: SignAs
  /** Every try is made so many times at once. */
  copies: number
  /** What enters or is to be retried comes so much later than asked for; negative = earlier. */
  lateMs: number
  held: boolean
  down: boolean
}

const NORMAL: Settings = { signAs: 'current', copies: 1, lateMs: 0, held: false, down: false }
const TIMEOUT_MS = 60_000
const TIMER_MAX_MS = 2 ** 31 - 1

const base64 = (text: string) => Buffer.from(text).toString('base64')
const lists = (headers: Headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))

export function createQueue({ keys, timeScale }: { keys: { current: string; next: string }; timeScale: number }) {
  const deliveries: Delivery[] = []
  const deadLetters: DeadLetter[] = []
  const pending = new Map<string, Pending>()
  const settings: Settings = { ...NORMAL }
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined

  /** Starts what is due, side by side, and looks again when the next one is. */
  function pump(): void {
    clearTimeout(timer)
    if (settings.held || settings.down || closing.signal.aborted) return
    const waiting = [...pending.values()].filter((one) => !one.active)
    for (const one of waiting) if (one.dueAt <= Date.now()) void attempt(one)
    const next = Math.min(...waiting.filter((one) => !one.active).map((one) => one.dueAt))
    if (Number.isFinite(next)) timer = setTimeout(pump, Math.min(Math.max(next - Date.now(), 1), TIMER_MAX_MS))
  }

  function enter(message: Published): void {
    const dueAt = Math.max(message.notBefore ?? 0, Date.now()) + settings.lateMs
    pending.set(message.messageId, { message, retried: 0, dueAt, active: false })
    pump()
  }

  async function attempt(one: Pending): Promise<void> {
    one.active = true
    const copies = Array.from({ length: settings.copies }, () => deliver(one.message, one.retried))
    const last = (await Promise.all(copies)).at(-1)
    one.active = false
    if (!last || closing.signal.aborted || pending.get(one.message.messageId) !== one) return
    conclude(one, last)
    pump()
  }

  async function deliver(message: Published, retried: number): Promise<Delivery> {
    const { messageId, url, body, method, headers } = message
    const signed = signature({ url, body, keys, as: settings.signAs })
    const sent: Headers = {
      'User-Agent': 'Upstash-QStash',
      'Content-Type': headers['content-type'] ?? 'application/json',
      'Upstash-Message-Id': messageId,
      'Upstash-Retried': String(retried),
    }
    if (signed !== null) sent['Upstash-Signature'] = signed
    for (const [name, value] of Object.entries(headers)) {
      const forwarded = /^upstash-forward-(.+)$/.exec(name)?.[1]
      if (forwarded) sent[forwarded] = value
    }
    const about = { messageId, url, body, signature: signed, retried, at: Date.now() }
    const one: Delivery = { ...about, status: null, answerHeaders: {}, answer: '' }
    deliveries.push(one)
    try {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(TIMEOUT_MS)])
      const response = await fetch(url, { method, headers: sent, body, redirect: 'manual', signal })
      one.answer = await response.text()
      one.answerHeaders = lowerCase(response.headers)
      one.status = response.status
    } catch {
      one.status = 0
    }
    return one
  }

  function conclude(one: Pending, last: Delivery): void {
    const { message, retried } = one
    const status = last.status ?? 0
    const isDelivered = status >= 200 && status < 300
    const isFinal = status === 489 && last.answerHeaders['upstash-nonretryable-error'] === 'true'
    if (message.callback) callBack(message.callback, message, last)
    if (!isDelivered && !isFinal && retried < message.retries) {
      one.dueAt = Date.now() + waitMs(message, retried, last.answerHeaders, Date.now()) / timeScale + settings.lateMs
      one.retried++
      return
    }
    pending.delete(message.messageId)
    if (isDelivered) return
    const dlqId = `${Date.now()}-${deadLetters.length}`
    deadLetters.push({ ...last, dlqId, message })
    if (message.failureCallback) callBack(message.failureCallback, message, last, dlqId)
  }

  /** https://upstash.com/docs/qstash/features/callbacks: an ordinary signed message of its own. */
  function callBack(url: string, message: Published, last: Delivery, dlqId?: string): void {
    const body = JSON.stringify({
      status: last.status,
      header: lists(last.answerHeaders),
      body: base64(last.answer),
      retried: last.retried,
      maxRetries: message.retries,
      sourceMessageId: message.messageId,
      url: message.url,
      method: message.method,
      sourceHeader: lists(message.headers),
      sourceBody: base64(message.body),
      notBefore: String(message.notBefore ?? message.at),
      createdAt: String(message.at),
      callerIP: '127.0.0.1',
      dlqId,
    })
    const headers = { 'content-type': 'application/json', 'upstash-retries': String(message.retries) }
    const read = readPublish(`msg_${randomUUID()}`, url, headers, body, Date.now())
    if (!('error' in read)) enter(read)
  }

  return {
    deliveries,
    deadLetters,
    pending,
    enter,
    set(changes: Partial<Settings>): void {
      Object.assign(settings, changes)
      pump()
    },
    /** Delivers what is held, due or not, one after the other in the order given; then goes on as usual. */
    async release(order: (held: Published[]) => Published[]): Promise<void> {
      for (const { messageId } of order([...pending.values()].map((one) => one.message))) {
        const one = pending.get(messageId)
        if (one && !one.active) await attempt(one)
      }
      settings.held = false
      pump()
    },
    async idle(): Promise<void> {
      while (pending.size > 0 && !closing.signal.aborted) await sleep(5)
    },
    reset(): void {
      deliveries.length = 0
      deadLetters.length = 0
      pending.clear()
      Object.assign(settings, NORMAL)
    },
    close(): void {
      closing.abort()
      clearTimeout(timer)
    },
  }
}
