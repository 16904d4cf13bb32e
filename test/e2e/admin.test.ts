// An operator by their account: who it is, is read from Users with every call and from no token.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountClient, accountsOf, newcomer } from './accounts.ts'
import { type Client, clientOf } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

const ADMIN_KEY = 'posta_admin_of_this_test'
const SEND_KEY = 'posta_sender_of_this_test'
const entry = (scope: string, key: string) => `${scope}:${scope}:${createHash('sha256').update(key).digest('hex')}`

onEachWiring('an admin by account', (wiringOf) => {
  const [boss, impostor] = [newcomer(), newcomer()]
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  beforeAll(async () => {
    wiring = await wiringOf()
    worker = await wiring.start({
      LIMITS: 'off',
      ADMIN_EMAILS: [boss.email.toUpperCase(), impostor.email].join(','),
      POSTA_API_KEYS: [entry('admin', ADMIN_KEY), entry('send', SEND_KEY)].join(','),
    })
    client = clientOf(worker.url)
    people = accountsOf(client)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })
  const stats = (token: string | null) =>
    client.ask<{ code?: string; total_sent?: number }>('/v1/admin/stats', {
      headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    })

  it('sees the figures, and nobody else does', async () => {
    const admin = await people.verified(boss)
    const unproved = await people.signedUp(impostor)
    const other = await people.verified()
    expect((await stats(admin.access)).body.total_sent).toBeGreaterThan(0)
    expect((await stats(ADMIN_KEY)).status).toBe(200)
    for (const token of [unproved.access, other.access, SEND_KEY]) {
      expect(await stats(token)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    }
    for (const token of [null, 'x', 'posta_unknown']) expect((await stats(token)).status).toBe(401)
  })

  it('is one no more the moment the session ends', async () => {
    const { body } = await people.login(boss.email)
    expect((await stats(body.access_token)).status).toBe(200)
    await people.send('POST', '/v1/auth/logout-all', body.access_token)
    expect((await stats(body.access_token)).status).toBe(401)
  })

  it('has everything examined that is wired here', async () => {
    const { status, body } = await client.ask<{ providers: object[]; store: object; scheduler: object }>(
      '/v1/admin/doctor',
      {
        method: 'POST',
        headers: { Authorization: `Bearer ${ADMIN_KEY}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ to: boss.email }),
      },
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({
      providers: [{ name: 'inbox', answer: 'accepted', failure: null }],
      store: { name: worker.backends ? 'redis' : 'sqlite' },
      scheduler: { name: worker.backends ? 'qstash' : 'alarm', answer: 'ok' },
    })
  })

  it('reads the record of a message, as a service does', async () => {
    const { body } = await people.login(boss.email)
    const nobody = await client.ask(`/v1/messages/msg_${'0'.repeat(36)}`, {
      headers: { Authorization: `Bearer ${body.access_token}` },
    })
    expect(nobody.status).toBe(404)
  })
})
