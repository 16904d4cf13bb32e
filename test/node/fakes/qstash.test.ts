// The fake QStash keeps to its documentation: when it tries again, what it gives up, whom it tells.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from '@upstash/qstash'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Qstash, startQstash } from '../../fakes/qstash.ts'
import { evaluate, readPublish, waitMs } from '../../fakes/qstash-message.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')

describe('the wait before a retry', () => {
  const wait = (retried: number, answer = {}, retryDelay: string | null = null) =>
    Math.round(waitMs({ retryDelay }, retried, answer, NOW) / 1_000)

  it.each([
    [0, 12],
    [1, 148],
    [2, 1_808],
    [3, 22_026],
    [4, 86_400],
  ])('after %s retries is %s s by default', (retried, seconds) => {
    expect(wait(retried)).toBe(seconds)
  })

  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': 'Sun, 22 Nov 2026 10:01:00 GMT' }, 60],
    [{ 'x-ratelimit-reset-requests': '6m5s' }, 365],
    [{ 'retry-after': '90000' }, 12],
    [{ 'retry-after': 'soon' }, 12],
  ])('is what the answer %j asks for, up to a day', (answer, seconds) => {
    expect(wait(0, answer)).toBe(seconds)
  })

  it.each([
    ['10000 * pow(2, retried)', 2, 40_000],
    ['min(60000, 1000 * (1 + retried))', 4, 5_000],
    ['process.exit(1)', 0, null],
    ['pow(2', 0, null],
  ])('may be an expression: %s', (expression, retried, ms) => {
    expect(evaluate(expression, retried)).toBe(ms)
  })
})

describe('a publish', () => {
  const read = (headers: Record<string, string>, url = 'https://a.example/x') =>
    readPublish('msg_1', url, headers, '{}', NOW)
  it.each([
    [{ 'upstash-deduplication-id': 'a:b' }, "DeduplicationId cannot contain ':'"],
    [{ 'upstash-not-before': String(NOW) }, 'max delay exceeded'],
    [{ 'upstash-not-before': 'noon' }, 'invalid notBefore'],
    [{ 'upstash-delay': 'soon' }, 'invalid delay'],
    [{ 'upstash-retry-delay': 'x' }, 'invalid retry delay'],
  ])('with %j is refused', (headers, error) => {
    expect(read(headers)).toMatchObject({ error })
  })
  it('needs an http destination', () => {
    expect(read({}, 'posta.example')).toMatchObject({ status: 400 })
  })
  it('reads not-before in seconds, which outranks a delay', () => {
    const seconds = String(NOW / 1_000 + 60)
    expect(read({ 'upstash-delay': '1m30s' })).toMatchObject({ notBefore: NOW + 90_000 })
    expect(read({ 'upstash-not-before': seconds, 'upstash-delay': '5s' })).toMatchObject({ notBefore: NOW + 60_000 })
  })
})

describe('the server, by the SDK', () => {
  let qstash: Qstash
  let url: string
  let answers: { status: number; headers?: Record<string, string> }[]
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    bodies.push(`${request.url} ${Buffer.concat(await request.toArray())}`)
    const { status, headers } = answers.shift() ?? { status: 200 }
    response.writeHead(status, headers).end('done')
  })

  beforeAll(async () => {
    qstash = await startQstash({ timeScale: 1_000 })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  beforeEach(() => {
    qstash.reset()
    answers = []
    bodies.length = 0
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await qstash.close()
  })

  const client = () => new Client({ baseUrl: qstash.url, token: qstash.token, devMode: false, retry: false })

  it('retries by its backoff, counting, and forgets what was delivered', async () => {
    answers = [{ status: 500 }, { status: 302 }]
    const { messageId } = await client().publishJSON({ url: `${url}/x`, body: { a: 1 } })
    expect(await client().messages.get(messageId)).toMatchObject({ messageId, url: `${url}/x` })
    await qstash.idle()
    expect(qstash.deliveries().map(({ status, retried }) => [status, retried])).toEqual([
      [500, 0],
      [302, 1],
      [200, 2],
    ])
    const [first, second, third] = qstash.deliveries().map(({ at }) => at)
    expect(second! - first!).toBeGreaterThanOrEqual(12)
    expect(third! - second!).toBeGreaterThanOrEqual(148)
  })

  it('gives up after its retries, keeps a dead letter and tells the failure callback', async () => {
    answers = [{ status: 500 }, { status: 500 }]
    await client().publishJSON({ url, body: { a: 1 }, retries: 1, failureCallback: `${url}/failed` })
    await qstash.idle()
    expect(bodies.map((body) => body.split(' ')[0])).toEqual(['/', '/', '/failed'])
    const told = JSON.parse(bodies[2]!.slice('/failed '.length))
    expect(told).toMatchObject({ status: 500, retried: 1, maxRetries: 1, url, dlqId: qstash.deadLetters()[0]!.dlqId })
    expect(atob(told.sourceBody)).toBe('{"a":1}')
    const { messages } = await client().dlq.listMessages()
    expect(messages).toMatchObject([{ responseStatus: 500, responseBody: 'done', body: '{"a":1}' }])
    await client().dlq.delete(messages[0]!.dlqId)
    expect(qstash.deadLetters()).toEqual([])
  })

  it('gives up at once on 489, but only with its header', async () => {
    answers = [{ status: 489 }, { status: 489, headers: { 'Upstash-NonRetryable-Error': 'true' } }]
    await client().publishJSON({ url, body: {} })
    await qstash.idle()
    expect(qstash.deliveries().map((one) => one.status)).toEqual([489, 489])
    expect(qstash.deadLetters()).toHaveLength(1)
  })

  it('drops duplicates, cancels, and refuses per message of a batch', async () => {
    qstash.hold()
    const one = { url, body: '{}', deduplicationId: 'a-1' }
    const first = await client().publish(one)
    expect(await client().publish(one)).toMatchObject({ messageId: first.messageId, deduplicated: true })
    const answer = await client().batch([one, { ...one, deduplicationId: 'a:1' }, { ...one, deduplicationId: 'a-2' }])
    const error = "DeduplicationId cannot contain ':'"
    expect(answer).toMatchObject([{ deduplicated: true }, { error }, { messageId: expect.any(String) }])
    await client().messages.cancel(first.messageId)
    expect(qstash.waiting()).toHaveLength(1)
  })

  it('delivers in any order, twice, late and under any signature on demand', async () => {
    qstash.hold()
    qstash.copies(2)
    for (const n of [1, 2, 3]) await client().publish({ url, body: String(n) })
    await qstash.release((held) => held.toReversed())
    expect(bodies.map((body) => body.at(-1))).toEqual(['3', '3', '2', '2', '1', '1'])
    qstash.copies(1)
    qstash.late(150)
    qstash.signAs('none')
    const startedAt = Date.now()
    await client().publish({ url, body: '4' })
    await qstash.idle()
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(150)
    expect(qstash.deliveries().at(-1)?.signature).toBeNull()
  })

  it('delivers nothing while it is down, and everything after', async () => {
    qstash.late(50)
    await client().publish({ url, body: '1' })
    qstash.mode('down')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(bodies).toEqual([])
    qstash.mode('ok')
    await qstash.idle()
    expect(bodies).toHaveLength(1)
  })

  it('shows its keys to whoever has the token', async () => {
    const get = (token: string) => fetch(`${qstash.url}/v2/keys`, { headers: { Authorization: `Bearer ${token}` } })
    expect(await (await get(qstash.token)).json()).toEqual(qstash.keys)
    expect((await get('another')).status).toBe(401)
  })
})
