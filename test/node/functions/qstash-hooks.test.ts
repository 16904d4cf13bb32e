// QStash's callbacks: who is let in, what each state of a row answers, and what QStash then does.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { qstashRoutes } from '../../../functions/hooks/qstash.ts'
import { readBytes } from '../../../functions/http/body.ts'
import { failureResponse, refusalResponse } from '../../../functions/http/problems.ts'
import type { Context } from '../../../functions/http/route.ts'
import type { Core } from '../../../lib/core.ts'
import type { LogFields } from '../../../lib/log.ts'
import { newId } from '../../../lib/names/ids.ts'
import { Fault } from '../../../lib/outcome/fault.ts'
import type { Claims, Settled, Unclaimed } from '../../../lib/ports/outbox.ts'
import type { Claimed, Waiting } from '../../../lib/ports/row.ts'
import { qstashScheduler } from '../../../lib/scheduler/qstash.ts'
import { qstashCallbacks } from '../../../lib/scheduler/qstash-signature.ts'
import { type Qstash, startQstash } from '../../fakes/qstash.ts'
import { SIGNATURES, type SignAs } from '../../fakes/qstash-jwt.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const ID = newId('msg', Date.now(), random)
const WAKE = { id: ID, generation: 3 }
const ended: Settled = { kind: 'ended', status: 'failed', alert: null, released: [] }

/** A row whose payload nobody can open: one attempt, no provider called. */
const claimedRow = {
  ...{ id: ID, token: 'lease', intent: 'inbox', providers: ['inbox'], sealed: 'kid.seal', leaseUntil: 0 },
  ...{ plan: '', class: 'security', channel: 'email' },
} as Claimed
const taken: Claims = { claimed: [claimedRow], unclaimed: [] }
const left = (state: Unclaimed): Claims => ({ claimed: [], unclaimed: [state] })

let qstash: Qstash
let worker: { url: string; close: () => Promise<unknown> }
/** What the store is going to say; one entry a claim, the last one repeats. */
let claims: (Claims | Error)[]
let settled: Settled | Error
let sending: boolean
let isConfigured: boolean
let claimed: string[][]
let woken: Waiting[][]
let logged: [string, string, LogFields | undefined][]

const say = <T>(answer: T | Error | undefined): Promise<T> =>
  answer instanceof Error || !answer ? Promise.reject(answer ?? new Error('nothing to say')) : Promise.resolve(answer)

const core = () =>
  ({
    store: {
      outbox: {
        claim: (what: { ids: string[] }) => {
          claimed.push(what.ids)
          return say(claims.length > 1 ? claims.shift() : claims[0])
        },
        settle: () => say(settled),
      },
    },
    scheduler: { free: false, horizonMs: 600_000, wake: async (rows: Waiting[]) => void woken.push(rows) },
    providers: [],
    keys: { kids: ['kid'], open: async () => null },
    sleep: async () => {},
    policy: { sending },
    log: (level: string, event: string, fields?: LogFields) => void logged.push([level, event, fields]),
    now: Date.now,
    random,
  }) as unknown as Core

/** The two routes on a server, with what createApp does of a refusal and of a Fault. */
async function startWorker() {
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await incoming.toArray())
    const headers = incoming.headers as Record<string, string>
    const request = new Request(`${worker.url}${incoming.url}`, { method: 'POST', headers, body })
    const route = qstashRoutes.find((one) => one.path === incoming.url)
    const { current: currentKey, next: nextKey } = qstash.keys
    const keys = { currentKey, nextKey, publicUrl: worker.url, now: Date.now, log: () => {} }
    const deps = { core: core(), qstash: isConfigured ? qstashCallbacks(keys) : null }
    const context = { deps, request, requestId: 'req_1', locale: 'en' } as unknown as Context
    const bytes = () => readBytes(request, 256 * 1024)
    const answer = await route?.handle(context, { params: undefined, query: undefined, body: undefined, bytes }).then(
      (result) =>
        result.ok ? new Response(null, { status: result.value.status }) : refusalResponse(result.refusal, context),
      (error: unknown) =>
        error instanceof Fault
          ? failureResponse('unavailable', context, 'failed', 2_000)
          : failureResponse('internal_error', context),
    )
    if (!answer) throw new Error('no such route')
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

beforeAll(async () => {
  // The default backoff of 12 s becomes 12 ms.
  qstash = await startQstash({ timeScale: 1_000 })
  worker = await startWorker()
})
beforeEach(() => {
  qstash.reset()
  claims = [taken]
  settled = ended
  sending = true
  isConfigured = true
  claimed = []
  woken = []
  logged = []
})
afterAll(() => Promise.all([qstash.close(), worker.close()]))

async function callback(path: string, body: string, as: SignAs = 'current') {
  const signature = qstash.sign(`${worker.url}${path}`, body, as)
  const headers = { 'Content-Type': 'application/json', ...(signature !== null && { 'Upstash-Signature': signature }) }
  const answer = await fetch(`${worker.url}${path}`, { method: 'POST', headers, body })
  const { status } = answer
  const text = await answer.text()
  return { status, retryAfter: answer.headers.get('Retry-After'), headers: answer.headers, text }
}
const deliver = (body: unknown = WAKE, as?: SignAs) => callback('/hooks/qstash/deliver', JSON.stringify(body), as)

describe('a callback', () => {
  it.each(SIGNATURES.filter((as) => as !== 'current' && as !== 'next'))(
    'signed as %s is 401, before anything is read',
    async (as) => {
      for (const path of ['/hooks/qstash/deliver', '/hooks/qstash/failed']) {
        for (const body of [JSON.stringify(WAKE), '{', '']) {
          const { status, text, headers } = await callback(path, body, as)
          expect([status, JSON.parse(text).code]).toEqual([401, 'signature_invalid'])
          expect(headers.get('Content-Type')).toBe('application/problem+json')
        }
      }
      expect(claimed).toEqual([])
      expect(logged).toEqual([])
    },
  )

  it.each<SignAs>(['current', 'next'])('signed by the %s key is taken', async (as) => {
    expect((await deliver(WAKE, as)).status).toBe(200)
    expect(claimed).toEqual([[ID]])
  })

  it('signed for one route is not good for the other', async () => {
    const body = JSON.stringify(WAKE)
    const signature = qstash.sign(`${worker.url}/hooks/qstash/failed`, body) ?? ''
    const init = { method: 'POST', headers: { 'Upstash-Signature': signature }, body }
    expect((await fetch(`${worker.url}/hooks/qstash/deliver`, init)).status).toBe(401)
  })

  it('of more bytes than QStash ever sends is not read', async () => {
    expect((await deliver({ ...WAKE, more: 'x'.repeat(300_000) })).status).toBe(401)
  })

  it('is 404 where QStash is not configured', async () => {
    isConfigured = false
    expect((await deliver()).status).toBe(404)
    expect((await callback('/hooks/qstash/failed', '{}')).status).toBe(404)
  })
})

describe('POST /hooks/qstash/deliver', () => {
  const soon = () => Date.now() + 9_500
  const at = (dueAt: number, generation: number) => left({ id: ID, why: 'later', generation, dueAt })

  it.each<[string, () => Claims | Error, number, string | null]>([
    ['attempted, whatever the provider said', () => taken, 200, null],
    ['leased by another', () => left({ id: ID, why: 'leased', until: soon() }), 503, '10'],
    ['under a lease that ends right now', () => left({ id: ID, why: 'leased', until: Date.now() }), 503, '1'],
    ['called too early', () => at(soon(), WAKE.generation), 503, '10'],
    ['called for an older generation, or behind an open breaker', () => at(soon(), WAKE.generation + 1), 200, null],
    ['ended', () => left({ id: ID, why: 'ended', status: 'cancelled' }), 200, null],
    ['unknown', () => left({ id: ID, why: 'missing' }), 489, null],
    ['in a store that does not answer', () => new Fault('store'), 503, '2'],
    ['met by a bug', () => new TypeError('x'), 500, null],
  ])('a row that is %s', async (_, claim, status, retryAfter) => {
    claims = [claim()]
    const answer = await deliver()
    expect([answer.status, answer.retryAfter]).toEqual([status, retryAfter])
    expect(answer.headers.get('Upstash-NonRetryable-Error')).toBe(status === 489 ? 'true' : null)
    expect(answer.text).not.toContain(ID)
  })

  it('answers 503 with a lease of time when the store fails in the middle, or the lease was lost', async () => {
    for (const said of [new Fault('store'), { kind: 'lost' } as const]) {
      settled = said
      expect(await deliver()).toMatchObject({ status: 503, retryAfter: '30' })
    }
  })

  it.each([
    ['no JSON', '{'],
    ['empty', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['without id', '{"generation":1}'],
    ['without generation', JSON.stringify({ id: ID })],
    ['with another kind of id', JSON.stringify({ ...WAKE, id: newId('ch', 0, random) })],
    ['with an id of ours cut short', JSON.stringify({ ...WAKE, id: ID.slice(0, -1) })],
    ['with a negative generation', JSON.stringify({ ...WAKE, generation: -1 })],
    ['with half a generation', JSON.stringify({ ...WAKE, generation: 0.5 })],
  ])('answers 489 to a body that is %s, asking no store', async (_, body) => {
    const answer = await callback('/hooks/qstash/deliver', body)
    expect([answer.status, answer.headers.get('Upstash-NonRetryable-Error')]).toEqual([489, 'true'])
    expect(claimed).toEqual([])
  })

  it('answers 503 and claims nothing while SENDING is off: the wake is kept', async () => {
    sending = false
    expect(await deliver()).toMatchObject({ status: 503, retryAfter: '60' })
    expect(claimed).toEqual([])
  })

  it('wakes a row that is due later by its own generation', async () => {
    const dueAt = soon()
    claims = [at(dueAt, WAKE.generation + 1)]
    await deliver()
    expect(woken).toEqual([[expect.objectContaining({ id: ID, generation: WAKE.generation + 1, dueAt })]])
  })
})

describe('POST /hooks/qstash/failed', () => {
  const told = (status: number, sourceBody: unknown = WAKE) =>
    JSON.stringify({ status, dlqId: '1-0', sourceBody: Buffer.from(JSON.stringify(sourceBody)).toString('base64') })

  it('logs one error line with the id of the message', async () => {
    expect((await callback('/hooks/qstash/failed', told(503))).status).toBe(200)
    expect(logged).toEqual([['error', 'wake_given_up', { message_id: ID, status: 503 }]])
  })

  it('is no error when we said so ourselves', async () => {
    expect((await callback('/hooks/qstash/failed', told(489))).status).toBe(200)
    expect(logged).toEqual([['info', 'wake_given_up', { message_id: ID, status: 489 }]])
  })

  it.each(['', '{', '{}', '{"status":503,"sourceBody":"%%%"}', told(503, { id: 'ana@example.com', generation: 1 })])(
    'answers 489 to %j and logs nothing of it',
    async (body) => {
      expect((await callback('/hooks/qstash/failed', body)).status).toBe(489)
      expect(logged).toEqual([])
    },
  )
})

describe('QStash and we', () => {
  const wake = (generation: number) =>
    qstashScheduler({ url: qstash.url, token: qstash.token, publicUrl: worker.url }).wake([
      { id: ID, generation, dueAt: Date.now() },
    ])

  it('come back after a lease of another, and deliver', async () => {
    claims = [left({ id: ID, why: 'leased', until: Date.now() + 20_000 }), new Fault('store'), taken]
    await wake(3)
    await qstash.idle()
    expect(qstash.deliveries().map(({ status, retried }) => [status, retried])).toEqual([
      [503, 0],
      [503, 1],
      [200, 2],
    ])
    expect(qstash.deadLetters()).toEqual([])
  })

  it('give up after three retries, and one line says so', async () => {
    claims = [new Fault('store')]
    await wake(3)
    await qstash.idle()
    expect(qstash.deliveries().map(({ status }) => status)).toEqual([503, 503, 503, 503, 200])
    expect(qstash.deadLetters()).toHaveLength(1)
    expect(logged).toEqual([['error', 'wake_given_up', { message_id: ID, status: 503 }]])
  })

  it('do not come back for what has ended', async () => {
    claims = [left({ id: ID, why: 'ended', status: 'sent' })]
    await wake(3)
    await qstash.idle()
    expect(qstash.deliveries().map(({ status }) => status)).toEqual([200])
    expect(qstash.deadLetters()).toEqual([])
    expect(logged).toEqual([])
  })

  it('come back in time when QStash was early', async () => {
    claims = [left({ id: ID, why: 'later', generation: 3, dueAt: Date.now() + 3_000 }), taken]
    await wake(3)
    await qstash.idle()
    expect(qstash.deliveries().map(({ status }) => status)).toEqual([503, 200])
  })

  it('keep nothing but ids: no address, no code, no key in what QStash stored', async () => {
    claims = [new Fault('store'), taken]
    await wake(3)
    await qstash.idle()
    for (const { body } of qstash.published()) expect(Object.keys(JSON.parse(body))).toEqual(['id', 'generation'])
    expect(qstash.dump()).not.toContain(qstash.keys.current)
    expect(qstash.dump()).not.toContain(qstash.keys.next)
  })
})
