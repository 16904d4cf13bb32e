// An in-memory QStash over HTTP: publish, batch, delivery with real signatures, retries, callbacks, dead letters.
// From a shell: node test/fakes/qstash.ts --port 9921
import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { type SignAs, signature } from './qstash-jwt.ts'
import { type Headers, lowerCase, type Published, readPublish } from './qstash-message.ts'
import { createQueue } from './qstash-queue.ts'

/**
 * Of the API: down: the socket dies unread, and nothing is delivered either · hang: never answered · lose_answer: taken,
 * then the socket dies · half: every second one of a batch is refused · error500, throttle, unauthorized: those answers.
 */
export type QstashMode = 'ok' | 'down' | 'hang' | 'lose_answer' | 'half' | 'error500' | 'throttle' | 'unauthorized'

export interface QstashOptions {
  port?: number
  token?: string
  keys?: { current: string; next: string }
  /** Waits between tries are divided by this; Not-Before stays an instant of the real clock. */
  timeScale?: number
}

/** One call of the API. */
export interface ApiRequest {
  method: string
  path: string
  headers: Headers
  body: string
  at: number
}

type Answer = [status: number, body: object]

const DEDUPLICATION_MS = 600_000
const random = (prefix: string) => `${prefix}_${randomBytes(18).toString('base64url')}`
const notFound = (what: string): Answer => [404, { error: `${what} not found` }]

export type Qstash = Awaited<ReturnType<typeof startQstash>>

export async function startQstash(options: QstashOptions = {}) {
  const { port = 0, token = random('qstash'), timeScale = 1 } = options
  const { keys = { current: random('sig'), next: random('sig') } } = options
  const requests: ApiRequest[] = []
  const published: Published[] = []
  const deduplicated = new Map<string, { messageId: string; at: number }>()
  const queue = createQueue({ keys, timeScale })
  let mode: QstashMode = 'ok'
  let modeLeft = 0

  function publish(url: string, headers: Headers, body: string): Answer {
    const message = readPublish(`msg_${randomUUID()}`, url, headers, body, Date.now())
    if ('error' in message) return [message.status, { error: message.error }]
    published.push(message)
    const { messageId, deduplicationId, at } = message
    const earlier = deduplicationId === null ? undefined : deduplicated.get(deduplicationId)
    if (earlier && at - earlier.at < DEDUPLICATION_MS) {
      return [202, { messageId: earlier.messageId, url, deduplicated: true }]
    }
    if (deduplicationId !== null) deduplicated.set(deduplicationId, { messageId, at })
    queue.enter(message)
    return [200, { messageId, url }]
  }

  function batch(text: string, half: boolean): Answer {
    const items = JSON.parse(text) as { destination: string; headers: Headers; body: string }[]
    const answers = items.map(({ destination, headers, body }, at) => {
      if (half && at % 2 === 1) return { error: 'internal error' }
      return publish(destination, lowerCase(Object.entries(headers)), body)[1]
    })
    return [200, answers]
  }

  function answer({ method, path, headers, body }: ApiRequest, half: boolean): Answer {
    const [route = '', id = ''] = /^\/v2\/(publish|batch|keys|dlq|messages)(?:\/(.*))?$/.exec(path)?.slice(1) ?? []
    const one = queue.pending.get(id)
    const letter = queue.deadLetters.findIndex((dead) => dead.dlqId === id)
    switch (`${method} ${route}`) {
      case 'POST publish':
        return publish(id, headers, body)
      case 'POST batch':
        return batch(body, half)
      case 'GET keys':
        return [200, keys]
      case 'GET messages':
        // Those that were delivered are gone.
        return one ? [200, { ...one.message, retried: one.retried }] : notFound('message')
      case 'DELETE messages':
        return queue.pending.delete(id) ? [200, { cancelled: 1 }] : notFound('message')
      case 'GET dlq': {
        const messages = queue.deadLetters.map(({ message, status, answer, ...dead }) => {
          return { ...message, ...dead, responseStatus: status, responseBody: answer }
        })
        return [200, { messages }]
      }
      case 'DELETE dlq':
        return letter < 0 ? notFound('dlq message') : [200, { deleted: queue.deadLetters.splice(letter, 1).length }]
      default:
        return notFound('route')
    }
  }

  /** What the mode answers without looking further. */
  function canned(current: QstashMode, { headers, body }: ApiRequest): Answer | undefined {
    if (current === 'unauthorized' || headers.authorization !== `Bearer ${token}`) {
      return [401, { error: `unable to authenticate: invalid token ${headers.authorization}` }]
    }
    if (current === 'error500') return [500, { error: `internal error at ${body}` }]
    return current === 'throttle' ? [429, { error: 'rate limit exceeded' }] : undefined
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = request
    const raw: ApiRequest = {
      method,
      path,
      headers: lowerCase(Object.entries(request.headers)),
      body: '',
      at: Date.now(),
    }
    requests.push(raw)
    const current = mode
    if (current !== 'ok' && --modeLeft <= 0) setMode('ok')
    if (current === 'down') return void request.socket.destroy()
    raw.body = Buffer.concat(await request.toArray()).toString()
    if (current === 'hang') return
    const [status, body] = canned(current, raw) ?? answer(raw, current === 'half')
    if (current === 'lose_answer') return void request.socket.destroy()
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  }

  /** `times` calls later it is ok again. */
  function setMode(next: QstashMode, times = Number.POSITIVE_INFINITY): void {
    mode = next
    modeLeft = times
    queue.set({ down: next === 'down' })
  }

  const server = createServer((request, response) => {
    // The caller gave up while it was read; nobody is left to answer.
    serve(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    keys,
    /** Every call of the API, failed ones included. */
    requests: () => requests,
    /** Every message that was asked for, duplicates included; failure callbacks are not among them. */
    published: () => published,
    /** What is still on its way, callbacks included. */
    waiting: () => [...queue.pending.values()].map((one) => one.message),
    deliveries: () => queue.deliveries,
    deadLetters: () => queue.deadLetters,
    /** Everything it ever stored, saw or was told, as text. */
    dump: () => {
      const { deliveries, deadLetters } = queue
      return JSON.stringify({ requests, published, deliveries, deadLetters }, null, 1)
    },
    mode: setMode,
    /** How deliveries are signed from now on. */
    signAs: (as: SignAs) => queue.set({ signAs: as }),
    /** A signature for a call made by hand; null for `none`. */
    sign: (url: string, body: string, as: SignAs = 'current') => signature({ url, body, keys, as }),
    /** From now on every try is made so many times at once. */
    copies: (copies: number) => queue.set({ copies }),
    /** From now on messages and retries come so much later than asked for; negative = earlier. */
    late: (lateMs: number) => queue.set({ lateMs }),
    /** Nothing is delivered until `release`. */
    hold: () => queue.set({ held: true }),
    release: (order: (held: Published[]) => Published[] = (held) => held) => queue.release(order),
    /** Resolves once nothing is on its way any more, retries and callbacks included. */
    idle: queue.idle,
    reset() {
      requests.length = 0
      published.length = 0
      deduplicated.clear()
      queue.reset()
      setMode('ok')
    },
    close() {
      queue.close()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '9921' }, token: { type: 'string' } } })
  const { url, token, keys } = await startQstash({
    port: Number(values.port),
    ...(values.token !== undefined && { token: values.token }),
  })
  console.log(`QSTASH_URL=${url}\nQSTASH_TOKEN=${token}`)
  console.log(`QSTASH_CURRENT_SIGNING_KEY=${keys.current}\nQSTASH_NEXT_SIGNING_KEY=${keys.next}`)
}
