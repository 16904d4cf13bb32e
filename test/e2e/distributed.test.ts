// What only the distributed wiring can show: Redis and QStash down, doubled, late, and what each step costs there.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { startMailVendors } from '../fakes/mail-vendors.ts'
import { redisMissing, startUpstash } from '../fakes/upstash.ts'
import { type Client, clientOf, codeIn, KEY, person, until, wrongCode } from './client.ts'
import { distributed, type Wiring } from './wirings.ts'
import { startWorker } from './worker.ts'

let wiring: Wiring
beforeAll(async () => {
  if (redisMissing === null) wiring = await distributed()
})
afterAll(() => wiring?.close())

type Test = Pick<TestContext, 'onTestFinished'>

/** A Worker over backends and vendors of its own, for as long as the test. */
async function started({ onTestFinished }: Test, vars: Record<string, string> = {}) {
  const vendors = await startMailVendors()
  onTestFinished(vendors.close)
  const resend = { EMAIL_PROVIDERS: 'resend', RESEND_API_KEY: 're_test', RESEND_BASE_URL: `${vendors.url}/resend` }
  const worker = await wiring.start({ LIMITS: 'off', ...resend, ...vars })
  onTestFinished(worker.stop)
  if (!worker.backends) throw new Error('the distributed wiring has backends')
  return { worker, client: clientOf(worker.url), vendors, ...worker.backends }
}

/** Requests of the store while something is done; background work is given time to end. */
async function tripsOf<T>(
  upstash: { requests: () => number; reset: () => void },
  what: () => Promise<T>,
): Promise<number> {
  upstash.reset()
  await what()
  await sleep(300)
  return upstash.requests()
}

describe.skipIf(redisMissing !== null)(`Redis and QStash${redisMissing ? ` (${redisMissing})` : ''}`, () => {
  it('costs one trip to accept, one to check, one to settle, one command for an idle sweep, and no QStash message', async (test) => {
    const { worker, client, upstash, qstash, vendors } = await started(test)
    // Redis learns each script with its first use, which costs a second request.
    const { body: warm } = await client.open(person(), { Prefer: 'wait=3' })
    await client.check(warm.challenge_id, '000000')
    const to = person()
    let id = ''
    // Admitted already claimed: the delivery in the same invocation adds its settlement only.
    const trips = await tripsOf(upstash, async () => {
      id = (await client.open(to, { Prefer: 'wait=3' })).body.challenge_id
    })
    expect(trips).toBe(2)
    const code = codeIn(vendors.accepted().find((mail) => mail.to === to)?.text ?? '')
    expect(await tripsOf(upstash, () => client.check(id, wrongCode(code)))).toBe(1)
    expect(await tripsOf(upstash, () => client.check(id, code))).toBe(1)
    expect(await tripsOf(upstash, () => worker.sweep())).toBe(1)
    expect(qstash.requests()).toHaveLength(0)
  })

  it('costs two trips for a delivery, and one more for a further provider', async (test) => {
    const vendors = await startMailVendors()
    test.onTestFinished(vendors.close)
    const sendgrid = {
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_BASE_URL: `${vendors.url}/sendgrid`,
      EMAIL_PROVIDERS: 'resend,sendgrid',
    }
    const { client, upstash, vendors: first } = await started(test, sendgrid)
    await client.open(person(), { Prefer: 'wait=3' })
    first.mode('resend', 'error500', 1)
    expect(await tripsOf(upstash, () => client.open(person(), { Prefer: 'wait=3' }))).toBe(3)
  })

  it('answers 503 with Retry-After while Redis is down, and nothing is half-done', async (test) => {
    const { client, upstash, vendors } = await started(test)
    const to = person()
    const opened = await client.open(to, { Prefer: 'wait=3' })
    const code = codeIn(vendors.accepted()[0]?.text ?? '')
    for (const kind of ['down', 'readonly'] as const) {
      upstash.mode({ kind })
      const other = person()
      for (const answer of [await client.open(other), await client.check(opened.body.challenge_id, code)]) {
        expect(answer).toMatchObject({ status: 503, body: { code: 'store_unavailable' } })
        expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0)
      }
      upstash.mode({ kind: 'ok' })
      expect((await client.open(other, { Prefer: 'wait=3' })).status).toBe(201)
    }
    expect((await client.check(opened.body.challenge_id, code)).status).toBe(200)
    expect(vendors.accepted()).toHaveLength(3)
  })

  it('does nothing twice for a client that repeats a 503 under its Idempotency-Key', async (test) => {
    const { client, upstash, vendors } = await started(test)
    const to = person()
    const key = { 'Idempotency-Key': crypto.randomUUID() }
    // Redis knows the script after this: what follows is not stopped by having to send it.
    await client.open(person(), { Prefer: 'wait=3' })
    // Redis does the work, and every answer of it arrives in half.
    upstash.mode({ kind: 'half' })
    expect((await client.open(to, key)).status).toBe(503)
    upstash.mode({ kind: 'ok' })
    const again = await client.open(to, key)
    expect(again.status).toBe(201)
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect((await client.open(to)).status).toBe(429)
    expect(vendors.accepted().filter((mail) => mail.to === to).length).toBeLessThanOrEqual(1)
  })

  it('is told the same when an answer of Redis was lost', async (test) => {
    const { client, upstash, vendors } = await started(test)
    const to = person()
    upstash.mode({ kind: 'lose_answer', times: 1 })
    const { status, body } = await client.open(to, { Prefer: 'wait=3' })
    expect(status).toBe(201)
    expect(vendors.accepted().filter((mail) => mail.to === to)).toHaveLength(1)
    const code = codeIn(vendors.accepted()[0]?.text ?? '')
    upstash.mode({ kind: 'lose_answer', times: 1 })
    expect((await client.check(body.challenge_id, wrongCode(code))).body).toMatchObject({ tries_left: 4 })
    upstash.mode({ kind: 'lose_answer', times: 1 })
    expect((await client.check(body.challenge_id, code)).status).toBe(200)
    expect((await client.check(body.challenge_id, code)).status).toBe(410)
  })

  it('takes no callback that QStash did not sign for it', async (test) => {
    const { worker, qstash, client } = await started(test)
    const { body: opened } = await client.open(person(), { Prefer: 'wait=3' })
    const url = `${worker.url}/hooks/qstash/deliver`
    const body = JSON.stringify({ id: opened.deliveries[0]?.message_id, generation: 0 })
    const call = (signature: string | null, text = body) =>
      fetch(url, { method: 'POST', headers: signature ? { 'Upstash-Signature': signature } : {}, body: text })
    expect((await call(null)).status).toBe(401)
    for (const as of ['forged', 'expired', 'other_path'] as const) {
      const signature = await qstash.sign(url, body, as)
      expect((await call(signature)).status).toBe(401)
    }
    expect((await call(await qstash.sign(`${worker.url}/hooks/qstash/failed`, body))).status).toBe(401)
    const good = await qstash.sign(url, body)
    expect((await call(good, body.replace('0', '1'))).status).toBe(401)
    // Signed, but the message has ended: there is nothing left to do. One that nobody knows is never asked for again.
    for (const answer of [await call(good), await call(good), await call(await qstash.sign(url, body, 'next'))]) {
      expect(answer.status).toBe(200)
    }
    const stranger = JSON.stringify({ id: `msg_${'0'.repeat(36)}`, generation: 0 })
    const answer = await call(await qstash.sign(url, stranger), stranger)
    expect(answer.status).toBe(489)
    expect(answer.headers.get('Upstash-NonRetryable-Error')).toBe('true')
  })

  // These wait more than they work: all at once.

  it.concurrent('leaves at once while QStash is down, and by the sweeper when that attempt was killed too', async (test) => {
    const { worker, client, qstash, vendors } = await started(test)
    qstash.mode('down')
    const healthy = await client.open(person(), { Prefer: 'wait=3' })
    expect(healthy.body.deliveries).toMatchObject([{ status: 'sent' }])
    vendors.mode('resend', 'hang', 1)
    const to = person()
    const { body } = await client.open(to)
    await until(
      async () => vendors.requests(),
      (requests) => requests.length === 2,
    )
    await worker.kill()
    const again = await worker.restart()
    test.onTestFinished(again.stop)
    await sleep(28_000)
    const id = body.deliveries[0]?.message_id ?? ''
    await until(
      async () => {
        await again.sweep()
        return clientOf(again.url).message(id)
      },
      (answer) => answer.body.status === 'sent',
      20_000,
    )
    expect(vendors.accepted().filter((mail) => mail.to === to)).toHaveLength(1)
  }, 120_000)

  it.concurrent('makes one mail of a callback delivered many times', async (test) => {
    const { client, qstash, vendors } = await started(test)
    qstash.copies(5)
    vendors.mode('resend', 'error500', 2)
    const to = person()
    const { body } = await client.open(to)
    await until(
      () => client.message(body.deliveries[0]?.message_id ?? ''),
      (answer) => answer.body.status === 'sent',
      30_000,
    )
    expect(qstash.published().length).toBeGreaterThan(0)
    await sleep(1_000)
    expect(qstash.deliveries().length).toBeGreaterThan(2)
    expect(vendors.accepted().filter((mail) => mail.to === to)).toHaveLength(1)
  }, 60_000)

  it.concurrent('drains what waited while nothing was sent, more than one sweep may do, without waiting for the next', async (test) => {
    const { worker, client, qstash, vendors } = await started(test, { SENDING: 'off' })
    // No wake of theirs comes: the sweeper alone has them.
    qstash.mode('down')
    const people = Array.from({ length: 60 }, () => person())
    for (const to of people) expect((await client.open(to)).status).toBe(201)
    await worker.stop()
    const again = await worker.restart({ SENDING: 'on' })
    test.onTestFinished(again.stop)
    await again.sweep()
    await until(
      async () => new Set(vendors.accepted().map((mail) => mail.to)).size,
      (n) => n === people.length,
      20_000,
    )
    expect(vendors.accepted()).toHaveLength(people.length)
  }, 90_000)

  it.concurrent('works with Redis and without QStash: the alarm is the clock', async (test) => {
    const upstash = await startUpstash()
    const vendors = await startMailVendors()
    test.onTestFinished(upstash.close)
    test.onTestFinished(vendors.close)
    const resend = { RESEND_API_KEY: 're_test', RESEND_BASE_URL: `${vendors.url}/resend`, LIMITS: 'off' }
    const worker = await startWorker({
      UPSTASH_REDIS_REST_URL: upstash.url,
      UPSTASH_REDIS_REST_TOKEN: upstash.token,
      ...resend,
    })
    test.onTestFinished(worker.stop)
    const client = clientOf(worker.url)
    expect(await client.ask('/ready', { headers: KEY })).toMatchObject({ body: { store: 'redis', scheduler: 'alarm' } })
    await retriedByItself(client, vendors)
  }, 60_000)
})

async function retriedByItself(client: Client, vendors: Awaited<ReturnType<typeof startMailVendors>>) {
  vendors.mode('resend', 'error500', 1)
  const { body } = await client.open(person())
  await until(
    () => client.message(body.deliveries[0]?.message_id ?? ''),
    (answer) => answer.body.status === 'sent',
    15_000,
  )
}
