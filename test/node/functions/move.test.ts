// The operators' side of a move: /ready counts what is left in the object, /v1/admin/move copies what does not end by itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, service } from '../../fakes/service.ts'
import type { Sqlite } from '../../fakes/sqlite.ts'
import { type Supabase, startSupabase } from '../../fakes/supabase.ts'
import { redisMissing, startUpstash, type Upstash } from '../../fakes/upstash.ts'

interface Moved {
  copied: number
  conflicts: object[]
  remaining: number
  cursor: string | null
  store: string
  users: string
}

const suite = redisMissing === null ? 'a deployment that moves' : `a deployment that moves (skipped: ${redisMissing})`

it('has nothing to move while everything has one home', async () => {
  const posta = service()
  expect((await posta.get('/ready')).body).toMatchObject({ store: 'sqlite', moving: null })
  const { status, body } = await posta.post<Moved>('/v1/admin/move', {})
  expect([status, body]).toEqual([
    200,
    { copied: 0, conflicts: [], remaining: 0, cursor: null, store: 'sqlite', users: 'sqlite' },
  ])
})

describe.skipIf(redisMissing !== null)(suite, () => {
  let [upstash, supabase]: [Upstash | undefined, Supabase | undefined] = [undefined, undefined]
  beforeAll(async () => {
    ;[upstash, supabase] = await Promise.all([startUpstash(), startSupabase()])
  }, 60_000)
  afterAll(() => Promise.all([upstash?.close(), supabase?.close()]))

  const after = (objects: Map<string, Sqlite>): Service =>
    service(
      {
        UPSTASH_REDIS_REST_URL: upstash?.url ?? '',
        UPSTASH_REDIS_REST_TOKEN: upstash?.token ?? '',
        SUPABASE_URL: supabase?.url ?? '',
        SUPABASE_SERVICE_ROLE_KEY: supabase?.serviceKey ?? '',
      },
      objects,
    )

  it('says what is left, copies the accounts, and refuses a cursor that it did not give', async () => {
    const objects = new Map<string, Sqlite>()
    const before = service({}, objects)
    await before.person({ username: 'ana' })
    await before.person({ username: 'luis' })
    const note = { template: 'note', to: 'eva@example.com', data: { text: 'Hello' } }
    const soon = new Date(before.now() + 3_600_000).toISOString()
    const key = { 'Idempotency-Key': 'one' }
    const sent = await before.post<{ messages: { id: string }[] }>('/v1/messages', { ...note, send_at: soon }, key)
    expect(sent.status).toBe(202)
    const code = { to: { email: 'eva@example.com' }, purpose: 'login' }
    const opened = await before.post<{ challenge_id: string }>('/v1/challenges', code)
    await before.settled()

    const posta = after(objects)
    const left = { messages: 1, challenges: 1, sessions: 2, accounts: 2 }
    expect((await posta.get('/ready')).body).toMatchObject({ store: 'redis', users: 'supabase', moving: left })
    // Asked again with the same key: the message of before, not a second one.
    const again = await posta.post<{ messages: { id: string }[] }>('/v1/messages', { ...note, send_at: soon }, key)
    expect(again.body.messages[0]?.id).toBe(sent.body.messages[0]?.id)
    expect(await posta.post('/v1/messages', note, key)).toMatchObject({ body: { code: 'idempotency_mismatch' } })
    expect(await posta.get(`/v1/challenges/${opened.body.challenge_id}`)).toMatchObject({ body: { status: 'pending' } })

    expect(await posta.post('/v1/admin/move', { cursor: 'x' })).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ path: 'cursor' }] },
    })
    const first = await posta.post<Moved>('/v1/admin/move', {})
    expect(first.body).toMatchObject({ copied: 2, conflicts: [], remaining: 0, cursor: 'marks:', users: 'supabase' })
    const last = await posta.post<Moved>('/v1/admin/move', { cursor: first.body.cursor })
    expect(last.body).toMatchObject({ copied: 0, remaining: 0, cursor: null, store: 'redis' })
    posta.pass(1_000)
    expect((await posta.get('/ready')).body).toMatchObject({ moving: { ...left, accounts: 0 } })

    const { body: cancelled } = await posta.post(`/v1/messages/${sent.body.messages[0]?.id}/cancel`, {})
    expect(cancelled).toMatchObject({ status: 'cancelled' })
    posta.pass(40 * 24 * 3_600_000)
    expect((await posta.get('/ready')).body).toMatchObject({ moving: null })
  })
})
