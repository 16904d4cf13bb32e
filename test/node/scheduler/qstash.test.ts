// The QStash scheduler against a fake QStash over HTTP: the contract, what it asks for, and what it makes of every answer.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { errorFields } from '../../../lib/log.ts'
import { Fault } from '../../../lib/outcome/fault.ts'
import type { Waiting } from '../../../lib/ports/row.ts'
import { qstashScheduler } from '../../../lib/scheduler/qstash.ts'
import { type Ring, schedulerContract } from '../../contract/scheduler.ts'
import { type Qstash, type QstashMode, startQstash } from '../../fakes/qstash.ts'

/** A Worker that does its work at once, and notes what woke it. */
async function startWorker() {
  const rings: Ring[] = []
  const server = createServer(async (request, response) => {
    const { id } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { id: string }
    rings.push({ id, at: Date.now() })
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, rings, close }
}

// The SDK's own habit is to write every failure to the console, and warnings about its environment.
const METHODS = ['log', 'info', 'warn', 'error'] as const
beforeEach(() => {
  for (const method of METHODS) vi.spyOn(console, method)
})
afterEach(() => {
  for (const method of METHODS) expect(console[method]).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

describe('the scheduler contract on QStash', () =>
  schedulerContract(async () => {
    const [qstash, worker] = await Promise.all([startQstash(), startWorker()])
    const { url, token } = qstash
    return {
      scheduler: qstashScheduler({ url, token, publicUrl: worker.url }),
      rings: () => worker.rings,
      asked: () => qstash.requests().length,
      break: (isBroken) => qstash.mode(isBroken ? 'down' : 'ok'),
      close: () => Promise.all([qstash.close(), worker.close()]),
    }
  }))

describe('the QStash scheduler', () => {
  const NOW = Date.now() + 3_600_000
  const PUBLIC_URL = 'https://posta.example'
  let qstash: Qstash

  beforeAll(async () => {
    qstash = await startQstash()
  })
  beforeEach(() => {
    qstash.reset()
    qstash.hold()
  })
  afterAll(() => qstash.close())

  const scheduler = (changes: { url?: string; timeoutMs?: number; now?: () => number } = {}) =>
    qstashScheduler({ url: qstash.url, token: qstash.token, publicUrl: PUBLIC_URL, ...changes })
  const row = (n: number, dueAt = NOW): Waiting => ({ id: `msg_${n}`, generation: 7, dueAt })
  const faultOf = async (wake: Promise<void>) => {
    const error = await wake.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(Fault)
    return error as Fault
  }

  const asked = (n: number) => ({
    'content-type': 'application/json',
    'upstash-method': 'POST',
    'upstash-deduplication-id': `msg_${n}-7`,
    'upstash-retries': '3',
    'upstash-retry-delay': '10000 * pow(2, retried)',
    'upstash-failure-callback': `${PUBLIC_URL}/hooks/qstash/failed`,
    'upstash-label': 'posta-wake',
  })

  it('publishes one row by its id and generation alone', async () => {
    await scheduler().wake([row(1, NOW + 1)])
    expect(qstash.requests()).toHaveLength(1)
    const { method, path, headers, body } = qstash.requests()[0]!
    expect([method, path, body]).toEqual([
      'POST',
      `/v2/publish/${PUBLIC_URL}/hooks/qstash/deliver`,
      '{"id":"msg_1","generation":7}',
    ])
    // Upstash's alone: the rest is the connection's.
    const upstash = Object.fromEntries(
      Object.entries(headers).filter(([name]) => /^(upstash-|content-type)/.test(name)),
    )
    expect(upstash).toEqual({ ...asked(1), 'upstash-not-before': String(Math.ceil((NOW + 1) / 1_000)) })
    expect(headers.authorization).toBe(`Bearer ${qstash.token}`)
    expect(headers['user-agent']).toMatch(/^posta\//)
  })

  it('publishes several in one batch, those due without an instant', async () => {
    await scheduler({ now: () => NOW }).wake([row(1, NOW - 5), row(2, NOW), row(3, NOW + 1_000)])
    expect(qstash.requests().map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v2/batch'])
    expect(JSON.parse(qstash.requests()[0]!.body)).toEqual(
      [1, 2, 3].map((n) => ({
        destination: `${PUBLIC_URL}/hooks/qstash/deliver`,
        body: JSON.stringify({ id: `msg_${n}`, generation: 7 }),
        headers: { ...asked(n), ...(n === 3 && { 'upstash-not-before': String(Math.ceil((NOW + 1_000) / 1_000)) }) },
      })),
    )
  })

  it('costs money, and looks ten minutes ahead', () => {
    expect(scheduler()).toMatchObject({ free: false, horizonMs: 600_000 })
  })

  it('takes a duplicate for an answer', async () => {
    await scheduler().wake([row(1)])
    await scheduler().wake([row(1)])
    await scheduler().wake([row(1), row(2)])
    expect(qstash.published()).toHaveLength(4)
    expect(qstash.waiting().map((one) => one.deduplicationId)).toEqual(['msg_1-7', 'msg_2-7'])
  })

  const ONCE_MORE: [QstashMode, string][] = [
    ['down', 'QstashLost'],
    ['lose_answer', 'QstashLost'],
    ['error500', 'QstashHttp500'],
  ]
  const AT_ONCE: [QstashMode, string][] = [
    ['hang', 'QstashTimeout'],
    ['throttle', 'QstashHttp429'],
    ['unauthorized', 'QstashHttp401'],
  ]

  it.each([...ONCE_MORE, ...AT_ONCE])('%s is a Fault whose log line names %s and nothing else', async (mode, name) => {
    qstash.mode(mode)
    const fault = await faultOf(scheduler({ timeoutMs: 300 }).wake([row(1)]))
    expect(errorFields(fault)).toEqual({ error: name, port: 'scheduler' })
    const said = [fault.message, fault.stack, String(fault.cause), JSON.stringify(fault)].join()
    expect(said).not.toMatch(/msg_1|generation|qstash_|authenticate/)
    expect(qstash.requests()).toHaveLength(ONCE_MORE.some(([one]) => one === mode) ? 2 : 1)
  })

  it.each(ONCE_MORE)('%s is tried once more, and leaves one message', async (mode) => {
    qstash.mode(mode, 1)
    await scheduler().wake([row(1)])
    expect(qstash.requests()).toHaveLength(2)
    expect(qstash.waiting()).toHaveLength(1)
  })

  it('is a Fault when a part of a batch was refused, after one more try; what was taken is taken once', async () => {
    qstash.mode('half')
    const fault = await faultOf(scheduler().wake([row(1), row(2), row(3)]))
    expect(errorFields(fault).error).toBe('QstashPartial')
    expect(qstash.requests()).toHaveLength(2)
    qstash.mode('ok')
    await scheduler().wake([row(1), row(2), row(3)])
    expect(qstash.waiting()).toHaveLength(3)
  })

  it('waits no longer than its time, whatever is repeated', async () => {
    qstash.mode('hang')
    const startedAt = performance.now()
    await faultOf(scheduler({ timeoutMs: 200 }).wake([row(1), row(2)]))
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('is a Fault where nobody listens, or an answer is no QStash’s', async () => {
    const html = createServer((_, response) => void response.end('<html>'))
    await new Promise<void>((resolve) => html.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(html.address() as AddressInfo).port}`
    expect(errorFields(await faultOf(scheduler({ url }).wake([row(1)]))).error).toBe('QstashPartial')
    html.closeAllConnections()
    await new Promise((resolve) => html.close(resolve))
    expect(errorFields(await faultOf(scheduler({ url }).wake([row(1)]))).error).toBe('QstashLost')
  })

  it('asks the configured server with the configured token whatever the environment says', async () => {
    vi.stubEnv('QSTASH_DEV', 'true')
    vi.stubEnv('QSTASH_URL', 'http://127.0.0.1:1')
    vi.stubEnv('QSTASH_TOKEN', 'of somebody else')
    vi.stubEnv('QSTASH_REGION', 'US_EAST_1')
    await scheduler().wake([row(1)])
    vi.unstubAllEnvs()
    expect(qstash.published()).toHaveLength(1)
  })
})
